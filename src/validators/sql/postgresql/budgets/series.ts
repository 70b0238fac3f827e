import { asList, stringList, type Struct } from '../../syntax-tree.ts'
import { constantNumber, constantText } from './constants.ts'
import { intervalMilliseconds, intervalText } from './interval.ts'

/** Rows of a `generate_series` with constant ends, over numbers or time; null where the text does not say how many. */
export function seriesRows(call: Struct): number | null {
  if (stringList(call['funcname']).at(-1) !== 'generate_series') return null
  const [from, to, step] = asList(call['args'])
  const [low, high, by = 1] = [from, to, step].map((item) => (item === undefined ? 1 : constantNumber(item)))
  if (typeof low === 'number' && typeof high === 'number' && typeof by === 'number') {
    return by === 0 ? 0 : Math.max((high - low) / by + 1, 0)
  }
  const span = Math.abs(Date.parse(constantText(to) ?? '') - Date.parse(constantText(from) ?? ''))
  const interval = intervalMilliseconds(intervalText(step) ?? '')
  return Number.isNaN(span) || interval === null || interval === 0 ? null : span / interval + 1
}
