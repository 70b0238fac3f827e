import type { Struct } from '../grammar/syntax-tree.ts'
import type { LedgerScope } from '../policy.ts'
import { allOf, columnOf, isPresent } from './aggregate-guard.ts'
import type { ProtectedColumn } from './protected-calls.ts'

const text = (value: string): Struct => ({ String: { sval: value } })
const number = (value: string): Struct => ({ A_Const: { fval: { fval: value } } })

function call(name: string, args: readonly Struct[], filter?: Struct): Struct {
  const agg = filter === undefined ? {} : { agg_filter: filter }
  return { FuncCall: { funcname: [text('pg_catalog'), text(name)], args, ...agg, funcformat: 'COERCE_EXPLICIT_CALL' } }
}

/**
 * Two output columns: per row of the group, the number of its entity and a number of its own, which is negative where it
 * has no value. The second holds the values of the protected columns, so that a row whose value changed is another unknown
 * than the row before: the difference of two answers about the same people would otherwise tell by how much one of them
 * changed.
 */
export function identityColumns(protectedColumn: ProtectedColumn, { columns }: LedgerScope): Struct[] {
  const { relation, filter } = protectedColumn
  const column = (name: string): Struct => columnOf(protectedColumn, name)
  const key = relation.entityKey ?? ''
  const value = isPresent(column(protectedColumn.column))
  // An outer join makes rows that the table has not: they have neither.
  const isRow = { BoolExpr: { boolop: 'OR_EXPR', args: [isPresent(column(key)), value] } }
  const counted = allOf([isRow, filter])
  const identity = [...(relation.rowKey === null ? [] : [relation.rowKey]), key, ...columns]
  const whole = { RowExpr: { args: identity.map(column), row_format: 'COERCE_EXPLICIT_CALL' } }
  const row = numbered(whole)
  const signed = {
    CaseExpr: { args: [{ CaseWhen: { expr: value, result: row } }], defresult: operator('-', less, row) },
  }
  return [numbered(column(key)), signed].map((item) => ({ ResTarget: { val: call('array_agg', [item], counted) } }))
}

const less: Struct = { A_Const: { ival: { ival: -1 } } }

function operator(name: string, lexpr: Struct, rexpr: Struct): Struct {
  return { A_Expr: { kind: 'AEXPR_OP', name: [text(name)], lexpr, rexpr } }
}

/** `hashtextextended(value::text, 0) & (2^53 - 1)`: numbers that fit a double exactly. */
function numbered(value: Struct): Struct {
  const asText = { TypeCast: { arg: value, typeName: { names: [text('text')], typemod: -1 } } }
  const hash = call('hashtextextended', [asText, { A_Const: { ival: {} } }])
  return operator('&', hash, number('9007199254740991'))
}
