import type { Struct } from '../grammar/syntax-tree.ts'
import type { LedgerScope } from '../policy.ts'
import { hasValue, type ProtectedColumn } from './aggregate-guard.ts'
import { referenceName } from './mask-plan.ts'

const text = (value: string): Struct => ({ String: { sval: value } })
const number = (value: string): Struct => ({ A_Const: { fval: { fval: value } } })

function call(name: string, args: readonly Struct[], filter?: Struct): Struct {
  const agg = filter === undefined ? {} : { agg_filter: filter }
  return { FuncCall: { funcname: [text('pg_catalog'), text(name)], args, ...agg, funcformat: 'COERCE_EXPLICIT_CALL' } }
}

/**
 * Two output columns: per row of the group that has a value, the number of its entity and a number of its own. The second holds the
 * values of the protected columns, so that a row whose value changed is another unknown than the row before: the
 * difference of two answers about the same people would otherwise tell by how much one of them changed.
 */
export function identityColumns(protectedColumn: ProtectedColumn, { columns }: LedgerScope): Struct[] {
  const { relation, struct } = protectedColumn
  const table = referenceName(struct)
  const filter = hasValue(protectedColumn)
  const column = (name: string): Struct => ({ ColumnRef: { fields: [text(table), text(name)] } })
  const key = relation.entityKey ?? ''
  const identity = [...(relation.rowKey === null ? [] : [relation.rowKey]), key, ...columns]
  const whole = { RowExpr: { args: identity.map(column), row_format: 'COERCE_EXPLICIT_CALL' } }
  return [numbered('audit_entities', column(key), filter), numbered('audit_rows', whole, filter)]
}

/** `array_agg(hashtextextended(value::text, 0) & (2^53 - 1))`: numbers that fit a double exactly. */
function numbered(name: string, value: Struct, filter: Struct): Struct {
  const asText = { TypeCast: { arg: value, typeName: { names: [text('text')], typemod: -1 } } }
  const hash = call('hashtextextended', [asText, { A_Const: { ival: {} } }])
  const short = { A_Expr: { kind: 'AEXPR_OP', name: [text('&')], lexpr: hash, rexpr: number('9007199254740991') } }
  return { ResTarget: { name, val: call('array_agg', [short], filter) } }
}
