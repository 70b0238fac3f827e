import type { AnswerMark } from '../../core/answer-grounding.ts'
import type { KeptItem } from '../../core/conversations.ts'
import type { SharedItem, SharedMark, SharedMarkSource } from '../../core/shares.ts'

/** A part as it leaves to its audience, with the item that it was made of. */
export interface SharedOfKept {
  readonly kept: KeptItem
  readonly item: SharedItem
}

/**
 * The parts with the figures of their answers bound to cells of the share. A figure stays where all that it rests on is in the share and its own words
 * have stayed as they were; of every other one nothing is told, not even that it was looked at. Why it is bound to a cell holds values of rows that may not be there, and is left out.
 */
export function withMarks(parts: readonly SharedOfKept[]): readonly SharedItem[] {
  return parts.map(({ kept, item }) => {
    if (item.type !== 'message' || kept.item.type !== 'message' || kept.item.grounding === undefined) return item
    const moved = movesBetween(kept.item.content, item.text)
    const marks = kept.item.grounding.marks.flatMap((mark) => {
      const place = moved(mark)
      const sources = sourcesOf(mark, kept.run, parts)
      return place === null || sources === null ? [] : [{ ...place, verdict: mark.verdict, sources }]
    })
    return marks.length === 0 ? item : { ...item, marks }
  })
}

type Place = Pick<SharedMark, 'start' | 'end'>

/** Where words of a text are in another one that filters made of it: before their first change, or behind their last. Null for what lies between. */
function movesBetween(from: string, to: string): (place: Place) => Place | null {
  const most = Math.min(from.length, to.length)
  let before = 0
  while (before < most && from[before] === to[before]) before += 1
  let behind = 0
  while (behind < most - before && from[from.length - 1 - behind] === to[to.length - 1 - behind]) behind += 1
  const shift = to.length - from.length
  return ({ start, end }) => {
    if (start >= 0 && start < end && end <= before) return { start, end }
    if (end <= from.length && start < end && start >= from.length - behind) {
      return { start: start + shift, end: end + shift }
    }
    return null
  }
}

/** What a figure rests on, in the share; null where any of it is not there, or a figure that rests on nothing should rest on something. */
function sourcesOf(
  { sources, sourceCount, verdict }: AnswerMark,
  run: string | null,
  parts: readonly SharedOfKept[],
): readonly SharedMarkSource[] | null {
  if (verdict !== 'unsupported' && sources.length === 0) return null
  if (sourceCount > sources.length && verdict === 'contradicted') return null
  const found = sources.map(({ result, row, column }): SharedMarkSource | null => {
    const part = parts.findIndex(
      ({ kept }) =>
        kept.run === run &&
        kept.item.type === 'tool-use' &&
        kept.item.outcome.kind === 'result' &&
        kept.item.outcome.number === result,
    )
    const { kept, item } = parts[part] ?? {}
    if (item?.type !== 'call' || kept?.item.type !== 'tool-use' || kept.item.outcome.kind !== 'result') return null
    const [table] = item.tables
    const isColumn = table?.columns.some(({ name }) => name === column) === true && !table.hidden.includes(column)
    if (isColumn && row < table.rows.length) return { part, cell: { row, column } }
    // What a program has printed has no rows: its step is what it rests on.
    return kept.item.outcome.table === null ? { part, cell: null } : null
  })
  return found.every((source) => source !== null) ? found : null
}
