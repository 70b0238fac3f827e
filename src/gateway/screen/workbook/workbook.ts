/** What a number of a cell is shown as. */
export type NumberForm = 'plain' | 'date' | 'time' | 'date-time'

/** A value of a cell; a formula counts for the value that it had when the file was written. */
export type Cell = null | string | boolean | { readonly number: number; readonly form: NumberForm }

export interface Sheet {
  readonly name: string
  /** From the first row on; each as far as its last value. */
  readonly rows: readonly (readonly Cell[])[]
}

/** What is kept of a workbook: its values. Formulas, formats, charts, pictures, comments and macros are not. */
export interface Workbook {
  readonly sheets: readonly Sheet[]
  /** Do its dates count from 1904? */
  readonly countsFrom1904: boolean
  /** Formulas that have no value: whoever wrote the file calculated nothing. */
  readonly formulasWithoutValue: number
}

/** Why a file cannot be read as a workbook: half a sentence for people, without anything of the file. */
export class UnreadableWorkbook extends Error {}
