import { asList, stringList, type Struct } from '../../syntax-tree.ts'
import { constantNumber, constantText } from './constants.ts'

const daysOf: Readonly<Record<string, number>> = { hour: 1 / 24, day: 1, week: 7, month: 28, year: 365 }
const millisecondsOfDay = 86_400_000

/** Rows of a `generate_series` with constant ends, over numbers or time; null where the text does not say how many. */
export function seriesRows(call: Struct): number | null {
  if (stringList(call['funcname']).at(-1) !== 'generate_series') return null
  const [from, to, step] = asList(call['args'])
  const [low, high, by = 1] = [from, to, step].map((item) => (item === undefined ? 1 : constantNumber(item)))
  if (typeof low === 'number' && typeof high === 'number' && typeof by === 'number') {
    return by === 0 ? 0 : Math.max((high - low) / by + 1, 0)
  }
  const days = (Date.parse(constantText(to) ?? '') - Date.parse(constantText(from) ?? '')) / millisecondsOfDay
  const match = /^\s*(\d+)?\s*(hour|day|week|month|year)s?\s*$/i.exec(constantText(step) ?? '')
  if (Number.isNaN(days) || match === null) return null
  return Math.abs(days) / (Number(match[1] ?? 1) * (daysOf[match[2]?.toLowerCase() ?? ''] ?? 1) || 1) + 1
}
