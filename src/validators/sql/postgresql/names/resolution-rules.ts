import type { Resolution, ResolutionFailure } from '../../../../core/catalog.ts'
import type { Finding } from '../../../../core/verdict.ts'
import type { Examined } from '../examine.ts'
import type { FunctionPolicy } from '../functions/function-policy.ts'
import { usableColumns, type AllowedRelation, type ColumnRule, type SqlPolicy } from '../../policy.ts'
import { sourceOffset } from '../grammar/places.ts'
import { createPlacer } from '../../location.ts'
import { listNames } from '../../list-names.ts'
import { strangeTypes } from './types.ts'

interface Place {
  readonly line: number
  readonly column: number
}

const start: Place = { line: 1, column: 1 }

/** What is wrong with a statement that does not analyze, by class of SQLSTATE; never the database's own words. */
const failures: Readonly<Record<string, string>> = {
  '42702': 'A column name is ambiguous: put the table before it, as in orders.id.',
  '42703': 'A column does not exist.',
  '42P01': 'A table name is not in scope here: check the FROM clause and the aliases.',
  '42P10': 'ORDER BY, GROUP BY or DISTINCT refers to a position or expression that is not in the select list.',
  '42803': 'A column must be in GROUP BY or inside an aggregate, and aggregates are not allowed in WHERE.',
  '42804': 'Types do not match: cast one side, for example value::numeric.',
  '42883': 'No function or operator takes these argument types: add a cast.',
  '42725': 'A function or operator fits in more than one way: add a cast.',
  '42846': 'This cast is not possible.',
  '42601':
    'The statement is not complete: sides of a set operation or VALUES differ in their columns, or a clause is malformed.',
  '42P18': 'A type cannot be told: add a cast.',
  '42P20': 'A window function stands where it is not allowed.',
  '42P19': 'The recursive query is malformed: it needs a first part, UNION ALL, and a part that refers to itself once.',
  '42P09': 'A table or alias name is used ambiguously.',
  '42712': 'Two tables in FROM have the same name: give one an alias.',
  '42704':
    'A type does not exist, or a collation is not known where statements are checked: sort without COLLATE, or with COLLATE "C".',
  '22007': 'A date or time literal is not valid: write it as YYYY-MM-DD.',
  '22008': 'A date or time literal is out of range.',
  '22P02': 'A literal does not fit its type.',
  '22003': 'A number literal is out of range.',
  '0A000': 'PostgreSQL does not support this here.',
}

/** A statement as it was sent, and the canonical text that was analyzed. */
interface Unresolved extends Pick<Examined, 'canonical' | 'columns' | 'functions' | 'places'> {
  readonly source: string
}

/** The statement does not analyze. A column that is denied and one that is missing read the same. */
export function explainFailure(failure: ResolutionFailure, examined: Unresolved, policy: SqlPolicy): Finding {
  const hidden = examined.columns.find((mention) => isHidden(mention.name, policy))
  if (failure.sqlstate === '42703' || hidden !== undefined) {
    const named = failure.position === null ? null : nameAt(examined.canonical, failure.position)
    const missing = examined.columns.find((mention) => mention.name === named)
    return columnNotAllowed((hidden ?? missing)?.name ?? named, hidden ?? missing ?? start, { ...examined, policy })
  }
  const message = failures[failure.sqlstate] ?? 'PostgreSQL cannot analyze this statement.'
  const place = failure.position === null ? start : placeOf(examined, failure.position)
  return { rule: 'sql/does-not-analyze', ...place, message: `${message} (SQLSTATE ${failure.sqlstate})` }
}

