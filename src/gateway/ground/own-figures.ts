import type { ToolSource } from '../../core/events.ts'
import type { KeptResult } from '../../grounding/references/run-results.ts'

const figure = /(?<![\w.])\d[\d,_]*(?:\.\d+)?(?:e[+-]?\d{1,3})?(?![\w]|\.\d)/giu
/** Where a statement may name a value that it reads nowhere: what stands behind `WHERE` chooses rows. */
const selected = /\b(?:select|values)\b(?:(?!\b(?:from|where)\b)[^])*/gi
/** Fewer digits are found in any program: factors, decimals, counts. */
const leastDigits = 3
const mostRead = 200_000

/**
 * Figures that a model has written into its own statements and programs. A result that has one because of that bears out nothing: `SELECT 9999 AS
 * revenue` and `print("revenue: 9999")` would make a source of whatever a model likes to say. One that is computed there is not seen.
 */
export class OwnFigures {
  readonly #written = new Map<number, readonly number[]>()

  /** Takes what a call has run, as its model wrote it. */
  take(number: number, { language, text }: ToolSource): void {
    const read = text.slice(0, mostRead)
    const parts = language === 'sql' ? (read.match(selected) ?? []) : [read]
    this.#written.set(number, parts.flatMap(figuresIn))
  }

  /** Is a figure in these results only because the model wrote it there, and in no other one? */
  isOwn(text: string, of: readonly number[], results: readonly KeptResult[]): boolean {
    const [digits] = text.match(figure) ?? []
    if (of.length === 0 || digits === undefined || !isTelling(digits)) return false
    const reach = 0.5 * 10 ** -(digits.split('.')[1] ?? '').length
    const isIt = (value: number): boolean => Math.abs(Math.abs(value) - valueOf(digits)) <= reach
    const isWritten = (number: number): boolean => this.#written.get(number)?.some(isIt) === true
    return of.every(isWritten) && !results.some((result) => !isWritten(result.number) && holds(result, isIt))
  }
}

const figuresIn = (text: string): number[] => (text.match(figure) ?? []).filter(isTelling).map(valueOf)

const valueOf = (digits: string): number => Number(digits.replaceAll(/[,_]/g, ''))

/** A year chooses rows, wherever it stands. */
const isTelling = (digits: string): boolean =>
  digits.replaceAll(/\D/g, '').replace(/^0+/, '').length >= leastDigits && !/^(?:19|20)\d\d$/.test(digits)

function holds({ table, printed }: KeptResult, isIt: (value: number) => boolean): boolean {
  const cells = table?.rows.some((row) => row.some((cell) => isNumeric(cell) && isIt(Number(cell)))) ?? false
  return cells || figuresIn(printed.slice(0, mostRead)).some(isIt)
}

const isNumeric = (cell: unknown): boolean => typeof cell === 'number' || (typeof cell === 'string' && /\d/.test(cell))
