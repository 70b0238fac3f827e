import type { Config } from '../config/schema.ts'
import { gatesOf } from '../feedback/rollouts/gates.ts'
import type { Content } from '../filters/pipeline/content.ts'
import { ReportVault } from '../gateway/privacy/vault/report-vault.ts'
import { ComplaintVault } from '../sealed/complaint-vault.ts'
import type { KeyRing } from '../sealed/key-ring.ts'
import { SampleVault } from '../sealed/sample-vault.ts'
import { createTunablePlaces, type TunablePlaces } from '../service/tuning/tunable-places.ts'
import type { OnTuningTrail, TuningParts } from '../service/tuning/parts.ts'
import type { Storage } from '../storage/storage.ts'
import { tunedGroups } from './tuned-groups.ts'

/** The places of a configuration. */
export function tunablePlaces(
  { gateway, filters, feedback }: Pick<Config, 'gateway' | 'filters' | 'feedback'>,
  content: Pick<Content, 'profiles' | 'filters'>,
): TunablePlaces {
  return createTunablePlaces({
    profiles: { ...Object.fromEntries(content.profiles), ...filters.profiles },
    limits: feedback.limits,
    groups: tunedGroups(gateway),
    named: content.profiles,
    filters: content.filters,
  })
}

interface Opened {
  readonly storage: Storage
  readonly config: Pick<Config, 'feedback'>
  readonly places: TunablePlaces
  readonly keys: () => Promise<KeyRing>
  readonly trail: OnTuningTrail
  readonly refused: TuningParts['refused']
}

/** What operators work on, over a storage that is open. */
export function tuningParts({ storage, config, places, keys, trail, refused }: Opened): TuningParts {
  const { recordedDecisions, complaints, missReports, labels, evaluationSets, proposals, rollouts } = storage
  const [comments, samples] = [new ComplaintVault(complaints, keys), new SampleVault(recordedDecisions, keys)]
  const reports = new ReportVault(missReports, keys)
  return {
    decisions: recordedDecisions,
    complaints,
    reports: missReports,
    labels,
    sets: evaluationSets,
    proposals,
    rollouts,
    places,
    gates: gatesOf(config.feedback),
    trail,
    refused,
    now: Date.now,
    texts: {
      comment: async (id) => (await comments.open(id))?.comment ?? null,
      report: async (id) => {
        const opened = await reports.open(id)
        if (opened === null) return null
        const { kind, value, context, note } = opened.text
        return [`${kind}: ${value}`, context, note].filter((part) => part !== '').join('\n')
      },
      sample: (id) => samples.open(id),
    },
  }
}
