import { closingOf } from '../text/open-blocks.ts'
import type { ReadData } from '../tools/tool.ts'

/** What a run has read of databases: when, and which of its columns policy masks. */
export class DataRead {
  #first: Date | null = null
  #last: Date | null = null
  readonly #masked = new Set<string>()

  add({ asOf, masked }: ReadData): void {
    if (this.#first === null || asOf < this.#first) this.#first = asOf
    if (this.#last === null || asOf > this.#last) this.#last = asOf
    for (const column of masked) this.#masked.add(column)
  }

  /**
   * What is said of it behind an answer, in Markdown; null where nothing was read. It depends on the statements that ran, on
   * policy and on the clock, never on a value: what was withheld, or whether anything was, does not show in it.
   */
  remark(): string | null {
    if (this.#first === null || this.#last === null) return null
    const [first, last] = [momentOf(this.#first), momentOf(this.#last)]
    const when = first === last ? `Data as of ${first}.` : `Data as of ${first} to ${last}.`
    const columns = [...this.#masked].sort().map((column) => `\`${column}\``)
    const masked = columns.length === 0 ? '' : ` Masked by policy, whatever they hold: ${columns.join(', ')}.`
    return `*${when}*${masked}`
  }

  /** The same as it is put behind these words, so that nothing that they leave open hides it. */
  behind(words: string): string | null {
    const remark = this.remark()
    if (remark === null) return null
    const closing = closingOf(words)
    return `${closing === '' ? '' : `\n${closing}`}\n\n${remark}`
  }
}

/** `2026-11-29 22:05:07 UTC` */
function momentOf(moment: Date): string {
  return `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
