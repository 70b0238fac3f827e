import type { MediaLimits } from '../core/media.ts'
import { toServiceError } from '../core/errors.ts'
import { WalledMediaChecker } from '../media/media-checker.ts'
import type { Probe } from '../service/sallyport.ts'

const whitePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVQImWP4//8/AAX+Av5Y8msOAAAAAElFTkSuQmCC',
  'base64',
)

const limits: MediaLimits = {
  types: ['image/png'],
  maximumBytes: whitePixel.length,
  maximumWidth: 1,
  maximumHeight: 1,
  maximumPixels: 1,
  maximumDecompressionRatio: 1,
  maximumFrames: 1,
  metadata: 'refuse',
  mode: 're-encode',
}

/**
 * Draws one pixel anew behind a real wall. It passes also where there is none, and says what for and how to have it: no
 * picture is decoded without a wall, and everything but pictures works.
 */
export const pictureProbe: Probe = {
  name: 'Pictures are decoded behind a wall',
  sandbox: false,
  run: async (signal) => {
    await using checker = new WalledMediaChecker({
      processes: 1,
      waiting: 0,
      picturesPerProcess: 1,
      deadlineMilliseconds: 30_000,
      memoryMegabytes: 256,
    })
    try {
      const verdict = await checker.check(whitePixel, { sender: 'probe', declaredType: 'image/png', limits }, signal)
      if (verdict.kind === 'refused') return { passed: false, detail: verdict.refusal.message, fix: null }
      return { passed: true, detail: 'PNG, JPEG, GIF and WebP', fix: null }
    } catch (thrown) {
      const { message, advice } = toServiceError(thrown)
      return { passed: true, detail: `none is decoded here: ${message}. ${advice}`, fix: null }
    }
  },
}
