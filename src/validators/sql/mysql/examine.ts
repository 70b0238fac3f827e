import { bytesOf } from '../../../core/sizes.ts'
import nodeSqlParser from 'node-sql-parser/build/mysql.js'
import type { Finding } from '../../../core/verdict.ts'
import { checkBytes } from '../bytes.ts'
import { insteadOfForeignSyntax } from '../foreign-syntax.ts'
import { placeFindings, type RawFinding } from '../location.ts'
import type { SqlGateOptions } from '../options.ts'
import type { SqlPolicy } from '../policy.ts'
import type { Translation } from './scope.ts'
import { translateQuery } from './select.ts'
import { checkText } from './text.ts'
import { isNode, Refusal, type Node } from './tree.ts'

/** What the checks of a MySQL or MariaDB source are given: no shadow, the policy knows every column of its tables. */
export interface MysqlProfile {
  readonly dialect: 'mysql'
  readonly policy: SqlPolicy
  readonly options: SqlGateOptions
}

/** A statement translated: the only text that runs, and everything that it names. */
export interface Translated extends Reading {
  /** What runs: the canonical text, but that masked outputs leave the database no longer than their masks need them. */
  readonly shown: string
}

interface Reading {
  readonly canonical: string
  readonly relations: readonly string[]
  readonly columns: readonly string[]
  readonly functions: readonly string[]
  readonly masks: Translation['masks']
}

export type MysqlExamination =
  | { readonly kind: 'refused'; readonly findings: readonly [Finding, ...Finding[]] }
  | { readonly kind: 'translated'; readonly value: Translated }

type Outcome = { readonly findings: readonly RawFinding[] } | { readonly translated: Reading }

const parser = new nodeSqlParser.Parser()

/**
 * Every step of the weaker gate, in order; each fails closed. The parser's reading is not trusted to be MySQL's: what runs
 * is a text of our own, written from the tree, in which every table has its schema, every column its table, and every
 * operator its brackets. Read again it has to give itself.
 */
export function examineMysql(source: string, profile: MysqlProfile): MysqlExamination {
  const limits = {
    maximumBytes: bytesOf.kb(profile.options.maximum_kb),
    maximumBrackets: profile.options.maximum_depth,
  }
  const bytes = checkBytes(source, limits)
  if (bytes !== null) return refuse(source, [bytes])
  const first = translate(source, profile)
  if ('findings' in first) return refuse(source, first.findings)
  const again = translate(first.translated.canonical, profile)
  if ('findings' in again || JSON.stringify(again.translated) !== JSON.stringify(first.translated)) {
    const message = 'The statement cannot be written down so that it reads the same. Write it in a simpler form.'
    return refuse(source, [{ rule: 'sql/no-canonical-text', offset: 0, message }])
  }
  const { masks, canonical } = first.translated
  const shown = masks.length === 0 ? first : translate(canonical, profile, { hidesValues: true })
  if ('findings' in shown) return refuse(source, shown.findings)
  return { kind: 'translated', value: { ...first.translated, shown: shown.translated.canonical } }
}

function refuse(source: string, raw: readonly RawFinding[]): MysqlExamination {
  const [first, ...rest] = placeFindings(source, raw)
  if (first === undefined) throw new TypeError('A refusal needs a finding.')
  return { kind: 'refused', findings: [first, ...rest] }
}

function translate(
  source: string,
  { policy, options }: MysqlProfile,
  { hidesValues } = { hidesValues: false },
): Outcome {
  const checked = checkText(source)
  if ('finding' in checked) return { findings: [checked.finding] }
  const statement = parse(checked.text)
  if ('findings' in statement) return statement
  const findings: RawFinding[] = []
  const translation: Translation = {
    policy,
    options,
    findings,
    hidesValues,
    at: 0,
    masks: [],
    relations: new Set(),
    columns: new Set(),
    functions: new Set(),
    counts: { tables: 0, withs: 0, nodes: 0, depth: 0, setOperations: 0 },
    report: (rule, message) => findings.push({ rule, message, offset: byteAt(source, translation.at) }),
  }
  try {
    const query = translateQuery(statement.select, { scope: null, withs: new Map(), inner: null }, translation)
    if (findings.length > 0) return { findings }
    const { relations, columns, functions, masks } = translation
    const lists = { relations: [...relations].sort(), columns: [...columns].sort(), functions: [...functions].sort() }
    return { translated: { canonical: query.text, ...lists, masks } }
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    // A table that is not allowed ends the translation with its finding already made.
    const own = thrown.finding.rule === '' ? [] : [{ ...thrown.finding, offset: byteAt(source, translation.at) }]
    return { findings: [...findings, ...own] }
  }
}

function byteAt(source: string, offset: number): number {
  return Buffer.byteLength(source.slice(0, offset))
}

function parse(text: string): { readonly select: Node } | { readonly findings: readonly RawFinding[] } {
  let parsed: unknown
  try {
    parsed = parser.astify(text, { database: 'mysql', parseOptions: { includeLocations: true } })
  } catch (thrown) {
    if (thrown instanceof RangeError) throw thrown
    const hint = insteadOfForeignSyntax(text, 'mysql') || ' Write it in plain MySQL.'
    const message = `This is not a SELECT that the parser can read.${hint}`
    return { findings: [{ rule: 'sql/syntax', offset: byteAt(text, syntaxOffset(thrown)), message }] }
  }
  const statements = Array.isArray(parsed) ? parsed : [parsed]
  const [select] = statements
  const isSelect = isNode(select) && select['type'] === 'select'
  if (statements.length !== 1 || !isSelect) {
    const rule = statements.length === 1 ? 'sql/not-select' : 'sql/several-statements'
    const message = statements.length === 1 ? 'Only SELECT is allowed.' : 'Only one statement may be sent.'
    return { findings: [{ rule, offset: 0, message }] }
  }
  return { select }
}

function syntaxOffset(thrown: unknown): number {
  const location = isNode(thrown) || thrown instanceof Error ? (thrown as { location?: unknown }).location : null
  const start = isNode(location) && isNode(location['start']) ? location['start']['offset'] : null
  return typeof start === 'number' ? start : 0
}
