import { randomBytes } from 'node:crypto'
import type { Config } from '../config/schema.ts'
import type { RecordedDecisions } from '../core/recorded-decisions.ts'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import type { DecisionRecorderOptions } from '../feedback/recording/decision-recorder.ts'
import { LiveTuning } from '../feedback/recording/live-tuning.ts'
import { createSampling } from '../feedback/recording/strata.ts'
import type { TuningTold } from '../feedback/recording/told.ts'
import { createThresholdsInForce } from '../feedback/rollouts/thresholds-in-force.ts'
import { defaultProfile } from '../filters/profile.ts'
import type { ThresholdsFor } from '../filters/pipeline/call-thresholds.ts'
import type { Storage } from '../storage/storage.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { openContentFilters, type ContentFilters } from './content-filters.ts'
import { tunedGroups } from './tuned-groups.ts'

type Told = Pick<Telemetry, 'log' | 'metrics' | 'onFilterFailure'>

/** What looks at content, by thresholds as they are in force. */
export interface TunedContent extends ContentFilters {
  readonly thresholds: ThresholdsFor
  readonly tuning: {
    /** Reads thresholds and keeps decisions until it is disposed. Rejects where the thresholds cannot be read. */
    readonly begin: (storage: Pick<Storage, 'rollouts' | 'recordedDecisions'>) => Promise<AsyncDisposable>
    /** What is worse than it should be while calls go on, for people. */
    readonly faults: () => readonly string[]
  }
}

/** Throws as `openContentFilters`. */
export function openTunedContent(config: Config, telemetry: Told & Pick<Telemetry, 'onDetectorOutcome'>): TunedContent {
  const tuning = openTuning(config, telemetry)
  return {
    ...openContentFilters(config, telemetry),
    thresholds: tuning.thresholdsFor,
    tuning: {
      begin: ({ rollouts, recordedDecisions: decisions }) => {
        const texts = config.feedback.record.texts ? textsOf(config, telemetry, decisions) : null
        return tuning.begin({ rollouts, decisions, texts })
      },
      faults: () => tuning.faults(),
    },
  }
}

/** The thresholds by which calls are decided, and what is recorded of it. Reads and keeps nothing before it is begun. */
function openTuning(config: Config, telemetry: Told): LiveTuning {
  const { complaints, record, limits } = config.feedback
  return new LiveTuning({
    inForce: createThresholdsInForce({
      profiles: { default: defaultProfile, ...config.filters.profiles },
      limits,
      groups: tunedGroups(config.gateway),
    }),
    isWatched: Object.keys(limits).length > 0,
    sampling: createSampling({ ...record, takesComplaints: complaints !== null, key: randomBytes(32) }),
    keepsTexts: record.texts,
    told: toldTo(telemetry),
    now: () => new Date(),
  })
}

/** What masks texts is loaded with the first of them. */
function textsOf(
  config: Config,
  telemetry: Told,
  decisions: RecordedDecisions,
): NonNullable<DecisionRecorderOptions['texts']> {
  const opened = onceUntilFailure(async () => {
    const { openSampleTexts } = await import('./sample-texts.ts')
    return openSampleTexts(config, { decisions, onFilterFailure: (failure) => telemetry.onFilterFailure(failure) })
  })
  return {
    mask: async (...sample) => (await opened()).mask(...sample),
    seal: async (...sample) => (await opened()).seal(...sample),
  }
}

function toldTo(telemetry: Told): TuningTold {
  const { log } = telemetry
  // A service begins to count when it begins.
  const metrics = () => telemetry.metrics.tuning
  return {
    onDecided: (decided) => metrics().decided(decided),
    onCompared: (rollout, outcome) => metrics().compared(rollout, outcome),
    onRecorded: (count) => metrics().recorded(count),
    onDropped: (what, why, count) => metrics().dropped(what, why, count),
    onState: ({ revision, problems }) => {
      metrics().state(revision, problems.length)
      log.info({ revision }, 'calls are decided by other thresholds from now on')
      for (const problem of problems) log.error({ problem }, 'a tuned threshold is not followed')
    },
    onStale: (isStale) => metrics().stale(isStale),
    onFault: (error, what) => log.warn({ error }, what),
  }
}
