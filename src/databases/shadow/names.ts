import type { Session } from '../session.ts'

interface RelationNames {
  readonly name: string
  /** Attribute number → column name, system columns among them. */
  readonly columns: ReadonlyMap<number, string>
}

interface TypeNames {
  /** `schema.name`. */
  readonly name: string
  /** OID of the function that reads its text form. */
  readonly input: number
}

/** Names behind the OIDs of a catalog. */
export interface Names {
  readonly relations: ReadonlyMap<number, RelationNames>
  /** `schema.name(argument types)`. */
  readonly functions: ReadonlyMap<number, string>
  /** OIDs of those that are not immutable. */
  readonly changing: ReadonlySet<number>
  /** Operator → OID of its function. */
  readonly operators: ReadonlyMap<number, number>
  readonly types: ReadonlyMap<number, TypeNames>
}

/** Read once after a shadow was filled: its catalog does not change afterwards. */
export async function readNames(session: Session): Promise<Names> {
  // An empty path prints every type outside pg_catalog with its schema.
  await session.run(`SET search_path = ''`)
  const relations = new Map<number, { name: string; columns: Map<number, string> }>()
  const relationRows = await session.run(
    'SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace',
  )
  for (const [oid, schema, name] of relationRows.rows) {
    relations.set(Number(oid), { name: `${schema}.${name}`, columns: new Map() })
  }
  const columnRows = await session.run('SELECT attrelid, attnum, attname FROM pg_attribute WHERE NOT attisdropped')
  for (const [relation, number, name] of columnRows.rows) {
    relations.get(Number(relation))?.columns.set(Number(number), name ?? '')
  }
  const functionRows = await session.run(
    `SELECT p.oid, n.nspname, p.proname, oidvectortypes(p.proargtypes), p.provolatile
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace`,
  )
  const operatorRows = await session.run('SELECT oid, oprcode::oid FROM pg_operator')
  const typeRows = await session.run(
    'SELECT t.oid, n.nspname, t.typname, t.typinput::oid FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace',
  )
  await session.run('RESET search_path')
  return {
    relations,
    functions: new Map(
      functionRows.rows.map(([oid, schema, name, types]) => [Number(oid), `${schema}.${name}(${types})`]),
    ),
    changing: new Set(functionRows.rows.filter((row) => row[4] !== 'i').map(([oid]) => Number(oid))),
    operators: new Map(operatorRows.rows.map(([oid, code]) => [Number(oid), Number(code)])),
    types: new Map(
      typeRows.rows.map(([oid, schema, name, input]) => [
        Number(oid),
        { name: `${schema}.${name}`, input: Number(input) },
      ]),
    ),
  }
}

/** A printer of types as the database prints them, which asks for each kind of type once. */
export function createTypePrinter(session: Session): (oid: number, modifier: number) => Promise<string> {
  const printed = new Map<string, string>()
  return async (oid, modifier) => {
    const key = `${oid}:${modifier}`
    const earlier = printed.get(key)
    if (earlier !== undefined) return earlier
    const { rows } = await session.run('SELECT format_type($1, $2)', [String(oid), String(modifier)])
    const text = rows[0]?.[0] ?? 'unknown'
    if (printed.size < maximumPrintedTypes) printed.set(key, text)
    return text
  }
}

const maximumPrintedTypes = 10_000
