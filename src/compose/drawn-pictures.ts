import type { CheckedMedia, MediaLimits } from '../core/media.ts'
import { WalledMediaChecker } from '../media/media-checker.ts'

/** A chart is smaller; what is larger is opened by whoever wants to see it. */
const limits: MediaLimits = {
  types: ['image/png', 'image/jpeg'],
  maximumBytes: 4 * 1024 * 1024,
  maximumWidth: 4_096,
  maximumHeight: 4_096,
  maximumPixels: 8_000_000,
  maximumDecompressionRatio: 1_000,
  maximumFrames: 1,
  metadata: 'strip',
  mode: 're-encode',
}

/**
 * A picture drawn anew behind a wall, so that a program which decodes it as soon as it comes is given nothing that a sandbox wrote;
 * null for one that is too large or none. Rejects with `sandbox-unavailable` where this machine gives no wall.
 */
export async function drawAnew(
  { mediaType, content }: { readonly mediaType: string; readonly content: string },
  signal: AbortSignal,
): Promise<CheckedMedia | null> {
  await using checker = new WalledMediaChecker({
    processes: 1,
    waiting: 0,
    picturesPerProcess: 1,
    deadlineMilliseconds: 10_000,
    memoryMegabytes: 512,
  })
  const demand = { sender: 'terminal', declaredType: mediaType, limits }
  const verdict = await checker.check(Buffer.from(content, 'base64'), demand, signal)
  return verdict.kind === 'accepted' ? verdict.media : null
}
