import type { SharedMark, SharedPart } from '../../../client/generated/shares.ts'

/** A part of a share, and the cell of it that is shown; null for all of the part. */
export interface SharedPlace {
  readonly part: number
  readonly cell: { readonly row: number; readonly column: string } | null
}

/**
 * Marks whose offsets are in the text, in order and apart from each other, and whose sources are calls of the share: a share may be as old as a service
 * that had other ones.
 */
export function marksOf(
  { text, marks }: { readonly text: string; readonly marks: readonly SharedMark[] },
  items: readonly SharedPart[],
): readonly SharedMark[] {
  const fitting: SharedMark[] = []
  for (const mark of marks.toSorted((one, other) => one.start - other.start || one.end - other.end)) {
    const isApart = mark.start >= (fitting.at(-1)?.end ?? 0) && mark.end > mark.start && mark.end <= text.length
    const isThere = mark.sources.every(({ part }) => items[part]?.type === 'call')
    if (isApart && isThere && !text.slice(mark.start, mark.end).includes('\n')) fitting.push(mark)
  }
  return fitting
}
