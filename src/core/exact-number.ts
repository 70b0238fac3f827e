import type { JsonValue } from './json.ts'

/** Up to fifteen digits are the same in a double, whatever they are. */
const surelyExact = /^-?\d{1,9}(?:\.\d{1,6})?$/
const decimal = /^[+-]?(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,9}))?$/
const infinite = /^([+-]?)inf(?:inity)?$/i

/**
 * A number as a database or a program writes it, for JSON: a number where the shortest text of a double has the same
 * value, digit for digit, else the text as it is written. So `1.10` is 1.1, since zeros at the end do not change a
 * value, and `1.123456789012345678` stays text. Integers beyond 2^53, written without point or exponent, are text too,
 * although some of them are doubles: a column of such numbers would be of two kinds. `NaN`, `Infinity` and `-Infinity`
 * are texts.
 */
export function exactNumber(text: string): number | string {
  if (surelyExact.test(text)) return Number(text)
  const digits = digitsOf(text)
  if (digits === null) return nameOf(text)
  const value = Number(text)
  if (!Number.isFinite(value) || digitsOf(String(value)) !== digits) return text
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER || /[.e]/i.test(text) ? value : text
}

/** Digits without zeros around them, and the power of ten they count; null where the text is not a decimal number. */
function digitsOf(text: string): string | null {
  const [, whole = '', fraction = '', exponent = '0'] = decimal.exec(text) ?? []
  if (whole === '' && fraction === '') return null
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const value = digits.replace(/0+$/, '')
  return value === '' ? '0' : `${value}e${Number(exponent) - fraction.length + digits.length - value.length}`
}

function nameOf(text: string): string {
  if (/^[+-]?nan$/i.test(text)) return 'NaN'
  const infinity = infinite.exec(text)
  if (infinity === null) return text
  return infinity[1] === '-' ? '-Infinity' : 'Infinity'
}

/**
 * A text without a match holds only numbers that a double can hold: any other has many digits in a row, or an exponent.
 */
const risky = /[\d.]{16}|\d[eE][+-]?\d/

/**
 * The value of a JSON text, each number of it as `exactNumber` has it: JSON.parse alone would round in silence.
 *
 * @throws SyntaxError where it is no JSON.
 */
export function parseExactJson(text: string): JsonValue {
  if (!risky.test(text)) return JSON.parse(text) as JsonValue
  const reviver = (_key: string, value: JsonValue, context?: { source?: string }): JsonValue =>
    typeof value === 'number' ? exactNumber(context?.source ?? String(value)) : value
  return JSON.parse(text, reviver) as JsonValue
}
