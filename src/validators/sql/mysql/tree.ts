import type { RawFinding } from '../location.ts'

/** A node of node-sql-parser's tree. */
export type Node = Readonly<Record<string, unknown>>

/** Ends the translation of a statement of which no reading is known to be safe. */
export class Refusal extends Error {
  readonly finding: Omit<RawFinding, 'offset'>

  constructor(rule: string, message: string) {
    super(message)
    this.name = 'Refusal'
    this.finding = { rule, message }
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function nodeOf(value: unknown): Node {
  if (!isNode(value)) throw unknownForm()
  return value
}

export function listOf(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) throw unknownForm()
  return value
}

/** Members in which the parser keeps its own notes; the translation does not read them. */
const notes = new Set(['loc', 'tableList', 'columnList'])

/**
 * Holds that a node has no field beyond the known ones. This is what makes the walk strict: a clause that a version of the
 * parser puts where nobody looks is an unknown field, and refused.
 */
export function expectFields(node: Node, known: readonly string[]): void {
  for (const [field, value] of Object.entries(node)) {
    if (value === null || value === undefined || known.includes(field) || notes.has(field)) continue
    throw unknownForm(field)
  }
}

/** What to write for the forms that are met most often. */
const forms: ReadonlyMap<string, string> = new Map([
  ['window', 'Write OVER (PARTITION BY … ORDER BY …) at each function.'],
  ['trim', "Write TRIM(value) or TRIM(BOTH 'x' FROM value)."],
  ['prefix', 'Join a grouped subquery instead of LATERAL.'],
  ['options', 'Leave SQL_NO_CACHE and the like out.'],
  ['fulltext search', "Write LIKE '%word%' for MATCH … AGAINST."],
])

export function unknownForm(what?: string): Refusal {
  const named =
    what === undefined || !/^[a-z_]{1,30}$/i.test(what) ? '' : ` (${what.replaceAll('_', ' ').toLowerCase()})`
  const instead = forms.get(what?.toLowerCase() ?? '') ?? 'Write it as a plain SELECT.'
  const message = `The statement holds a form that is not among those allowed${named}. ${instead}`
  return new Refusal('sql/not-allowed', message)
}

/** A name as the parser gives it: a plain string, or an object that says how it was quoted. */
export function nameOf(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  if (isNode(value) && (value['type'] === 'default' || value['type'] === 'backticks_quote_string')) {
    expectFields(value, ['type', 'value'])
    return nameOf(value['value'])
  }
  throw unknownForm('name')
}

export function quoteName(name: string): string {
  if (!/^[^`\\\p{Cc}]{1,256}$/u.test(name) || /\s$/.test(name)) throw unknownForm('name')
  return `\`${name}\``
}

/** Holds that a node is of this type and has no other field than these. */
export function expectType(node: Node, type: string, known: readonly string[]): void {
  if (node['type'] !== type) throw unknownForm(type)
  expectFields(node, ['type', ...known])
}

/** A word that is no name, in capitals; null for anything else. */
export function wordOf(value: unknown): string | null {
  if (!isNode(value) || value['type'] !== 'origin') return null
  expectFields(value, ['type', 'value'])
  return String(value['value']).toUpperCase()
}

/** UTF-16 offset of a node in the text, null where the parser gives none. */
export function placeOf(node: Node): number | null {
  const start = isNode(node['loc']) ? node['loc']['start'] : null
  const offset = isNode(start) ? start['offset'] : null
  return typeof offset === 'number' ? offset : null
}
