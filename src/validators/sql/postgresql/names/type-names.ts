import { isStruct, asNode, stringList } from '../../syntax-tree.ts'

const text = (value: string) => ({ String: { sval: value } })

/**
 * Every `pg_catalog.pg_typeof(x)` becomes `pg_catalog.pg_typeof(x)::text`, in place. Beside a `regtype` PostgreSQL reads
 * a literal as the name of a type, and each table is one: `coalesce(pg_typeof(1), 'salaries')` would tell whether there is
 * such a table. As text it reads, compares and sorts like any other.
 */
export function castTypeNames(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) castTypeNames(item)
  else if (isStruct(value)) {
    for (const item of Object.values(value)) castTypeNames(item)
    const call = asNode(value, 'FuncCall')
    if (call === null || stringList(call['funcname']).join('.') !== 'pg_catalog.pg_typeof') return
    delete value['FuncCall']
    value['TypeCast'] = { arg: { FuncCall: call }, typeName: { names: [text('text')], typemod: -1 } }
  }
}
