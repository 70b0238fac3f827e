import type { JsonValue } from '../../../core/json.ts'
import { isStruct, type Struct } from '../syntax-tree.ts'
import type { RawFinding } from '../location.ts'
import type { SqlGateOptions } from '../options.ts'
import type { SqlPolicy } from '../policy.ts'
import { checkFunction, syntaxNotAllowed } from './rules.ts'
import { projectTable, qualifyTable } from './tables.ts'
import {
  expressionFields,
  modifierFields,
  nodeFields,
  recordFields,
  tableFields,
  type Fields,
  type Rule,
} from './tree-fields.ts'
import { isPathOfParts, lower, TreeFacts } from './tree-facts.ts'

type Scope = ReadonlySet<string>
type JsonRecord = { [field: string]: JsonValue }

/** Thrown at a tree no parser should have made, since nothing behind it can be judged. */
class StrangeTree extends Error {}

/**
 * Walks a tree strictly and builds a new one, with its tables named in full and reduced to the columns that may be
 * read. Fails closed: a class, type or field without an entry in the table is a finding, and nothing but what was
 * walked is in the result.
 */
export function rebuildTree(
  node: unknown,
  policy: SqlPolicy,
  options: SqlGateOptions,
): { readonly node: JsonValue; readonly facts: TreeFacts } {
  const facts = new TreeFacts(policy, options)
  try {
    const rebuilt = new Rebuilder(facts).node(node, new Set())
    facts.checkNames()
    return { node: rebuilt, facts }
  } catch (thrown) {
    if (thrown instanceof StrangeTree) return { node: null, facts }
    throw thrown
  }
}

class Rebuilder {
  readonly #facts: TreeFacts
  /** Where the current part stands, in bytes: a part without a place of its own has that of the part around it. */
  #offset = 0

  constructor(facts: TreeFacts) {
    this.#facts = facts
  }

