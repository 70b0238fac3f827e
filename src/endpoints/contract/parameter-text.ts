import { ServiceError } from '../../core/errors.ts'

interface Named {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
}

/** A number as JSON writes it (RFC 8259, 6): neither 0x10 nor " 1" nor Infinity. */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** What a text of the address or of a header stands for, and the one spelling of it that goes on. */
export interface Scalar {
  readonly value: string | number | boolean
  readonly spelled: string
}

/** The value of a written text: a number or a flag where the schema names that kind, else the text. */
export function scalarOf(written: string, about: Named, kinds: ReadonlySet<string>): Scalar {
  const text = about.in === 'header' ? headerText(written, about) : unescaped(written, about)
  const { value, spelled } = coerced(text, kinds)
  return { value, spelled: about.in === 'header' ? spelled : encodeURIComponent(spelled) }
}

/**
 * The value of a plain text: a number or a flag where the schema names that kind, else the text. Whole numbers have one spelling,
 * since who reads `1.0` as a whole number and who does not differ.
 */
export function coerced(text: string, kinds: ReadonlySet<string>): Scalar {
  if ((kinds.has('integer') || kinds.has('number')) && jsonNumber.test(text)) {
    const value = Number(text)
    return { value, spelled: !kinds.has('number') && Number.isSafeInteger(value) ? String(value) : text }
  }
  if (kinds.has('boolean') && (text === 'true' || text === 'false')) return { value: text === 'true', spelled: text }
  return { value: text, spelled: text }
}

/**
 * Cut where a separator stands, escaped or not: by OpenAPI one that is escaped belongs to its value, yet most services read escapes
 * first and cut then, so that one text would be one value to the schema and many to the service. No value holds one.
 */
export function splitScalars(written: string, separator: string, { in: where }: Named): readonly string[] {
  if (written === '') return []
  if (where === 'header') return written.split(separator).map((piece) => piece.trim())
  return written.split(spellings[separator] ?? separator)
}

/** Of separators in an address. A space may be written as a plus in a query. */
const spellings: Readonly<Record<string, RegExp>> = { ',': /,|%2c/i, '|': /\||%7c/i, '%20': /%20|\+/ }

function headerText(written: string, about: Named): string {
  if (/^[\t\x20-\x7e]*$/.test(written)) return written.trim()
  throw invalid(about, 'holds characters that are no ASCII')
}

/** Reads escapes of an address. Throws `invalid-request` for what is no UTF-8. */
export function unescaped(written: string, about: Named): string {
  try {
    return decodeURIComponent(about.in === 'query' ? written.replaceAll('+', ' ') : written)
  } catch {
    throw invalid(about, 'has an escape that is no UTF-8')
  }
}

function invalid({ name, in: where }: Named, what: string): ServiceError {
  const parameter = `${where}.${name.slice(0, 100)}`
  return new ServiceError('invalid-request', `${parameter} ${what}.`, { parameter })
}
