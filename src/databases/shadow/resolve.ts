import type { Resolution } from '../../core/catalog.ts'
import type { RawField } from '../session.ts'
import type { AttributeNumbers, ColumnPassage } from './column-passage.ts'
import type { Names } from './names.ts'
import type { QueryReferences } from './query-tree.ts'

/** References by OID as names. Throws for an OID without a name: nothing unknown passes. */
export function nameReferences(
  references: QueryReferences,
  names: Names,
): Omit<Resolution, 'output' | 'deciders' | 'passage'> {
  const relations = [...references.relations.keys()].map((oid) => known(names.relations.get(oid), 'relation', oid).name)
  const functions = new Set(references.functions)
  for (const oid of references.operators) functions.add(known(names.operators.get(oid), 'operator', oid))
  for (const oid of references.textConversions) functions.add(known(names.types.get(oid), 'type', oid).input)
  const signatures = (oids: readonly number[]): string[] =>
    oids.map((oid) => known(names.functions.get(oid), 'function', oid)).sort()
  return {
    relations: [...new Set(relations)].sort(),
    columns: nameColumns(references.relations, names),
    functions: signatures([...functions]),
    changing: signatures([...functions].filter((oid) => names.changing.has(oid))),
    types: [...references.types].map((oid) => known(names.types.get(oid), 'type', oid).name).sort(),
    calls: [...references.places.calls].map(([offset, oid]) => {
      return { offset, signature: known(names.functions.get(oid), 'function', oid) }
    }),
    constants: [...references.places.constants].map(([offset, oid]) => {
      return { offset, type: known(names.types.get(oid), 'type', oid).name }
    }),
  }
}

/** Columns by relation OID and attribute number as `schema.relation.column`, sorted. */
export function nameColumns(numbers: AttributeNumbers, names: Names): string[] {
  const columns = [...numbers].flatMap(([oid, attributes]) => {
    const relation = known(names.relations.get(oid), 'relation', oid)
    return columnsOf(relation, attributes).map((column) => `${relation.name}.${column}`)
  })
  return [...new Set(columns)].sort()
}

/** Fails closed: a column that the statement touches and the passage did not meet counts as used. */
export function namePassage(
  { outputs, used, met }: ColumnPassage,
  touched: AttributeNumbers,
  names: Names,
): NonNullable<Resolution['passage']> {
  const all = new Map([...used].map(([relation, attributes]) => [relation, new Set(attributes)]))
  for (const [relation, attributes] of touched) {
    for (const attribute of attributes) {
      if (met.get(relation)?.has(attribute) === true) continue
      all.set(relation, (all.get(relation) ?? new Set()).add(attribute))
    }
  }
  return {
    outputs: outputs.map(
      (passed) =>
        passed?.flatMap(({ relation, attribute }) => nameColumns(new Map([[relation, new Set([attribute])]]), names)) ??
        null,
    ),
    used: nameColumns(all, names),
  }
}

function columnsOf(relation: { columns: ReadonlyMap<number, string> }, numbers: ReadonlySet<number>): string[] {
  if (numbers.has(0)) return [...relation.columns].filter(([number]) => number > 0).map(([, name]) => name)
  return [...numbers].map((number) => known(relation.columns.get(number), 'column', number))
}

function known<T>(value: T | undefined, what: string, oid: number): T {
  if (value === undefined) throw new Error(`the ${what} with number ${oid} is not in the shadow's catalog`)
  return value
}

/** Names, types and origins of the output columns. `printType` is format_type of a type's OID and modifier. */
export async function nameOutput(
  fields: readonly RawField[],
  names: Names,
  printType: (oid: number, modifier: number) => Promise<string>,
): Promise<Resolution['output']> {
  const output: Resolution['output'][number][] = []
  for (const field of fields) {
    const relation = names.relations.get(field.tableOid)
    const column = relation?.columns.get(field.columnNumber)
    const origin = relation === undefined || column === undefined ? null : { relation: relation.name, column }
    output.push({ name: field.name, type: await printType(field.typeOid, field.typeModifier), origin })
  }
  return output
}