  /** A SELECT, a set operation, or the body of a recursive query, with its WITH queries. */
  node(value: unknown, outer: Scope): JsonValue {
    const struct = this.#struct(value)
    const type = String(struct['type'])
    const fields = this.#fieldsOf(nodeFields, type)
    const { entries, scope } = this.#withQueries(struct['cte_map'], outer)
    const { cte_map: _map, ...rest } = struct
    const inner = type === 'RECURSIVE_CTE_NODE' ? new Set([...scope, lower(struct['cte_name'])]) : scope
    return { ...this.#fields(rest, fields, inner), type, cte_map: { map: entries } }
  }

  /** A WITH query sees those before it; that it sees itself where it is recursive is its own node's matter. */
  #withQueries(value: unknown, outer: Scope): { entries: JsonValue[]; scope: Scope } {
    const scope = new Set(outer)
    const { map, ...unknown } = value === undefined ? { map: [] } : this.#struct(value)
    this.#noMore(unknown)
    const entries = this.#list(map).map((item): JsonValue => {
      const { key, value: query, ...others } = this.#struct(item)
      this.#noMore(others)
      const name = this.#text(key)
      const made = this.#record(query, 'with', scope)
      this.#facts.own(name)
      scope.add(name.toLowerCase())
      return { key: name, value: made }
    })
    return { entries, scope }
  }

  #expression(value: unknown, scope: Scope): JsonValue {
    const struct = this.#struct(value)
    const kind = String(struct['class'])
    const { class: _class, alias = '', ...rest } = struct
    const made = this.#fields(rest, this.#fieldsOf(expressionFields, kind, struct), scope)
    this.#facts.own(alias)
    this.#facts.inspect(kind, { ...struct, ...made }, this.#offsetOf(struct))
    if (kind === 'COLUMN_REF') made['column_names'] = this.#facts.withoutSchema(made['column_names'] ?? [])
    return { ...made, class: kind, alias: this.#text(alias) }
  }

  #table(value: unknown, scope: Scope): JsonValue {
    const struct = this.#struct(value)
    const type = String(struct['type'])
    const fields = this.#fieldsOf(tableFields, type, struct)
    if (type !== 'EMPTY' && type !== 'JOIN') this.#within(this.#facts.count('tables, subqueries and functions in FROM'))
    const offset = this.#offsetOf(struct)
    const { type: _type, ...rest } = struct
    const call = type === 'TABLE_FUNCTION' ? rest['function'] : undefined
    if (call !== undefined) delete rest['function']
    const made: JsonRecord = { ...this.#fields(rest, fields, scope), type }
    this.#facts.own(made['alias'], ...this.#list(made['column_name_alias'] ?? []))
    if (type === 'TABLE_FUNCTION') return { ...made, function: this.#call(call, scope, offset) }
    if (type === 'JOIN') this.#facts.mention(this.#list(made['using_columns']), offset)
    if (type === 'PIVOT' || made['ref_type'] === 'NATURAL') this.#facts.usesUnnamed = true
    return type === 'BASE_TABLE' ? this.#baseTable(made, scope, offset) : made
  }

  /** A function in FROM. */
  #call(value: unknown, scope: Scope, offset: number): JsonValue {
    const { class: kind, alias, ...rest } = this.#struct(value)
    const finding =
      kind === 'FUNCTION' && alias === '' ? checkFunction(rest, offset, 'table') : syntaxNotAllowed('', offset)
    if (finding !== null) throw this.#strange(finding)
    this.#facts.functions.add(lower(rest['function_name']))
    return { ...this.#fields(rest, this.#fieldsOf(expressionFields, 'FUNCTION'), scope), class: 'FUNCTION', alias: '' }
  }

  /** A WITH query in scope stays as it is: were it none to DuckDB, its name alone would not be found in any schema. */
  #baseTable(table: JsonRecord, scope: Scope, offset: number): JsonValue {
    if (!isPathOfParts(table)) throw this.#strange(syntaxNotAllowed('BASE_TABLE', offset))
    const isAlone = table['schema_name'] === '' && table['catalog_name'] === ''
    if (isAlone && scope.has(lower(table['table_name']))) return table
    const relation = this.#facts.relation(table, offset)
    if (relation === null) return table
    const isWhole = [...relation.columns.values()].every((rule) => rule.kind === 'allow')
    return isWhole ? qualifyTable(table, relation) : projectTable(table, relation)
  }

  #fieldsOf(table: Readonly<Record<string, Fields>>, type: string, struct: Struct = {}): Fields {
    const fields = Object.hasOwn(table, type) ? table[type] : undefined
    if (fields === undefined) throw this.#strange(syntaxNotAllowed(type, this.#offsetOf(struct)))
    return fields
  }

  #fields(struct: Struct, fields: Fields, scope: Scope): JsonRecord {
    const outerOffset = this.#offset
    this.#offset = this.#offsetOf(struct)
    this.#within(this.#facts.count('parts'))
    this.#within(this.#facts.count('levels of nesting'))
    const made: JsonRecord = {}
    for (const [field, value] of Object.entries(struct)) {
      if (field === 'query_location' || field === 'query_location_length') continue
      const rule = Object.hasOwn(fields, field) ? fields[field] : undefined
      if (rule === 'nothing') made[field] = this.#nothing(value, field)
      else if (rule !== undefined) made[field] = this.#value(value, rule, scope)
      // The type of nodes, tables and modifiers is what these fields were found by.
      else if (field !== 'type') throw this.#strange(syntaxNotAllowed(field, this.#offset))
    }
    this.#facts.count('levels of nesting', -1)
    this.#offset = outerOffset
    return made
  }

  #value(value: unknown, rule: Rule, scope: Scope): JsonValue {
    if (typeof rule === 'object') {
      if (typeof value === 'string' && rule.oneOf.test(value)) return value
      throw this.#strange(syntaxNotAllowed(String(value), this.#offset))
    }
    const [shape = '', record = ''] = rule.split(':')
    const isOptional = shape.endsWith('?')
    if (isOptional && value === null) return null
    return this.#one(value, { shape: isOptional ? shape.slice(0, -1) : shape, record }, scope)
  }

  #one(value: unknown, { shape, record }: { shape: string; record: string }, scope: Scope): JsonValue {
    switch (shape) {
      case 'expression':
        return this.#expression(value, scope)
      case 'expressions':
        return this.#list(value).map((item) => this.#expression(item, scope))
      case 'expression-lists':
        return this.#list(value).map((list) => this.#list(list).map((item) => this.#expression(item, scope)))
      case 'node':
        return this.node(value, scope)
      case 'nodes':
        return this.#list(value).map((item, index) => {
          if (index > 0) this.#within(this.#facts.count('set operations'))
          return this.node(item, scope)
        })
      case 'query':
        return this.#record(value, 'query', scope)
      case 'table':
        return this.#table(value, scope)
      case 'modifier':
        return this.#modifier(value, scope)
      case 'modifiers':
        return this.#list(value).map((item) => this.#modifier(item, scope))
      case 'record':
        return this.#record(value, record, scope)
      case 'records':
        return this.#list(value).map((item) => this.#record(item, record, scope))
      default:
        return this.#plain(value, shape)
    }
  }

  #plain(value: unknown, shape: string): JsonValue {
    if (shape === 'text') return this.#text(value)
    if (shape === 'texts') return this.#list(value).map((item) => this.#text(item))
    if (shape === 'flag' && typeof value === 'boolean') return value
    if (shape === 'number' && typeof value === 'number') return value
    if (shape === 'number-lists') return this.#list(value).map((list) => this.#list(list).map(Number))
    throw this.#strange(syntaxNotAllowed(shape, this.#offset))
  }

  #nothing(value: unknown, field: string): JsonValue {
    if (value === null || value === '' || value === false) return value
    if (Array.isArray(value) && value.length === 0) return []
    throw this.#strange(syntaxNotAllowed(field, this.#offset))
  }

  #modifier(value: unknown, scope: Scope): JsonValue {
    const struct = this.#struct(value)
    const type = String(struct['type'])
    return { ...this.#fields(struct, this.#fieldsOf(modifierFields, type, struct), scope), type }
  }

  #record(value: unknown, name: string, scope: Scope): JsonValue {
    return this.#fields(this.#struct(value), recordFields[name] ?? {}, scope)
  }

  #struct(value: unknown): Struct {
    if (isStruct(value)) return value
    throw this.#strange(syntaxNotAllowed(String(value), this.#offset))
  }

  #list(value: unknown): readonly unknown[] {
    if (Array.isArray(value)) return value as readonly unknown[]
    throw this.#strange(syntaxNotAllowed(String(value), this.#offset))
  }

  #noMore(fields: Struct): void {
    const [field] = Object.keys(fields)
    if (field !== undefined) throw this.#strange(syntaxNotAllowed(field, this.#offset))
  }

  #text(value: unknown): string {
    if (typeof value === 'string') return value
    throw this.#strange(syntaxNotAllowed(typeof value, this.#offset))
  }

  #offsetOf(struct: Struct): number {
    const location = struct['query_location']
    // Parts the parser made itself have the largest number there is.
    return typeof location === 'number' && location < 16_777_216 ? location : this.#offset
  }

  #within(finding: RawFinding | null): void {
    if (finding !== null) throw this.#strange({ ...finding, offset: this.#offset })
  }

  #strange(finding: RawFinding): StrangeTree {
    this.#facts.findings.push(finding)
    return new StrangeTree(finding.message)
  }
}
