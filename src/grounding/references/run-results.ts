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
  /** What its program printed and showed as text; empty for none. */
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
    const printed = printedBy(cell)
    const cells = this.#cells + (shown === null ? 0 : shown.rows.length * shown.columns.length)
    const characters = this.#characters + printed.length
    const isFull = this.#results.size >= mostKept.results
    // One that is left out takes no room of those behind it.
    if (isFull || cells > mostKept.cells || characters > mostKept.characters) {
      this.#isTruncated = true
      return
    }
    this.#cells = cells
    this.#characters = characters
    const json = jsonOf(cell)
    for (const text of textsOf(shown, json, printed)) this.read(text)
    this.#results.set(number, { number, tool, table: shown, printed, ...(json === undefined ? {} : { json }) })
  }

  /** Takes a text that the model has read, or was asked. */
  read(text: string): void {
    for (let at = text.indexOf('{{'); at >= 0; at = text.indexOf('{{', at + 1)) {
      const window = text.slice(at, at + longestReference)
      const end = window.indexOf('}}')
      const reference = end < 0 ? null : readReference(window.slice(0, end + 2))
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
  return jsonOf(cell) !== undefined
}

/** The last table that a program has shown. */
const tableOf = (cell: CellResult | null): TableData | null =>
  cell?.results.findLast(({ data }) => data !== undefined)?.data ?? null

/** What is text of what a program has said; a table that it has shown is none. */
function printedBy(cell: CellResult | null): string {
  if (cell === null) return ''
  const shown = cell.results.flatMap(({ data, text }) => (data === undefined && text !== undefined ? [text] : []))
  return [cell.stdout.text, ...shown].filter((text) => text !== '').join('\n')
}

/** What a program showed as JSON, else what it printed, or the last line of that, where it is an object or a list. */
function jsonOf(cell: CellResult | null): JsonValue | undefined {
  if (cell === null) return undefined
  const shown = cell.results.findLast(({ json }) => typeof json === 'object' && json !== null)?.json
  if (shown !== undefined) return shown
  if (cell.stdout.truncated) return undefined
  const text = cell.stdout.text.trim()
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

function* textsOf(table: TableData | null, json: JsonValue | undefined, printed: string): Generator<string> {
  yield printed
  if (json !== undefined) yield JSON.stringify(json)
  for (const { name } of table?.columns ?? []) yield name
  for (const row of table?.rows ?? []) {
    for (const value of row) {
      if (typeof value === 'string') yield value
      else if (typeof value === 'object' && value !== null) yield JSON.stringify(value)
    }
  }
}

const missing = (why: string): Resolved => ({ kind: 'missing', why })
