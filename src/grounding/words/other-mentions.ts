import type { IndexedTable } from '../tables/evidence.ts'
import type { ValueMention } from './value-mentions.ts'

const words = /\b(?:others|the rest|the remaining|everyone else|everybody else|all other|the other)\b/gi

/** "Graduates borrow 141, others 118": the rows that the value before it does not name, as a value of the same column. */
export function withOthers(
  text: string,
  offset: number,
  table: IndexedTable,
  values: readonly ValueMention[],
): readonly ValueMention[] {
  const made = [...text.matchAll(words)].flatMap((match): ValueMention[] => {
    const [start, end] = [match.index + offset, match.index + match[0].length + offset]
    const value = values.findLast((mention) => mention.end <= start && mention.figure === undefined)
    if (value === undefined) return []
    const named = new Set(value.rows)
    const rows: number[] = []
    for (let row = 0; row < table.rowCount; row += 1)
      if (!named.has(row) && value.column.textOf(row) !== '') rows.push(row)
    return rows.length === 0 ? [] : [{ ...value, start, end, rows, isPart: true }]
  })
  return made.length === 0 ? values : [...values, ...made].toSorted((left, right) => left.start - right.start)
}
