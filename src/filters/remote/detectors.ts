import { createRemoteDetector, type RemoteOutcome } from './remote-detector.ts'
import type { DetectorOptions, DetectorsOptions } from './detector-options.ts'
import { createJudgeSource } from './judge-source.ts'
import { createModerationSource } from './moderation-source.ts'
import { createNemoSource } from './nemo-source.ts'
import type { RemoteFilter } from './remote-filter.ts'
import type { VerdictSource } from './verdict-source.ts'
import { createWebhookSource } from './webhook-source.ts'

export interface RemoteDetectorsOptions {
  /** Told of every check, with the configured name of the detector. */
  readonly onOutcome?: (name: string, outcome: RemoteOutcome) => void
  /** Milliseconds since any fixed point, for how long they are left alone. */
  readonly elapsed?: () => number
}

/** The detectors of `filters.detectors`, in its order. */
export function createRemoteDetectors(
  detectors: DetectorsOptions,
  { onOutcome, elapsed }: RemoteDetectorsOptions = {},
): readonly RemoteFilter[] {
  return Object.entries(detectors).map(([name, settings]) =>
    createRemoteDetector({
      name,
      settings,
      source: sourceOf(settings),
      onOutcome: (outcome) => onOutcome?.(name, outcome),
      ...(elapsed === undefined ? {} : { elapsed }),
    }),
  )
}

function sourceOf(settings: DetectorOptions): VerdictSource {
  switch (settings.kind) {
    case 'moderation':
      return createModerationSource(settings)
    case 'judge':
      return createJudgeSource(settings)
    case 'nemo':
      return createNemoSource(settings)
    case 'webhook':
      return createWebhookSource(settings)
  }
}
