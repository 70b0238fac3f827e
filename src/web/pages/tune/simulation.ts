import type { OperatorRoutes } from '../../api/generated/operators.ts'
import type { Rate } from './points.ts'

type Answer = OperatorRoutes['GET /admin/v1/tuning/simulation']['answer']

export interface ReplayedDay {
  readonly day: string
  readonly decisions: number
  readonly before: Rate
  readonly after: Rate
}

export interface ReplayedDecision {
  readonly id: string
  readonly score: number
  readonly stratum: string
}

/** What a threshold would have come to over recorded decisions. */
export interface Simulation {
  readonly from: number
  readonly to: number
  readonly decisions: number
  readonly before: Rate
  readonly after: Rate
  /** Decisions that only one of the two acts on. */
  readonly released: number
  readonly added: number
  readonly days: readonly ReplayedDay[]
  readonly examples: { readonly added: readonly ReplayedDecision[]; readonly released: readonly ReplayedDecision[] }
}

/** Reads the figures of a replay, which are a document without a type: what is not there is not known. */
export function readSimulation({ from, to, figures }: Answer): Simulation {
  const examples = recordOf(figures['examples'])
  return {
    from,
    to,
    decisions: numberOf(figures['decisions']) ?? 0,
    before: readRate(figures['before']),
    after: readRate(figures['after']),
    released: numberOf(figures['released']) ?? 0,
    added: numberOf(figures['added']) ?? 0,
    days: listOf(figures['days']).map((day) => ({
      day: textOf(day['day']),
      decisions: numberOf(day['decisions']) ?? 0,
      before: readRate(day['before']),
      after: readRate(day['after']),
    })),
    examples: { added: decisionsOf(examples['added']), released: decisionsOf(examples['released']) },
  }
}

const decisionsOf = (value: unknown): readonly ReplayedDecision[] =>
  listOf(value).map(({ id, score, stratum }) => ({
    id: textOf(id),
    score: numberOf(score) ?? 0,
    stratum: textOf(stratum),
  }))

/** What a proposal rests on, read out of its figures. */
export interface ProposalFigures {
  readonly low: number | null
  readonly high: number | null
  readonly before: { readonly falsePositives: Rate; readonly misses: Rate }
  readonly after: { readonly falsePositives: Rate; readonly misses: Rate }
  /** The caller behind most of what is wrongly acted on, and its share; null where there is none. */
  readonly loudest: { readonly principal: string; readonly share: number } | null
}

export function readProposal(figures: Answer['figures']): ProposalFigures {
  const [interval, loudest] = [recordOf(figures['interval']), recordOf(figures['loudest'])]
  const rates = (of: Readonly<Record<string, unknown>>) => ({
    falsePositives: readRate(of['false_positives']),
    misses: readRate(of['misses']),
  })
  const share = numberOf(loudest['share'])
  return {
    low: numberOf(interval['low']),
    high: numberOf(interval['high']),
    before: rates(recordOf(figures['before'])),
    after: rates(recordOf(figures['after'])),
    loudest: share === null ? null : { principal: textOf(loudest['principal']), share },
  }
}

function readRate(value: unknown): Rate {
  const { rate, low, high } = recordOf(value)
  return { rate: numberOf(rate), low: numberOf(low) ?? 0, high: numberOf(high) ?? 1 }
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

const listOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.map(recordOf) : []
