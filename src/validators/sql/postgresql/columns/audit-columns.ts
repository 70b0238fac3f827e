import type { Struct } from '../../syntax-tree.ts'
import type { LedgerScope } from '../../policy.ts'
import { allOf, columnOf, isPresent } from './aggregate-guard.ts'
import type { ProtectedColumn } from './protected-calls.ts'

const text = (value: string): Struct => ({ String: { sval: value } })
const number = (value: string): Struct => ({ A_Const: { fval: { fval: value } } })

function call(name: string, args: readonly Struct[], filter?: Struct): Struct {
  const agg = filter === undefined ? {} : { agg_filter: filter }
  return { FuncCall: { funcname: [text('pg_catalog'), text(name)], args, ...agg, funcformat: 'COERCE_EXPLICIT_CALL' } }
}

/** A function that is stable, since it prints texts in the encoding of the session, which is UTF-8 on every connection. */
export const keyFunction = 'pg_catalog.record_send(record)'

/**
 * Two output columns: per row of the group, the number of its entity and a number of its own, which is negative where it
 * has no value. The second holds the values of the protected columns, so that a row whose value changed is another unknown
 * than the row before: the difference of two answers about the same people would otherwise tell by how much one of them
 * changed.
 *
 * Numbers are made of values and never of how a session writes them. A row that had another number under another time zone,
 * on another replica or after a migration from `integer` to `bigint` would be somebody about whom nothing was answered yet,
 * and the total of everybody less one a first answer.
 */
export function identityColumns(protectedColumn: ProtectedColumn, { columns }: LedgerScope): Struct[] {
  const { relation, filter } = protectedColumn
  const column = (name: string): Struct => columnOf(protectedColumn, name)
  const exact = (name: string): Struct => exactly(column(name), relation.types.get(name) ?? '')
  const key = relation.entityKey ?? ''
  const value = isPresent(column(protectedColumn.column))
  // An outer join makes rows that the table has not: they have neither.
  const isRow = { BoolExpr: { boolop: 'OR_EXPR', args: [isPresent(column(key)), value] } }
  const counted = allOf([isRow, filter])
  const identity = [...(relation.rowKey === null ? [] : [relation.rowKey]), key, ...columns]
  const row = masked(hashOfBytes(identity.map((name) => bytesOf(exact(name)))))
  const signed = {
    CaseExpr: { args: [{ CaseWhen: { expr: value, result: row } }], defresult: operator('-', less, row) },
  }
  const entity = entityNumber(exact(key), relation.types.get(key) ?? '')
  return [entity, signed].map((item) => ({ ResTarget: { val: call('array_agg', [item], counted) } }))
}

const less: Struct = { A_Const: { ival: { ival: -1 } } }

function operator(name: string, lexpr: Struct, rexpr: Struct): Struct {
  return { A_Expr: { kind: 'AEXPR_OP', name: [text(name)], lexpr, rexpr } }
}

/** `trim_scale(value::numeric)` of a number without rounding, which is the same however it is stored; others as they are. */
function exactly(value: Struct, type: string): Struct {
  if (!/^(?:smallint|integer|bigint|numeric(?:\(.*\))?)$/.test(type)) return value
  const numeric = { names: [text('pg_catalog'), text('numeric')], typemod: -1 }
  return call('trim_scale', [{ TypeCast: { arg: value, typeName: numeric } }])
}

function rowOf(value: Struct): Struct {
  return { RowExpr: { args: [value], row_format: 'COERCE_EXPLICIT_CALL' } }
}

/**
 * `substring(record_send(ROW(value)) FROM 9)`: the value in the protocol's binary form with its length before it, or with
 * -1 for null. The eight bytes in front, a count and the number of the type, are others in a database that was restored.
 */
function bytesOf(value: Struct): Struct {
  return call('substring', [call('record_send', [rowOf(value)]), { A_Const: { ival: { ival: 9 } } }])
}

/** `hashtextextended(encode(first || second || …, 'hex'), 0)` */
function hashOfBytes(bytes: readonly Struct[]): Struct {
  const whole = bytes.reduce((left, right) => call('byteacat', [left, right]))
  const hex = call('encode', [whole, { A_Const: { sval: { sval: 'hex' } } }])
  return call('hashtextextended', [hex, { A_Const: { ival: {} } }])
}

/** Types without a hash of their own. Equal values of them have equal bytes. */
const withoutHash = /^(?:money|bit)\b/

/**
 * A number that is the same for keys that the type takes for equal: `Ann` and `ann` are one person where
 * `count(DISTINCT key)` counts one. Null for a key that is null.
 */
function entityNumber(key: Struct, type: string): Struct {
  const equal = call('hash_record_extended', [rowOf(key), { A_Const: { ival: {} } }])
  const result = masked(withoutHash.test(type) ? hashOfBytes([bytesOf(key)]) : equal)
  const isKey = {
    A_Expr: { kind: 'AEXPR_DISTINCT', name: [text('=')], lexpr: key, rexpr: { A_Const: { isnull: true } } },
  }
  return { CaseExpr: { args: [{ CaseWhen: { expr: isKey, result } }] } }
}

/** `hash & (2^53 - 1)`: numbers that fit a double exactly. */
function masked(hash: Struct): Struct {
  return operator('&', hash, number('9007199254740991'))
}
