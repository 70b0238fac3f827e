import type { JsonValue } from '../../core/json.ts'
import type { Finding } from '../../core/verdict.ts'
import { cutText } from '../../text/cut-text.ts'

/** How many characters a value of another type than text counts for. */
const plainValue = 8

/** Counts the characters of one result and cuts what goes beyond the limit; what was cut is said, never silent. */
export class ResultCap {
  readonly #limit: number
  #left: number
  #characters = 0
  #rows = 0

  constructor(limit: number) {
    this.#limit = limit
    this.#left = limit
  }

  /** The text, or as much of it as may still be shown. */
  text(text: string): string {
    const kept = cutText(text, this.#left)
    this.#left = kept.length < text.length ? 0 : this.#left - kept.length
    this.#characters += text.length - kept.length
    return kept
  }

  /** Texts are cut, other values counted; a list or an object beyond the limit is left out whole. */
  value(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.text(value)
    const size = sizeOf(value)
    if (size > this.#left) {
      this.#characters += size
      this.#left = 0
      return null
    }
    this.#left -= size
    return value
  }

  /** The rows from the first that may still be shown. */
  rows<Row extends readonly JsonValue[]>(rows: readonly Row[]): readonly Row[] {
    for (const [index, row] of rows.entries()) {
      const size = row.reduce((sum: number, cell) => sum + sizeOf(cell), 0)
      if (size > this.#left) {
        this.#left = 0
        this.#rows += rows.length - index
        return rows.slice(0, index)
      }
      this.#left -= size
    }
    return rows
  }

  /** What was cut; null where nothing was. */
  finding(): Finding | null {
    if (this.#characters === 0 && this.#rows === 0) return null
    const cut = [
      ...(this.#rows > 0 ? [`${this.#rows.toLocaleString('en')} rows`] : []),
      ...(this.#characters > 0 ? [`${this.#characters.toLocaleString('en')} characters`] : []),
    ]
    const limit = `${this.#limit.toLocaleString('en')} characters (filters.maximum_result_characters)`
    const message = `The result was cut: ${cut.join(' and ')} beyond ${limit} were left out. Ask for less at once.`
    return { rule: 'filter/result-cut', line: 1, column: 1, message }
  }
}

function sizeOf(value: JsonValue): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return plainValue
  let size = 0
  const open: JsonValue[] = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string') size += next.length
    else if (typeof next !== 'object' || next === null) size += plainValue
    else if (Array.isArray(next)) for (const item of next) open.push(item)
    else
      for (const [key, item] of Object.entries(next)) {
        size += key.length
        open.push(item)
      }
  }
  return size
}
