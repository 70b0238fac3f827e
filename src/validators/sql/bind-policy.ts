import { bytesOf } from '../../core/sizes.ts'
import { createHash } from 'node:crypto'
import type { Catalog, CatalogRelation, Inheritance } from '../../core/catalog.ts'
import { ServiceError } from '../../core/errors.ts'
import { reviewedNames } from './postgresql/functions/function-families.ts'
import { signatureOf } from './postgresql/functions/function-policy.ts'
import { inheritRules } from './inheritance/inherit-rules.ts'
import { inheritMysqlViews } from './mysql/views.ts'
import { inheritTrees } from './inheritance/inherit-trees.ts'
import { unseenReaders } from './postgresql/names/unseen-readers.ts'
import { viewLedgerProblems } from './inheritance/view-ledgers.ts'
import type { Lineage } from './inheritance/view-lineage.ts'
import { readRelationTrees } from './inheritance/relation-trees.ts'
import type { SqlPolicyOptions } from './options.ts'
import type { AllowedRelation, ColumnRule, SqlPolicy } from './policy.ts'
import { closest } from '../../text/closest.ts'

type RelationOption = SqlPolicyOptions['relations'][string]
type RuleOption =
  | 'allow'
  | 'deny'
  | 'aggregate-only'
  | { readonly mask: 'null' | 'hash' | 'partial' | 'bucket' | 'year' | 'month' }

const allow: ColumnRule = { kind: 'allow' }
const deny: ColumnRule = { kind: 'deny' }

/**
 * A policy as written, bound to what the source really holds. A relation, column or key that does not exist is an
 * `invalid-config` error naming it, never ignored: a typo must not silently allow less or deny less. Rules follow the rows
 * to partitions, parents and children. What is computed from a restricted column is denied unless the policy names it:
 * generated columns, and with `lineage` those of views.
 */
export function bindPolicy(options: SqlPolicyOptions, catalog: Catalog, lineage: Lineage = new Map()): SqlPolicy {
  const problems: string[] = []
  const written = new Map<string, AllowedRelation>()
  const named = new Set<string>()
  for (const [name, option] of Object.entries(options.relations)) {
    const relation = findInCatalog(name, catalog, options.search_path)
    if (relation === null) {
      const names = catalog.relations.map((item) => `${item.schema}.${item.name}`)
      const similar = closest(name, [...names, ...catalog.relations.map((item) => item.name)])
      problems.push(`relation "${name}" does not exist${similar === null ? '' : `; is it "${similar}"?`}`)
      continue
    }
    const key = `${relation.schema}.${relation.name}`
    written.set(key, bindRelation(relation, option, problems))
    for (const column of namedRules(option).rules.keys()) named.add(`${key}.${column}`)
  }
  problems.push(...options.functions.flatMap((signature) => problemOfFunction(signature, catalog.functions) ?? []))
  const isNamed = (relation: string, column: string): boolean => named.has(`${relation}.${column}`)
  const inherited = inheritTrees({ relations: written, catalog, isNamed })
  const isMysql = catalog.dialect.name === 'mysql'
  const viewed = isMysql ? inheritMysqlViews({ ...inherited, catalog, isNamed }) : null
  problems.push(...inherited.problems, ...(viewed?.problems ?? []))
  failOn(problems)
  const known = new Set(catalog.relations.map(({ schema, name }) => `${schema}.${name}`))
  const couldRead = unseenReaders(options, catalog, inherited.relations)
  const relations = viewed?.relations ?? inheritRules({ ...inherited, known, lineage, couldRead, isNamed })
  if (options.differencing_ledger) failOn(viewLedgerProblems({ ...inherited, relations, catalog, lineage, known }))
  const types = [...relations.values()].flatMap((relation) => typesOf(relation, catalog))
  return {
    relations,
    rowLimit: options.row_limit,
    maximumBytes: options.maximum_mb === null ? null : bytesOf.mb(options.maximum_mb),
    timeoutMilliseconds: options.timeout_ms,
    maximumCost: options.maximum_cost,
    functions: options.functions,
    overloadedFunctions: overloadedNames(options, catalog),
    types: [...new Set(types)].sort(),
    minimumGroupSize: options.minimum_group_size,
    watchesDifferences: options.differencing_ledger,
    inheritance: catalog.dialect.name === 'postgresql' ? inheritanceOf(relations, catalog) : null,
    searchPath: options.search_path,
    version: createHash('sha256').update(JSON.stringify(options)).update(catalog.fingerprint).digest('hex'),
  }
}

