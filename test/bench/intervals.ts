/** Wilson's 95 % interval as percentages. */
export function interval(hits: number, total: number): string {
  if (total === 0) return 'no samples'
  const z = 1.96
  const rate = hits / total
  const middle = (rate + (z * z) / (2 * total)) / (1 + (z * z) / total)
  const half = (z / (1 + (z * z) / total)) * Math.sqrt((rate * (1 - rate)) / total + (z * z) / (4 * total * total))
  const percent = (value: number) => (value * 100).toFixed(rate < 0.1 ? 2 : 1)
  return `${percent(rate)} % (${percent(Math.max(0, middle - half))}–${percent(Math.min(1, middle + half))}), ${hits}/${total}`
}