/** Allowlists over what the analyzer resolved. Fails closed: what policy does not name is a finding. */
export function checkResolution(
  resolution: Resolution,
  examined: Examined,
  given: {
    readonly policy: SqlPolicy
    readonly functions: FunctionPolicy
    /** Columns the gate itself put into the statement. */
    readonly guards: readonly string[]
  },
): Finding[] {
  const { policy, functions } = given
  const findings: Finding[] = []
  for (const relation of resolution.relations) {
    if (policy.relations.has(relation)) continue
    const message = 'The statement reads a table you may not use.'
    findings.push({ rule: 'sql/relation-not-allowed', ...start, message })
  }
  for (const column of resolution.columns) {
    const rule = ruleOf(column, policy)
    if ((rule !== null && rule.kind !== 'deny') || given.guards.includes(column)) continue
    const name = column.split('.').slice(2).join('.')
    const mention =
      examined.columns.find((item) => item.name === name) ?? examined.columns.find((item) => item.name === '*')
    const whole = mention === undefined || mention.name === '*'
    findings.push(whole ? wholeRow(mention ?? start) : columnNotAllowed(name, mention, { ...examined, policy }))
  }
  for (const signature of resolution.functions) {
    if (functions.allowsSignature(signature)) continue
    const name = /^[^.]*\.(.*)\(/.exec(signature)?.[1] ?? signature
    const place = examined.functions.find((item) => item.name === name) ?? start
    const own = !signature.startsWith('pg_catalog.') && functions.allowsName('pg_catalog', name)
    const hint = own ? ` The built-in one is pg_catalog.${name}(…).` : ''
    const message = `The function "${signature.replace('pg_catalog.', '')}" is not one you may use.${hint}`
    findings.push({ rule: 'sql/function-not-allowed', line: place.line, column: place.column, message })
  }
  for (const type of strangeTypes(resolution.types ?? [], resolution.relations, policy)) {
    const message = `The statement makes values of the type "${type.replace('pg_catalog.', '')}", which is not allowed.`
    findings.push({ rule: 'sql/type-not-allowed', ...start, message })
  }
  return findings
}

/** Columns of `schema.relation.column` under a rule that only some uses satisfy. */
export function restrictedColumns(resolution: Resolution, policy: SqlPolicy): { name: string; rule: ColumnRule }[] {
  return resolution.columns.flatMap((name) => {
    const rule = ruleOf(name, policy)
    return rule !== null && (rule.kind === 'mask' || rule.kind === 'aggregate-only') ? [{ name, rule }] : []
  })
}

/** The rule of `schema.relation.column`; null where policy has none. */
export function ruleOf(column: string, policy: SqlPolicy): ColumnRule | null {
  for (const [relation, allowed] of policy.relations) {
    if (column.startsWith(`${relation}.`)) return allowed.columns.get(column.slice(relation.length + 1)) ?? null
  }
  return null
}

/** Denied wherever policy has a column of the name. */
function isHidden(name: string, policy: SqlPolicy): boolean {
  const rules = [...policy.relations.values()].flatMap((relation) => relation.columns.get(name) ?? [])
  return rules.length > 0 && rules.every((rule) => rule.kind === 'deny')
}

interface Asked extends Pick<Examined, 'canonical'> {
  /** Absent where nothing but the canonical text is known. */
  readonly source?: string
  readonly policy: SqlPolicy
}

/** Offers the columns of the tables that the statement reads. */
function columnNotAllowed(name: string | null, place: Place, { source = '', canonical, policy }: Asked): Finding {
  const all = [...policy.relations.values()]
  const read = all.filter((relation) => canonical.includes(printedName(relation)))
  const usable = [...new Set((read.length > 0 ? read : all).flatMap(usableColumns))].sort()
  const what = name === null ? 'A column that is joined by' : `"${name}"`
  const isPlain = name === null || (/^[a-z_][a-z0-9_]*$/.test(name) && !source.includes(`"${name}"`))
  const quotes = isPlain ? '' : ' Text stands in single quotes.'
  const message = `${what} is not a column you may use here.${quotes} You may use ${listNames(usable)}.`
  return { rule: 'sql/column-not-allowed', line: place.line, column: place.column, message }
}

function printedName({ schema, name }: AllowedRelation): string {
  return [schema, name].map((part) => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : `"${part}"`)).join('.')
}

function wholeRow(place: Place): Finding {
  const message = 'A whole row is used, and some of its columns may not be read. Name the columns.'
  return { rule: 'sql/column-not-allowed', line: place.line, column: place.column, message }
}

/** The last name of the dotted path at a 1-based character position. */
function nameAt(text: string, position: number): string | null {
  const match = /^(?:(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)\.?)+/u.exec(
    Array.from(text)
      .slice(position - 1)
      .join(''),
  )
  const last = match?.[0].match(/"(?:[^"]|"")*"|[^."]+/g)?.at(-1)
  return last === undefined ? null : last.replace(/^"|"$/g, '').replaceAll('""', '"')
}

/** Where in the source the part stood that has this 1-based character position in the canonical text. */
function placeOf({ source, canonical, places }: Unresolved, position: number): Place {
  const bytes = Buffer.byteLength(
    Array.from(canonical)
      .slice(0, position - 1)
      .join(''),
  )
  return createPlacer(source)(sourceOffset(places, bytes))
}
