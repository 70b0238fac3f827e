import { readPlaces, withoutJoinColumns, type TreePlaces } from './tree-places.ts'

/**
 * Reads the analyzer's own tree of a statement, as `debug_print_parse` prints it: PostgreSQL's text form of a `Query`,
 * every node with the OIDs it was resolved to. What a statement may read is taken from the RTEPermissionInfo nodes, the
 * very record the executor checks privileges by (before PostgreSQL 16 it is part of the RTE), so a column counts in any position: USING,
 * NATURAL, whole-row, ORDER BY. Names and constants a statement brings along are printed escaped (a space as `\ `), so
 * text made to look like a field could at worst add an OID that the statement does not use, never hide one.
 */
export interface QueryReferences {
  /** Relation OID → attribute numbers; 0 stands for the whole row, negative numbers for system columns. */
  readonly relations: ReadonlyMap<number, ReadonlySet<number>>
  /** pg_proc OIDs. */
  readonly functions: ReadonlySet<number>
  /** pg_operator OIDs. */
  readonly operators: ReadonlySet<number>
  /** pg_type OIDs of every expression, constant and conversion. */
  readonly types: ReadonlySet<number>
  /** pg_type OIDs to which something is converted by way of its text form. */
  readonly textConversions: ReadonlySet<number>
  readonly places: TreePlaces
}

const functionFields =
  /:(?:funcid|opfuncid|aggfnoid|winfnoid|tsmhandler|startInRangeFunc|endInRangeFunc|hashfuncid|negfuncid)\s+(\d+)/g
const operatorFields = /:(?:opno|eqop|sortop)\s+(\d+)/g
const operatorLists = /:opnos\s+\(o([\s\d]*)\)/g
const typeFields =
  /:(?:vartype|consttype|paramtype|resulttype|funcresulttype|opresulttype|aggtype|wintype|array_typeid|element_typeid|row_typeid|coalescetype|minmaxtype|casetype|refcontainertype|refelemtype|refrestype|typeId|type(?=\s+\d+\s+:typmod))\s+(\d+)/g
const textConversionFields = /:resulttype\s+(\d+)\s+:resultcollid\s+\d+\s+:coerceformat/g
const relationEntries = /:rtekind\s+0\s+:relid\s+(\d+)/g
const permissions = String.raw`:requiredPerms\s+(\d+)\s+:checkAsUser\s+\d+\s+:selectedCols\s+\(b([\s\d]*)\)\s+:insertedCols\s+\(b([\s\d]*)\)\s+:updatedCols\s+\(b([\s\d]*)\)`
const permissionInfos = new RegExp(String.raw`\{RTEPERMISSIONINFO\s+:relid\s+(\d+)\s+:inh\s+\w+\s+${permissions}`, 'g')
/** Before PostgreSQL 16, from the entry of a relation to the privileges that end it. */
const entriesWithPermissions = new RegExp(
  String.raw`:rtekind\s+0\s+:relid\s+(\d+)\s+:relkind\s[^{}]*?(?:\{TABLESAMPLECLAUSE[\s\S]*?)?:inFromCl\s+\w+\s+${permissions}`,
  'g',
)

/** Bit sets of columns begin at FirstLowInvalidHeapAttributeNumber, -7 since PostgreSQL 12 (access/sysattr.h). */
const firstAttributeNumber = -7
/** ACL_SELECT (nodes/parsenodes.h). */
const selectPrivilege = 2

/** What the tree refers to; null when it is anything but a query that only reads. */
export function readQueryTree(tree: string): QueryReferences | null {
  if (!/^\{QUERY\s+:commandType\s+1\s/.test(tree)) return null
  if (/:commandType\s+(?!1\s)\d+/.test(tree) || !/:utilityStmt\s+<>/.test(tree)) return null
  if (/:has(?:ModifyingCTE|ForUpdate)\s+true/.test(tree)) return null
  const relations = readRelations(tree)
  if (relations === null) return null
  const operators = numbersOf(tree, operatorFields)
  for (const match of tree.matchAll(operatorLists)) for (const oid of numberList(match[1])) operators.add(oid)
  return {
    relations,
    functions: numbersOf(tree, functionFields),
    operators,
    types: numbersOf(withoutJoinColumns(tree), typeFields),
    textConversions: numbersOf(tree, textConversionFields),
    places: readPlaces(tree),
  }
}

function readRelations(tree: string): Map<number, Set<number>> | null {
  const relations = new Map<number, Set<number>>()
  const entries = [...tree.matchAll(relationEntries)]
  const isRecordApart = /:rteperminfos\s/.test(tree)
  const records = [...tree.matchAll(isRecordApart ? permissionInfos : entriesWithPermissions)]
  // A sample's argument may hold a query, whose entry would be passed over: then the numbers differ.
  if (!isRecordApart && records.length !== entries.length) return null
  for (const [, relation, privileges, selected, inserted, updated] of records) {
    if (Number(privileges) !== selectPrivilege) return null
    if (numberList(inserted).length + numberList(updated).length > 0) return null
    const columns = relations.get(Number(relation)) ?? new Set<number>()
    for (const bit of numberList(selected)) columns.add(bit + firstAttributeNumber)
    relations.set(Number(relation), columns)
  }
  // Each relation in a FROM has its permission record; a query with a relation without one is not understood, and is
  // not taken for a query that only reads.
  for (const [, relation] of entries) if (!relations.has(Number(relation))) return null
  return relations
}

function numbersOf(tree: string, field: RegExp): Set<number> {
  const numbers = new Set<number>()
  for (const match of tree.matchAll(field)) {
    const number = Number(match[1])
    if (number !== 0) numbers.add(number)
  }
  return numbers
}

function numberList(text: string | undefined): number[] {
  return (text ?? '').trim() === '' ? [] : (text ?? '').trim().split(/\s+/).map(Number)
}