function inheritanceOf(relations: ReadonlyMap<string, AllowedRelation>, catalog: Catalog): Inheritance | null {
  const restricted = [...relations].filter(([, { columns }]) =>
    [...columns.values()].some(({ kind }) => kind !== 'allow'),
  )
  return restricted.length === 0 ? null : readRelationTrees(catalog).around(restricted.map(([name]) => name))
}

function failOn(problems: readonly string[]): void {
  if (problems.length === 0) return
  throw new ServiceError('invalid-config', `The policy does not fit the data source: ${problems.join('; ')}.`)
}

/** Functions by name in the built-in schema and in those of the search path: names that more than one of them has. */
function overloadedNames({ functions, search_path }: SqlPolicyOptions, { functions: known = [] }: Catalog): string[] {
  const searched = new Set([...search_path, 'pg_catalog'])
  const schemas = new Map<string, Set<string>>(reviewedNames.map((name) => [name, new Set(['pg_catalog'])]))
  for (const signature of [...functions, ...known]) {
    const [, schema = '', name = ''] = /^([^.(]+)\.([^.(]+)\(/.exec(signature) ?? []
    if (searched.has(schema)) schemas.set(name, (schemas.get(name) ?? new Set()).add(schema))
  }
  return [...schemas].flatMap(([name, found]) => (found.size > 1 ? [name] : [])).sort()
}

/** `known` is absent where a source does not list its functions: then only the form is looked at. */
function problemOfFunction(written: string, known: readonly string[] | undefined): string | null {
  const form = /^([^.()]+)\.([^.()]+)\([^()]*\)$/.exec(written)
  if (form === null) return `function "${written}" is not of the form schema.name(argument types)`
  const signature = signatureOf(written)
  if (known === undefined || known.includes(signature)) return null
  const overloads = known.filter((item) => item.startsWith(`${form[1]}.${form[2]}(`))
  const similar = overloads.length > 0 ? null : closest(signature, known)
  const hint = similar === null ? '' : `; is it "${similar}"?`
  return `function "${written}" does not exist${overloads.length > 0 ? `; there is ${overloads.join(', ')}` : hint}`
}

function findInCatalog(name: string, catalog: Catalog, searchPath: readonly string[]): CatalogRelation | null {
  const exact = catalog.relations.find((relation) => `${relation.schema}.${relation.name}` === name)
  if (exact !== undefined) return exact
  for (const schema of searchPath) {
    const found = catalog.relations.find((relation) => relation.schema === schema && relation.name === name)
    if (found !== undefined) return found
  }
  return null
}

function bindRelation(relation: CatalogRelation, option: RelationOption, problems: string[]): AllowedRelation {
  const named = namedRules(option)
  const { entity_key: entityKey = null, row_key: rowKey = null } =
    typeof option === 'object' && !Array.isArray(option) ? option : {}
  const existing = relation.columns.map((column) => column.name)
  for (const column of [...named.rules.keys(), ...[entityKey, rowKey].filter((key) => key !== null)]) {
    if (existing.includes(column)) continue
    const similar = closest(column, existing)
    const hint = similar === null ? '' : `; is it "${similar}"?`
    problems.push(`column "${column}" of "${relation.name}" does not exist${hint}`)
  }
  const columns = new Map(existing.map((column) => [column, named.rules.get(column) ?? named.other]))
  if (entityKey === null && [...columns.values()].some((rule) => rule.kind === 'aggregate-only')) {
    problems.push(`relation "${relation.name}" has an aggregate-only column and needs an entity_key`)
  }
  return {
    schema: relation.schema,
    name: relation.name,
    columns,
    types: new Map(relation.columns.map(({ name, type }) => [name, type])),
    ...(relation.kind === 'view' ? { view: null } : {}),
    entityKey,
    rowKey,
    estimatedRows: relation.estimatedRows,
  }
}

function namedRules(option: RelationOption): { rules: ReadonlyMap<string, ColumnRule>; other: ColumnRule } {
  if (option === '*') return { rules: new Map(), other: allow }
  if (Array.isArray(option)) return { rules: new Map(option.map((column) => [column, allow])), other: deny }
  const rules = Object.entries(option.columns).map(([column, rule]) => [column, ruleOf(rule)] as const)
  return { rules: new Map(rules), other: ruleOf(option.other_columns) }
}

function ruleOf(option: RuleOption): ColumnRule {
  return typeof option === 'string' ? { kind: option } : { kind: 'mask', how: option.mask }
}

function typesOf(relation: AllowedRelation, catalog: Catalog): string[] {
  const found = catalog.relations.find((item) => item.schema === relation.schema && item.name === relation.name)
  return (found?.columns ?? [])
    .filter((column) => relation.columns.get(column.name)?.kind !== 'deny')
    .map((column) => column.type.replace(/\(.*\)|\[\]/g, ''))
}
