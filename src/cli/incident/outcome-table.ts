import type { TableData } from '../../core/result.ts'
import { objective, patienceMilliseconds, type Outcome } from './outcome.ts'

/** The two ways that the same traffic took. */
export interface BeforeAndAfter {
  readonly without: Outcome
  readonly guarded: Outcome
}

const count = (value: number): string => value.toLocaleString('en')
const seconds = (milliseconds: number): string => `${milliseconds / 1_000} s`
const money = (millionths: number): string => (millionths / 1_000_000).toFixed(4)
const milliseconds = (value: number | null): string =>
  value === null ? `not in ${seconds(patienceMilliseconds)}` : `${count(Math.round(value))} ms`
/** Never rounded up to all of them. */
const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${(Math.floor((part / whole) * 10_000) / 100).toFixed(2)} %`

const rows: readonly (readonly [string, (outcome: Outcome) => string])[] = [
  ['requests sent', ({ sent }) => count(sent)],
  ['of them invalid', ({ invalid }) => count(invalid)],
  ['invalid ones that reached the model', ({ invalidAtModel }) => count(invalidAtModel)],
  ['answers of 500 and above', ({ serverErrors }) => count(serverErrors)],
  [`no answer in ${seconds(patienceMilliseconds)}`, ({ unanswered }) => count(unanswered)],
  ['longest queue before the model', ({ longestQueue }) => count(longestQueue)],
  ['billed for calls of the model', ({ cost }) => money(cost)],
  ['valid callers served', ({ honest }) => share(honest.served, honest.sent)],
  ['their median', ({ honest }) => milliseconds(honest.p50)],
  ['their p99', ({ honest }) => milliseconds(honest.p99)],
  [
    `objective: ${objective.servedShare * 100} % served, p99 ${seconds(objective.p99Milliseconds)}`,
    ({ isObjectiveMet }) => (isObjectiveMet ? 'met' : 'missed'),
  ],
]

/** What became of the traffic, before → after. */
export function outcomeTable({ without, guarded }: BeforeAndAfter): TableData {
  const columns = ['', 'without', 'with Sallyport'].map((name) => ({ name, type: 'text' }))
  return {
    columns,
    rows: rows.map(([name, tell]) => [name, tell(without), tell(guarded)]),
    totalRows: rows.length,
  }
}

/** The same, for programs. */
export function outcomeJson({ sent, invalid, honest, kinds, ...outcome }: Outcome) {
  return {
    requests: sent,
    invalid,
    invalid_at_model: outcome.invalidAtModel,
    server_errors: outcome.serverErrors,
    unanswered: outcome.unanswered,
    longest_queue: outcome.longestQueue,
    cost: outcome.cost,
    valid: { requests: honest.sent, served: honest.served, p50_ms: honest.p50, p99_ms: honest.p99 },
    objective_met: outcome.isObjectiveMet,
    kinds,
  }
}
