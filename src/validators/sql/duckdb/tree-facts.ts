import type { JsonValue } from '../../../core/json.ts'
import { isStruct, type Struct } from '../syntax-tree.ts'
import type { RawFinding } from '../location.ts'
import type { SqlGateOptions } from '../options.ts'
import { usableColumns, type AllowedRelation, type SqlPolicy } from '../policy.ts'
import { ComparedDates } from './dates.ts'
import { checkFunction, checkLiteral, checkSessionName, checkType, relationNotAllowed, tooComplex } from './rules.ts'

export interface Mention {
  readonly name: string
  /** Byte of the text that was sent. */
  readonly offset: number
}

type Countable = Parameters<typeof tooComplex>[0]

/** What the walk of a tree learns on its way, and what it finds against it. */
export class TreeFacts {
  readonly findings: RawFinding[] = []
  readonly relations = new Set<AllowedRelation>()
  readonly functions = new Set<string>()
  /** Names that may mean a column. */
  readonly columns: Mention[] = []
  /** Lower-case names the statement itself gives: aliases, WITH queries, columns of either. */
  readonly ownNames = new Set<string>()
  /** Stars, natural joins and the like: columns are used without being named. */
  usesUnnamed = false
  readonly #dates = new ComparedDates()
  readonly #policy: SqlPolicy
  readonly #options: SqlGateOptions
  readonly #byName: ReadonlyMap<string, AllowedRelation>
  readonly #counts = new Map<Countable, number>()

  constructor(policy: SqlPolicy, options: SqlGateOptions) {
    this.#policy = policy
    this.#options = options
    this.#byName = new Map([...policy.relations].map(([name, relation]) => [name.toLowerCase(), relation]))
  }

  /** Counts one more, or one less on the way back; the finding where that is too many. */
  count(what: Countable, step: 1 | -1 = 1): RawFinding | null {
    const count = (this.#counts.get(what) ?? 0) + step
    this.#counts.set(what, count)
    return tooComplex(what, count, this.#options)
  }

  own(...names: readonly unknown[]): void {
    for (const name of names) if (name !== '') this.ownNames.add(lower(name))
  }

  mention(names: readonly unknown[], offset: number): void {
    for (const name of names) if (typeof name === 'string') this.columns.push({ name, offset })
  }

  /** What an expression means, beside what it is made of. */
  inspect(kind: string, expression: Struct, offset: number): void {
    this.#dates.inspect(kind, expression, offset)
    if (kind === 'COLUMN_REF') this.mention(expression['column_names'] as readonly unknown[], offset)
    else if (kind === 'STAR' || kind === 'POSITIONAL_REFERENCE') this.usesUnnamed = true
    else if (kind === 'CONSTANT') this.#report(checkLiteral(expression, offset, this.#options))
    else if (kind === 'TYPE') this.#report(checkType(expression, offset))
    else if (kind === 'FUNCTION' || kind === 'WINDOW') {
      this.functions.add(lower(expression['function_name']))
      this.#report(checkFunction(expression, offset, 'value'))
    }
  }

  /** The relation a table in FROM means, the policy's search path first to last; null is a finding. */
  relation(table: Struct, offset: number): AllowedRelation | null {
    const { catalog_name: catalog, schema_name: schema, table_name: name } = table
    const schemas = schema === '' ? this.#policy.searchPath : [text(schema)]
    const found = schemas.map((candidate) => this.#find(candidate, text(name))).find((item) => item !== undefined)
    if (found !== undefined && (catalog === '' || lower(catalog) === 'memory')) {
      this.relations.add(found)
      this.own(found.name)
      return found
    }
    const readable = schema === '' ? text(name) : `${text(schema)}.${text(name)}`
    this.#report(relationNotAllowed(readable, offset, this.#policy))
    return null
  }

  /**
   * Checks what only the whole tree decides, so it is called at the end: texts may be dates to DuckDB, and a name that
   * is not a column of the tables in the statement may mean something else to DuckDB.
   */
  checkNames(): void {
    const usable = new Set([...this.relations].flatMap(usableColumns).map(lower))
    for (const { name, offset } of this.columns) {
      if (!usable.has(lower(name))) this.#report(checkSessionName(name, offset))
    }
    this.findings.push(...this.#dates.findings(this.relations, this.ownNames))
  }

  /** `public.orders.id` as `orders.id`: a table that was cut down to some columns stands in no schema. */
  withoutSchema(names: JsonValue): JsonValue {
    const [schema, table, ...more] = Array.isArray(names) ? (names as readonly JsonValue[]) : []
    if (schema === undefined || table === undefined || more.length === 0) return names
    return this.#find(text(schema), text(table)) === undefined ? names : [table, ...more]
  }

  #find(schema: string, name: string): AllowedRelation | undefined {
    return this.#byName.get(`${schema}.${name}`.toLowerCase())
  }

  #report(finding: RawFinding | null): void {
    if (finding !== null) this.findings.push(finding)
  }
}

/** Is the name in full what its parts say? Were they to differ, one would be checked and the other bound. */
export function isPathOfParts(table: Struct): boolean {
  const written = [table['catalog_name'], table['schema_name'], table['table_name']].filter((part) => part !== '')
  const path = isStruct(table['qualified_name']) ? table['qualified_name']['path'] : null
  return JSON.stringify(path) === JSON.stringify(written)
}

export function lower(value: unknown): string {
  return text(value).toLowerCase()
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
