import type { JsonValue } from '../core/json.ts'

/** What has to be known of a type to read its text form. */
export interface ValueType {
  /** Name in pg_type: `int8`, `timestamptz`, `_text`. */
  readonly name: string
  /** Of the elements where the type is an array, else null. */
  readonly element: ValueType | null
  /** Between elements: `,` for all but `box`. */
  readonly delimiter: string
}

/** Session settings under which `toJsonValue` reads text correctly. */
export const valueSettings: readonly (readonly [name: string, value: string])[] = [
  ['DateStyle', 'ISO, YMD'],
  ['IntervalStyle', 'postgres'],
  ['TimeZone', 'UTC'],
  ['bytea_output', 'hex'],
  ['extra_float_digits', '1'],
]

/**
 * A value in PostgreSQL's text format as JSON. Integers and decimals are numbers up to 2^53 in magnitude and strings
 * beyond; a decimal's fraction is rounded to the nearest double. NaN and the infinities are strings, times are ISO
 * 8601, bytea is base64, arrays and json are themselves; whatever else (ranges, intervals, enums, …) stays text.
 */
export function toJsonValue(text: string | null, type: ValueType): JsonValue {
  if (text === null) return null
  if (type.element !== null) return readArray(text, type.element, type.delimiter)
  switch (type.name) {
    case 'bool':
      return text === 't'
    case 'int2':
    case 'int4':
    case 'int8':
    case 'oid':
    case 'float4':
    case 'float8':
    case 'numeric':
      return readNumber(text)
    case 'json':
    case 'jsonb':
      return readJson(text)
    case 'bytea':
      return Buffer.from(text.slice(2), 'hex').toString('base64')
    case 'timestamptz':
      return text.replace(' ', 'T').replace(/\+00$/, 'Z')
    case 'timestamp':
      return text.replace(' ', 'T')
    default:
      return text
  }
}

function readNumber(text: string): JsonValue {
  const value = Number(text)
  return Number.isFinite(value) && (Math.abs(value) <= Number.MAX_SAFE_INTEGER || /e/i.test(text)) ? value : text
}

/** JSON as stored, except that integers beyond 2^53 are strings: JSON.parse alone would round them in silence. */
function readJson(text: string): JsonValue {
  const reviver = (_key: string, value: JsonValue, context?: { source?: string }): JsonValue =>
    typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER ? (context?.source ?? value) : value
  return JSON.parse(text, reviver) as JsonValue
}

/** `{1,NULL,"a,b",{…}}` with an optional `[1:2]=` before it. Every string comes from the server's own output function. */
function readArray(text: string, element: ValueType, delimiter: string): JsonValue[] {
  const start = text.indexOf('{')
  const reader = { text, at: start + 1, delimiter, element }
  return readElements(reader)
}

interface ArrayReader {
  readonly text: string
  at: number
  readonly delimiter: string
  readonly element: ValueType
}

function readElements(reader: ArrayReader): JsonValue[] {
  const items: JsonValue[] = []
  while (reader.at < reader.text.length) {
    const character = reader.text[reader.at]
    if (character === '}') {
      reader.at += 1
      return items
    }
    if (character === reader.delimiter) reader.at += 1
    else if (character === '{') {
      reader.at += 1
      items.push(readElements(reader))
    } else if (character === '"') items.push(toJsonValue(readQuoted(reader), reader.element))
    else items.push(readBare(reader))
  }
  throw new SyntaxError('an array ends before its closing brace')
}

function readQuoted(reader: ArrayReader): string {
  let value = ''
  for (reader.at += 1; reader.at < reader.text.length; reader.at += 1) {
    const character = reader.text[reader.at] ?? ''
    if (character === '"') {
      reader.at += 1
      return value
    }
    if (character === '\\') reader.at += 1
    value += reader.text[reader.at] ?? ''
  }
  throw new SyntaxError('an array element ends before its closing quote')
}

function readBare(reader: ArrayReader): JsonValue {
  const start = reader.at
  while (reader.at < reader.text.length) {
    const character = reader.text[reader.at]
    if (character === '}' || character === reader.delimiter) break
    reader.at += 1
  }
  const value = reader.text.slice(start, reader.at)
  return value === 'NULL' ? null : toJsonValue(value, reader.element)
}
