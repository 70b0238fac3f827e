import { currencyOf, magnitudeOf, measureOf } from '../figures/units.ts'

const written =
  /^\s*(?:~|c\.)?\s*([$€£¥₹])?\s*([-−–+])?\s*([$€£¥₹])?\s*(\d{1,3}(?:\s?,\s?\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e([+-]?\d{1,3}))?\s*(st|nd|rd|th)?\s*(%|€|£|\p{L}{1,10}(?:\/h)?)?\s*(?:\[\w+\]|\*|†)?\s*$/iu
const tied = /^\s*t?\s?-?(\d{1,3})\s?(?:st|nd|rd|th|=)?\s*$/i
const quick = /^-?\d{1,15}(?:\.\d+)?$/

/** The number that a cell of text is, with its unit; null where it is anything besides. */
export function numberOfCell(cell: string): { readonly value: number; readonly unit: string | null } | null {
  if (quick.test(cell)) return { value: Number(cell), unit: null }
  if (cell.length > 40 || !/\d/.test(cell)) return null
  const match = written.exec(cell)
  if (match === null) return tiedPlace(cell)
  const [, before, sign, inner, digits = '', exponent, , behind = ''] = match
  const scale = magnitudeOf(behind)
  const unit = behind === '%' ? '%' : (currencyOf(before ?? inner ?? '') ?? currencyOf(behind) ?? measureOf(behind))
  if (behind !== '' && scale === 1 && unit === null) return null
  const size = Number(`${digits.replaceAll(/[\s,]/g, '')}e${exponent ?? 0}`) * scale
  return { value: sign === undefined || sign === '+' ? size : -size, unit }
}

/** "t2" and "2=" are places that two have. */
function tiedPlace(cell: string): { readonly value: number; readonly unit: null } | null {
  const [, digits] = tied.exec(cell) ?? []
  return digits === undefined ? null : { value: Number(digits), unit: null }
}
