import { closest } from '../text/closest.ts'
import { sameKind, sameMeasure } from './units.ts'

/**
 * The name of a setting that a person most likely meant: what measures the same in another unit or spelling, else the
 * nearest of the same kind of unit, else the only one there is of that kind, else the nearest. null when none is near.
 */
export function suggest(word: string, names: readonly string[]): string | null {
  const [same] = sameMeasure(word, names)
  if (same !== undefined) return same
  const alike = sameKind(word, names)
  const [only, ...others] = alike
  return closest(word, alike) ?? (others.length === 0 ? only : undefined) ?? closest(word, names)
}
