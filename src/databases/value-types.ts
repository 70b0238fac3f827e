import type { RawField, Session } from './session.ts'
import type { ValueType } from './values.ts'

const describeTypes = `
  WITH RECURSIVE known AS (
    SELECT t.oid, t.typtype, t.typrelid, t.typbasetype, t.typelem FROM pg_catalog.pg_type t
    WHERE t.oid = ANY ($1::pg_catalog.oid[])
    UNION
    SELECT t.oid, t.typtype, t.typrelid, t.typbasetype, t.typelem FROM known k LEFT JOIN pg_catalog.pg_attribute a
           ON k.typtype = 'c' AND a.attrelid = k.typrelid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_catalog.pg_type t ON t.oid IN (k.typbasetype, k.typelem, a.atttypid)
  )
  SELECT k.oid, t.typname, t.typdelim, k.typbasetype,
         CASE WHEN t.typoutput = 'pg_catalog.array_out'::pg_catalog.regproc THEN k.typelem END,
         CASE WHEN k.typtype = 'c' THEN (
           SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, a.atttypid::pg_catalog.text) ORDER BY a.attnum)
           FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END
  FROM known k JOIN pg_catalog.pg_type t ON t.oid = k.oid`

/** Types of initdb: those of a database have greater numbers (access/transam.h, FirstNormalObjectId). */
const firstOwnOid = 16_384
/** A composite type cannot hold itself, so a deeper nesting does not occur. */
const maximumDepth = 32

const unknown: ValueType = { name: 'unknown', element: null, delimiter: ',' }

/**
 * How to read the values of types that a database made itself: domains as what they are over, arrays as their elements,
 * composites as their members. Types without an entry in the answer are what their own name says.
 */
export async function readOwnTypes(
  session: Session,
  fields: readonly (Pick<RawField, 'typeOid'> & { readonly elementOid: number })[],
): Promise<ReadonlyMap<number, ValueType>> {
  const own = fields.filter(({ typeOid, elementOid }) => Math.max(typeOid, elementOid) >= firstOwnOid)
  if (own.length === 0) return new Map()
  const oids = [...new Set(own.map(({ typeOid }) => typeOid))]
  const { rows } = await session.run(describeTypes, [`{${oids.join(',')}}`])
  const described = new Map(rows.map((row) => [row[0] ?? '', row]))
  const typeOf = (oid: string, depth: number): ValueType => {
    const [, name, delimiter, base, element, members] = described.get(oid) ?? []
    if (name == null || depth > maximumDepth) return unknown
    if (base != null && base !== '0') return typeOf(base, depth + 1)
    if (element != null) {
      const inner = typeOf(element, depth + 1)
      return { name, element: inner, delimiter: described.get(element)?.[2] ?? ',' }
    }
    const plain = { name, element: null, delimiter: delimiter ?? ',' }
    if (members == null) return plain
    const listed = JSON.parse(members) as readonly (readonly [name: string, type: string])[]
    return { ...plain, members: listed.map(([member, type]) => ({ name: member, type: typeOf(type, depth + 1) })) }
  }
  return new Map(oids.map((oid) => [oid, typeOf(String(oid), 0)]))
}
