import type { JsonValue } from '../../core/json.ts'
import { parseExactJson } from '../../core/exact-number.ts'
import type { AgentEvent } from '../../core/events.ts'
import type { CellResult, TableData } from '../../core/result.ts'
import { longestReference, readReference, valueNamed, type ValueReference } from './reference.ts'
import type { Resolved, ResolveReference } from './reference-stream.ts'
import { sayValue } from './say-value.ts'
import { valueOf, type ShownResult } from './value-of.ts'

type ToolResult = Extract<AgentEvent, { readonly type: 'tool-result' }>

/** A result of the run, as its reader may see it. */
export interface KeptResult extends ShownResult {
  readonly number: number
  readonly tool: ToolResult['tool']
  /** What its program printed; empty for none. */
  readonly printed: string
}

/** How much of the results of one run is kept. */
export const mostKept = { results: 200, cells: 1_000_000, characters: 2_000_000 } as const

/**
 * The results of one run, as they were screened for whoever asks, and the references that stand in what its model has read: these are data, and
 * are never filled in.
 */
export class RunResults {
  readonly #results = new Map<number, KeptResult>()
  readonly #read = new Set<string>()
  #cells = 0
  #characters = 0
  #isTruncated = false

  get all(): readonly KeptResult[] {
    return [...this.#results.values()]
  }

  /** Were results left out, because there was too much of them? */
  get isTruncated(): boolean {
    return this.#isTruncated
  }

  /** Takes a screened result. One that has no number is none that can be named. */
  add({ number, tool, table, cell }: Pick<ToolResult, 'number' | 'tool' | 'table' | 'cell'>): void {
    if (number === undefined) return
    const shown = table ?? tableOf(cell)
    const printed = cell?.stdout.text ?? ''
    this.#cells += shown === null ? 0 : shown.rows.length * shown.columns.length
    this.#characters += printed.length
    const isFull = this.#results.size >= mostKept.results
    if (isFull || this.#cells > mostKept.cells || this.#characters > mostKept.characters) {
      this.#isTruncated = true
      return
    }
    for (const text of textsOf(shown, printed)) this.read(text)
    const json = cell === null || cell.stdout.truncated ? undefined : jsonOf(printed)
    this.#results.set(number, { number, tool, table: shown, printed, ...(json === undefined ? {} : { json }) })
  }

  /** Takes a text that the model has read, or was asked. */
  read(text: string): void {
    for (let at = text.indexOf('{{'); at >= 0; at = text.indexOf('{{', at + 1)) {
      const end = text.indexOf('}}', at)
      if (end < 0) return
      const reference = end - at < longestReference ? readReference(text.slice(at, end + 2)) : null
      if (reference !== null) this.#read.add(valueNamed(reference))
    }
  }

  readonly resolve: ResolveReference = (reference) => {
    if (this.#read.has(valueNamed(reference))) return missing('it stands in what the model has read')
    const result = this.#results.get(reference.run)
    if (result === undefined) return missing(this.#whyNot(reference))
    const found = valueOf(result, reference)
    if (found.kind === 'missing') return found
    const text = sayValue(found.value, reference.form)
    return text === null
      ? missing('the value is no figure, date or name of one line')
      : { kind: 'value', text, cell: found.cell }
  }

  #whyNot({ run }: ValueReference): string {
    return this.#isTruncated
      ? `the results of this run are too large to keep all of them, run${run} among them`
      : `this run has no result run${run}`
  }
}

/** Does a result show values that can be named? */
export function hasValues({ table, cell }: Pick<ToolResult, 'table' | 'cell'>): boolean {
  const shown = table ?? tableOf(cell)
  if (shown !== null) return shown.columns.length > 0 && shown.rows.length > 0
  return cell !== null && !cell.stdout.truncated && jsonOf(cell.stdout.text) !== undefined
}

/** The last table that a program has shown. */
const tableOf = (cell: CellResult | null): TableData | null =>
  cell?.results.findLast(({ data }) => data !== undefined)?.data ?? null

/** What was printed, or its last line, where that is an object or a list of JSON. */
function jsonOf(printed: string): JsonValue | undefined {
  const text = printed.trim()
  for (const part of new Set([text, text.slice(text.lastIndexOf('\n') + 1).trim()])) {
    if (!/^[[{]/.test(part)) continue
    try {
      return parseExactJson(part)
    } catch {
      // What only begins like JSON is text.
    }
  }
  return undefined
}

function* textsOf(table: TableData | null, printed: string): Generator<string> {
  yield printed
  for (const { name } of table?.columns ?? []) yield name
  for (const row of table?.rows ?? []) {
    for (const value of row) {
      if (typeof value === 'string') yield value
      else if (typeof value === 'object' && value !== null) yield JSON.stringify(value)
    }
  }
}

const missing = (why: string): Resolved => ({ kind: 'missing', why })
