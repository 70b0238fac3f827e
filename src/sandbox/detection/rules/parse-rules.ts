import { parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { priorities, type Priority } from '../../../core/detection-facts.ts'
import { eventFields, eventTypes } from '../event-types.ts'
import { eventTypesOf } from './event-types-of.ts'
import { parseCondition, type Vocabulary } from './parse-condition.ts'
import { ruleProblem } from './rule-problem.ts'
import type { DetectionRule, Expression } from './rule.ts'

const values = z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String))

const item = z.union([
  z.strictObject({ list: z.string().min(1), items: values }),
  z.strictObject({ macro: z.string().min(1), condition: z.string() }),
  z.strictObject({
    rule: z.string().min(1),
    desc: z.string(),
    condition: z.string(),
    output: z.string(),
    priority: z.string(),
    tags: values.default([]),
    enabled: z.boolean().default(true),
    source: z.literal('syscall').optional(),
  }),
  z.strictObject({ required_engine_version: z.union([z.number(), z.string()]) }),
])

type RuleItem = z.infer<typeof item>

/** The members that items of a rule file can have; what else Falco knows is refused by its name. */
const members = new Set(
  ['list', 'items', 'macro', 'condition', 'rule', 'desc', 'output', 'priority', 'tags', 'enabled', 'source'].concat(
    'required_engine_version',
  ),
)

const placeholder = /%\*?([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+(?:\[[^\]]*\])?)/g
const mostBytes = 1024 * 1024

/**
 * Reads a file of rules in the form of Falco and gives those that are enabled. Rejects with `invalid-config`, which
 * names the item and what of it is not understood: a rule that cannot be held as it stands is never left out in silence.
 */
export function parseRules(text: string): readonly DetectionRule[] {
  const items = readItems(text)
  const vocabulary = { lists: readLists(items), macros: readMacros(items) }
  // A macro that no rule uses has to be right, too: it may be used tomorrow.
  for (const [name, condition] of vocabulary.macros) parseCondition(`macro "${name}"`, condition, vocabulary)
  const rules = items.filter((each) => 'rule' in each)
  once(
    'rule',
    rules.map(({ rule }) => rule),
  )
  // One that is not enabled has to be right, too.
  const read = rules.map((rule) => ({ enabled: rule.enabled, rule: toRule(rule, vocabulary) }))
  return read.filter(({ enabled }) => enabled).map(({ rule }) => rule)
}

function readItems(text: string): readonly RuleItem[] {
  if (text.length > mostBytes) throw ruleProblem('The rule file', `it has more than ${mostBytes} characters`)
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true })
  const error = document.errors[0] ?? document.warnings[0]
  if (error !== undefined) throw ruleProblem('The rule file', `it is not valid YAML: ${error.message}`)
  const content = withoutAliases(document)
  if (!Array.isArray(content)) throw ruleProblem('The rule file', 'it is no list of rules, macros and lists')
  return content.map((given: unknown, index) => readItem(given, index))
}

/** A few lines of aliases can stand for more than memory holds. */
function withoutAliases(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch {
    throw ruleProblem('The rule file', 'aliases (*name) are not understood')
  }
}

function readItem(given: unknown, index: number): RuleItem {
  const parsed = item.safeParse(given)
  if (parsed.success) return parsed.data
  const name = nameOf(given) ?? `Item ${index + 1}`
  const keys = typeof given === 'object' && given !== null ? Object.keys(given) : []
  const foreign = keys.find((key) => !members.has(key))
  if (foreign !== undefined) throw ruleProblem(name, `"${foreign}" is not understood`)
  if ('source' in Object(given) && (given as { source: unknown }).source !== 'syscall') {
    throw ruleProblem(name, 'its source is not "syscall", and there are no other events')
  }
  throw ruleProblem(
    name,
    `it is neither a rule nor a macro nor a list: ${z.prettifyError(parsed.error).split('\n')[0]}`,
  )
}

function nameOf(given: unknown): string | null {
  if (typeof given !== 'object' || given === null) return null
  for (const kind of ['rule', 'macro', 'list']) {
    const name = (given as Record<string, unknown>)[kind]
    if (typeof name === 'string') return `${kind} "${name}"`
  }
  return null
}

function once(kind: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw ruleProblem(`${kind} "${twice}"`, 'there are two of this name')
}

/** Lists with the lists that they name put in. */
function readLists(items: readonly RuleItem[]): ReadonlyMap<string, readonly string[]> {
  const given = items.filter((each) => 'list' in each)
  once(
    'list',
    given.map(({ list }) => list),
  )
  const lists = new Map<string, readonly string[]>()
  // As in Falco, a list knows those that stand before it.
  for (const { list, items: entries } of given)
    lists.set(
      list,
      entries.flatMap((entry) => lists.get(entry) ?? [entry]),
    )
  return lists
}

function readMacros(items: readonly RuleItem[]): ReadonlyMap<string, string> {
  const given = items.filter((each) => 'macro' in each)
  once(
    'macro',
    given.map(({ macro }) => macro),
  )
  return new Map(given.map(({ macro, condition }) => [macro, condition]))
}

function toRule(given: Extract<RuleItem, { rule: string }>, vocabulary: Vocabulary): DetectionRule {
  const name = `rule "${given.rule}"`
  const condition = parseCondition(name, given.condition, vocabulary)
  return {
    name: given.rule,
    description: given.desc.trim(),
    priority: priorityOf(name, given.priority),
    tags: given.tags,
    output: given.output.trim(),
    fields: fieldsOf(name, given.output),
    condition,
    types: typesOf(name, condition),
  }
}

function priorityOf(name: string, given: string): Priority {
  const lower = given.toLowerCase()
  const found = priorities.find((priority) => priority === (lower === 'info' ? 'informational' : lower))
  if (found === undefined) throw ruleProblem(name, `there is no priority "${given}"`)
  return found
}

function fieldsOf(name: string, output: string): readonly string[] {
  const fields = [...output.matchAll(placeholder)].map((found) => found[1] ?? '')
  const unknown = fields.find((field) => !eventFields.has(field) && field !== 'evt.time')
  if (unknown !== undefined) throw ruleProblem(name, `its output names the field "${unknown}", which is not understood`)
  return [...new Set(fields.filter((field) => field !== 'evt.time'))]
}

function typesOf(name: string, condition: Expression): readonly string[] {
  const types = eventTypesOf(condition)
  if (types === null) throw ruleProblem(name, 'it restricts no evt.type, and would be asked about every event')
  if (types.size === 0) throw ruleProblem(name, 'it can hold for no evt.type')
  const unknown = [...types].find((type) => !eventTypes.has(type))
  if (unknown !== undefined) throw ruleProblem(name, `gVisor is asked for no event "${unknown}"`)
  return [...types]
}
