import type { CellResult, DisplayItem } from '../core/result.ts'

/** Characters of one way to show a value that an item holds; what is longer is in the files of its run. */
const longest = 1_048_576

/** A cell as it is kept with its run, without representations of values that are larger than an item should be. */
export function withoutPictures(cell: CellResult | null): CellResult | null {
  if (cell === null) return null
  const results = cell.results.map(fitting)
  const isCut = results.some((result, index) => result !== cell.results[index])
  return isCut ? { ...cell, results, truncated: [...new Set([...cell.truncated, 'results'])] } : cell
}

function fitting(item: DisplayItem): DisplayItem {
  const parts = Object.entries(item)
  const kept = parts.filter(([, value]) => sizeOf(value) <= longest)
  return kept.length === parts.length ? item : { isMain: item.isMain, ...Object.fromEntries(kept) }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  return typeof value === 'object' ? JSON.stringify(value).length : 0
}
