import { exactNumber, parseExactJson } from '../core/exact-number.ts'
import type { JsonValue } from '../core/json.ts'

/** What has to be known of a type to read its text form. */
export interface ValueType {
  /** Name in pg_type: `int8`, `timestamptz`, `_text`. */
  readonly name: string
  /** The type of the elements where the type is an array, else null. */
  readonly element: ValueType | null
  /** The mark between elements: `,` for all types but `box`. */
  readonly delimiter: string
  /** The members of a composite type, in order. */
  readonly members?: readonly { readonly name: string; readonly type: ValueType }[]
}

/** Session settings under which `toJsonValue` reads text correctly, with a DateStyle of ISO and any order and time zone. */
export const textSettings: readonly (readonly [name: string, value: string])[] = [
  ['IntervalStyle', 'postgres'],
  ['bytea_output', 'hex'],
  ['extra_float_digits', '1'],
]

/** The settings of the embedded database, which has no time zone of its own. */
export const valueSettings: readonly (readonly [name: string, value: string])[] = [
  ['DateStyle', 'ISO, YMD'],
  ['TimeZone', 'UTC'],
  ...textSettings,
]

/**
 * A value in PostgreSQL's text format as JSON. Numbers are exact (`exactNumber`), times are ISO 8601, bytea is base64,
 * arrays, composites and json are themselves; whatever else (ranges, money, intervals, enums, …) stays text.
 */
export function toJsonValue(text: string | null, type: ValueType): JsonValue {
  if (text === null) return null
  if (type.element !== null) return readArray(text, type.element, type.delimiter)
  if (type.members !== undefined) return readComposite(text, type.members)
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
      return exactNumber(text)
    case 'json':
    case 'jsonb':
      return parseExactJson(text)
    case 'bytea':
      return Buffer.from(text.slice(2), 'hex').toString('base64')
    case 'timestamptz':
      return text.replace(' ', 'T').replace(/([+-]\d\d)(:\d\d)?$/, isoOffset)
    case 'timestamp':
      return text.replace(' ', 'T')
    default:
      return text
  }
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

/** `Z`, or hours and minutes. Offsets with seconds, of times before there were zones, stay as they are. */
function isoOffset(_offset: string, hours: string, minutes = ':00'): string {
  return hours === '+00' && minutes === ':00' ? 'Z' : `${hours}${minutes}`
}

/** `(1,"a ""b""",)`: nothing between two commas is NULL. Strings come from the server's own output function. */
function readComposite(text: string, members: NonNullable<ValueType['members']>): JsonValue {
  const reader = { text, at: 0 }
  return Object.fromEntries(members.map(({ name, type }) => [name, toJsonValue(readMember(reader), type)]))
}

/** The member after the bracket or comma at which the reader stands. */
function readMember(reader: { readonly text: string; at: number }): string | null {
  const { text } = reader
  let value: string | null = null
  let isQuoted = false
  for (reader.at += 1; reader.at < text.length; reader.at += 1) {
    const character = text[reader.at] ?? ''
    if (!isQuoted && (character === ',' || character === ')')) return value
    const next = text[reader.at + 1] ?? ''
    value ??= ''
    if (character === '\\' || (isQuoted && character === '"' && next === '"')) {
      value += next
      reader.at += 1
    } else if (character === '"') isQuoted = !isQuoted
    else value += character
  }
  throw new SyntaxError('a composite value ends before its closing bracket')
}
