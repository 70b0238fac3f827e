import type { FilterFinding } from '../filter.ts'

/** What stands where two stretches overlap, or in several readings, is found once, with the highest of its scores. */
export function distinctFindings(findings: readonly FilterFinding[]): FilterFinding[] {
  const known = new Map<string, FilterFinding>()
  for (const found of findings) {
    const key = `${found.part} ${found.start} ${found.end} ${found.category}`
    const other = known.get(key)
    if (other === undefined || other.score < found.score) known.set(key, found)
  }
  return [...known.values()]
}
