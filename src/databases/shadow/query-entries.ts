import { isTextNode, listOf, type TextNode, type TextValue } from './node-text.ts'

/** Kinds of an entry of FROM (RTEKind, nodes/parsenodes.h). */
const kinds = { 0: 'relation', 1: 'subquery', 2: 'join', 6: 'with', 9: 'group' } as const
const union = '1'

type EntryKind = (typeof kinds)[keyof typeof kinds]

/** What an entry of a query's FROM is; undefined for kinds whose columns come from expressions. */
export function kindOf({ fields }: TextNode): EntryKind | undefined {
  const kind = fields['rtekind']
  return typeof kind === 'string' ? (kinds as Readonly<Record<string, EntryKind | undefined>>)[kind] : undefined
}

/** An item of a list by its number, from 1; the whole list for 0. */
export function itemsAt(list: TextValue | undefined, number: number): TextValue {
  return number === 0 ? listOf(list) : (listOf(list)[number - 1] ?? [])
}

/** Nothing but UNION ALL, which takes the rows of each side as they are; true where there is no set operation. */
export function isPlainUnion(operation: TextValue | undefined): boolean {
  if (!isTextNode(operation) || operation.type !== 'SETOPERATIONSTMT') return true
  const { op, all, larg, rarg } = operation.fields
  return op === union && all === 'true' && isPlainUnion(larg) && isPlainUnion(rarg)
}
