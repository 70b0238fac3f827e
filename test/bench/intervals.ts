import { wilson } from '../../src/filters/evaluation/wilson.ts'

/** Wilson's 95 % interval as percentages. */
export function interval(hits: number, total: number): string {
  if (total === 0) return 'no samples'
  const rate = hits / total
  const { low, high } = wilson(hits, total)
  const percent = (value: number) => (value * 100).toFixed(rate < 0.1 ? 2 : 1)
  return `${percent(rate)} % (${percent(low)}–${percent(high)}), ${hits}/${total}`
}
