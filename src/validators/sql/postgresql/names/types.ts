import type { Resolution } from '../../../../core/catalog.ts'
import type { RawFinding } from '../../location.ts'
import type { SqlPolicy } from '../../policy.ts'
import { asList, asNode, isStruct, stringList, type Struct } from '../../syntax-tree.ts'
import type { Visit } from '../grammar/walk.ts'

/** Types that hold plain values. Names of objects (`regclass`), row types of tables and XML are not among them. */
const plainTypes = new Set(
  `bool int2 int4 int8 float4 float8 numeric money text varchar bpchar char name bytea bit varbit date time timetz
   timestamp timestamptz interval uuid json jsonb jsonpath inet cidr macaddr macaddr8 point line lseg box path polygon
   circle int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange
   tsmultirange tstzmultirange datemultirange tsvector tsquery record`.split(/\s+/),
)

/** Types whose modifier is a length that the value is filled up to or may be grown to. */
const lengthTypes = new Set(['bit', 'varbit', 'bpchar', 'varchar', 'char'])
const maximumLength = 65_535

/**
 * Fails closed: a type that is neither plain nor that of an allowed column is a finding. A cast to `regclass` names
 * objects, one to a table's row type tells its columns, and a fixed length fills memory.
 */
export function checkTypes(visits: readonly Visit[], policy: SqlPolicy): RawFinding[] {
  const configurations = new Set(
    visits.flatMap(({ type, struct }) => (type === 'TypeCast' ? namedConfiguration(struct) : [])),
  )
  return visits.flatMap((visit) => {
    return visit.type === 'TypeName' && !configurations.has(visit.struct) ? checkType(visit, policy) : []
  })
}

/** The type of `'english'::regconfig`: a literal that names how text is searched, as `to_tsvector('english', …)` takes it. */
function namedConfiguration(cast: Struct): Struct[] {
  const { typeName } = cast
  if (!isStruct(typeName) || !isStruct(asNode(cast['arg'], 'A_Const')?.['sval'])) return []
  const names = stringList(typeName['names'])
  const isPlain = typeName['arrayBounds'] === undefined && typeName['typmods'] === undefined
  return isPlain && names.at(-1) === 'regconfig' && (names.length === 1 || names[0] === 'pg_catalog') ? [typeName] : []
}

function checkType(visit: Visit, policy: SqlPolicy): RawFinding[] {
  const names = stringList(visit.struct['names'])
  const name = names.at(-1) ?? ''
  const schema = names.length > 1 ? names.slice(0, -1).join('.') : null
  const plain = (schema === null || schema === 'pg_catalog') && plainTypes.has(name)
  if (!plain && !isColumnType(schema, name, policy)) {
    const message = `The type "${names.join('.')}" is not allowed. Use a plain type such as integer, numeric, text, date or timestamptz.`
    return [{ rule: 'sql/type-not-allowed', offset: visit.offset, message }]
  }
  const length = lengthTypes.has(name) ? largestModifier(visit.struct) : 0
  if (length <= maximumLength) return []
  const message = `A length of ${length} is too large for ${name}; at most ${maximumLength} is allowed.`
  return [{ rule: 'sql/value-too-large', offset: visit.offset, message }]
}

function isColumnType(schema: string | null, name: string, policy: SqlPolicy): boolean {
  const types = new Set(policy.types.map((type) => type.replaceAll('"', '')))
  if (schema !== null) return types.has(`${schema}.${name}`) || (policy.searchPath.includes(schema) && types.has(name))
  return types.has(name) || policy.searchPath.some((path) => types.has(`${path}.${name}`))
}

function largestModifier(type: Struct): number {
  const values = asList(type['typmods']).map((item) => {
    const integer = asNode(item, 'A_Const')?.['ival']
    return isStruct(integer) && typeof integer['ival'] === 'number' ? integer['ival'] : 0
  })
  return Math.max(0, ...values)
}

/** Types whose text form is the name of an object. */
const namingType = /^pg_catalog\._?reg/

/**
 * May a literal of the statement be the name of an object? Then another literal names another object, and what was
 * resolved for one says nothing about the other.
 */
export function namesObjects({ types = [] }: Resolution): boolean {
  return types.some((type) => namingType.test(type))
}

/**
 * Types that stand between plain ones without a cast, and those of the few functions that take or give a name: of a text
 * search configuration (`to_tsvector('english', …)`), a type or a table.
 */
const innerTypes = new Set(['unknown', 'void', 'anyarray', 'regconfig', 'regtype', 'regclass'])

/**
 * Types of the statement's values, as the analyzer resolved them, that are neither plain, nor of an allowed column, nor
 * the row of a table the statement reads. Fails closed: what is on no list is returned.
 */
export function strangeTypes(types: readonly string[], relations: readonly string[], policy: SqlPolicy): string[] {
  return types.filter((type) => {
    const [schema = '', written = ''] = type.split('.')
    const name = written.replace(/^_/, '')
    if (schema === 'pg_catalog') return !plainTypes.has(name) && !innerTypes.has(name)
    return !isColumnType(schema, name, policy) && !relations.includes(`${schema}.${name}`)
  })
}
