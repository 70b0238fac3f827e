/**
 * A value that a model names in its answer in place of writing it: `{{run3:/total}}`. The server fills it in from the result of that call.
 *
 * `run3` is the third call of the run. The path is read as a JSON Pointer is (RFC 6901: `~1` stands for `/`, `~0` for `~`), over what the result
 * shows: `/COLUMN` of a table with one row, `/KEY/COLUMN` of the row whose first column is KEY, `/rows/0/COLUMN` of a row by its place, and the
 * members of what a program printed as JSON. Behind `|` stands how many decimals are told, and `%`, `thousand`, `million` or `billion`.
 */
export interface ValueReference {
  /** Counts from 1. */
  readonly run: number
  readonly path: readonly string[]
  readonly form: ValueForm
}

/** How a number is told; null for what is told as it stands. */
export interface ValueForm {
  readonly decimals: number | null
  readonly scale: ValueScale | null
}

const scales = ['%', 'thousand', 'million', 'billion'] as const
export type ValueScale = (typeof scales)[number]

/** Longer ones are no references, in UTF-16 units; so much of a text is held back at most. */
export const longestReference = 240
const mostParts = 8
const shape = /^\{\{\s{0,4}run(\d{1,4}):((?:\/[^/|{}\n]{1,120})+?)\s{0,4}(?:\|([^|{}\n]{0,24}))?\}\}$/
const formShape = /^\s*(\d)?\s*(%|thousand|million|billion)?\s*$/

/** The reference that a text is; null for any other text. */
export function readReference(text: string): ValueReference | null {
  if (text.length > longestReference) return null
  const [whole, run = '', pointer = '', told] = shape.exec(text) ?? []
  if (whole === undefined || Number(run) === 0) return null
  const path = pointer.slice(1).split('/').map(unescaped)
  const form = formOf(told)
  return form === null || path.length > mostParts ? null : { run: Number(run), path, form }
}

function formOf(told: string | undefined): ValueForm | null {
  if (told === undefined) return { decimals: null, scale: null }
  const [whole, decimals, scale] = formShape.exec(told) ?? []
  if (whole === undefined || (decimals === undefined && scale === undefined)) return null
  return {
    decimals: decimals === undefined ? null : Number(decimals),
    scale: scales.find((name) => name === scale) ?? null,
  }
}

const unescaped = (part: string): string => part.trim().replaceAll('~1', '/').replaceAll('~0', '~')

/** The same for every way in which the value may be written. */
export const valueNamed = ({ run, path }: ValueReference): string => JSON.stringify([run, ...path])
