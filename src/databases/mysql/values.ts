import mysql from 'mysql2'
import { ServiceError } from '../../core/errors.ts'
import { exactNumber, parseExactJson } from '../../core/exact-number.ts'
import type { JsonValue } from '../../core/json.ts'
import type { MysqlField, MysqlValue } from './connection.ts'

const { Types } = mysql

/** Bytes have the character set of this number. */
const binarySet = 63

/**
 * A value as JSON. Numbers are exact (`exactNumber`), BIT too. DATETIME is ISO 8601 without a zone, and so is TIMESTAMP in
 * the time zone of the session, with `Z` where that is UTC; bytes are base64; json is itself. Shapes on a map are refused: nobody can check what a text of them shows.
 */
export function toJsonValue(value: MysqlValue, field: MysqlField, timeZone = 'UTC'): JsonValue {
  if (value === null) return null
  if (field.extendedFormat === 'json') return parseExactJson(textOf(value))
  switch (field.columnType ?? field.type) {
    case Types.TINY:
    case Types.SHORT:
    case Types.LONG:
    case Types.INT24:
    case Types.LONGLONG:
    case Types.YEAR:
    case Types.DOUBLE:
    case Types.DECIMAL:
    case Types.NEWDECIMAL:
      return readNumber(value)
    case Types.FLOAT:
      return typeof value === 'number' ? shortestFloat(value) : readNumber(value)
    case Types.BIT:
      return readBits(value)
    case Types.JSON:
      return parseExactJson(textOf(value))
    case Types.DATETIME:
      return textOf(value).replace(' ', 'T')
    case Types.TIMESTAMP:
      return `${textOf(value).replace(' ', 'T')}${timeZone === 'UTC' ? 'Z' : ''}`
    case Types.GEOMETRY:
      throw new ServiceError('query-failed', 'A column is a shape on a map, which cannot be returned.')
    default:
      return Buffer.isBuffer(value) && field.characterSet === binarySet ? value.toString('base64') : textOf(value)
  }
}

function textOf(value: MysqlValue): string {
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value)
}

function readNumber(value: MysqlValue): JsonValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  return exactNumber(textOf(value))
}

/** The shortest decimal that is the same FLOAT: 1.1, not 1.100000023841858. */
function shortestFloat(value: number): JsonValue {
  if (!Number.isFinite(value)) return String(value)
  for (let digits = 6; digits < 10; digits += 1) {
    const shorter = Number(value.toPrecision(digits))
    if (Math.fround(shorter) === value) return shorter
  }
  return value
}

function readBits(value: MysqlValue): JsonValue {
  if (!Buffer.isBuffer(value)) return readNumber(value)
  return readNumber(BigInt(`0x${value.toString('hex') || '0'}`).toString())
}

const typeNames: ReadonlyMap<number, string> = new Map([
  [Types.TINY, 'tinyint'],
  [Types.SHORT, 'smallint'],
  [Types.LONG, 'int'],
  [Types.INT24, 'mediumint'],
  [Types.LONGLONG, 'bigint'],
  [Types.YEAR, 'year'],
  [Types.FLOAT, 'float'],
  [Types.DOUBLE, 'double'],
  [Types.DECIMAL, 'decimal'],
  [Types.NEWDECIMAL, 'decimal'],
  [Types.BIT, 'bit'],
  [Types.JSON, 'json'],
  [Types.DATE, 'date'],
  [Types.NEWDATE, 'date'],
  [Types.DATETIME, 'datetime'],
  [Types.TIMESTAMP, 'timestamp'],
  [Types.TIME, 'time'],
  [Types.GEOMETRY, 'geometry'],
])

/** The type as the server names it, without its length; texts and bytes have different names. */
export function typeName(field: MysqlField): string {
  const known = typeNames.get(field.columnType ?? field.type ?? -1)
  if (field.extendedFormat === 'json') return 'json'
  if (known !== undefined) return known
  return field.characterSet === binarySet ? 'varbinary' : 'varchar'
}
