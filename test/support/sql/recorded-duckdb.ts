import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Catalog, StatementAnalyzer } from '../../../src/core/catalog.ts'
import type { JsonValue } from '../../../src/core/json.ts'
import { bindPolicy } from '../../../src/validators/sql/bind-policy.ts'
import { createDuckdbGate } from '../../../src/validators/sql/duckdb/gate.ts'
import type { SqlGate } from '../../../src/validators/sql/sql-gate.ts'
import { isStruct } from '../../../src/validators/sql/syntax-tree.ts'
import { sqlPolicyOptions } from '../../../src/validators/sql/options.ts'

/** What a real DuckDB made of statements, one object a line; the catalog of its tables in the first. */
export const treeRecording = new URL('../../attack/sql-files-trees.jsonl', import.meta.url)

/** The policy that the rows of `test/attack/sql-files.jsonl` are judged under. */
export const filesAttackPolicy = { relations: { orders: '*', people: ['id', 'name'] } }

interface Parsed {
  readonly statement: string
  readonly parsed: unknown
}

/** A tree that was to be printed, by its hash, and why it could not be: null where it could. */
interface Bound {
  readonly tree: string
  readonly failed: string | null
}

/** Asks a real DuckDB and keeps what it answers. */
export class TreeRecorder {
  readonly #lines = new Set<string>()
  readonly #catalog: Catalog
  readonly analyzer: StatementAnalyzer

  constructor(catalog: Catalog, analyzer: StatementAnalyzer) {
    this.#catalog = catalog
    this.analyzer = {
      parse: async (statement, signal) => {
        const parsed = await analyzer.parse(statement, signal)
        this.#lines.add(JSON.stringify({ statement, parsed } satisfies Parsed))
        return parsed
      },
      bind: async (tree, signal) => {
        const bound = await analyzer.bind(tree, signal)
        const failed = bound.kind === 'failed' ? bound.reason : null
        this.#lines.add(JSON.stringify({ tree: hashOf(tree), failed } satisfies Bound))
        return bound
      },
    }
  }

  /** The text of the recording. */
  get text(): string {
    return [JSON.stringify(this.#catalog), ...[...this.#lines].sort(), ''].join('\n')
  }
}

interface Recorded {
  readonly catalog: Catalog
  readonly parsed: ReadonlyMap<string, unknown>
  readonly bound: ReadonlyMap<string, string | null>
}

function readRecording(): Recorded {
  const [first = '', ...lines] = readFileSync(treeRecording, 'utf8').trim().split('\n')
  const parsed = new Map<string, unknown>()
  const bound = new Map<string, string | null>()
  for (const line of lines) {
    const recorded = JSON.parse(line) as Parsed | Bound
    if ('statement' in recorded) parsed.set(recorded.statement, recorded.parsed)
    else bound.set(recorded.tree, recorded.failed)
  }
  return { catalog: JSON.parse(first) as Catalog, parsed, bound }
}

/** The trees of the statements that DuckDB could read as one SELECT, by statement. */
export function recordedTrees(): { readonly catalog: Catalog; readonly trees: ReadonlyMap<string, unknown> } {
  const { catalog, parsed } = readRecording()
  const trees = [...parsed].flatMap(([statement, answer]): [string, unknown][] => {
    const statements = isStruct(answer) && Array.isArray(answer['statements']) ? answer['statements'] : []
    const [only]: readonly unknown[] = statements
    return statements.length === 1 && isStruct(only) ? [[statement, only['node']]] : []
  })
  return { catalog, trees: new Map(trees) }
}

/** The gate of the attack list over what was recorded; a tree that was not recorded cannot be printed. */
export function openRecordedFilesGate(): SqlGate {
  const { catalog, parsed, bound } = readRecording()
  return gateOfFiles(catalog, {
    parse: async (statement) => parsed.get(statement),
    bind: async (tree) => {
      const failed = bound.get(hashOf(tree))
      if (failed === null) return { kind: 'bound', text: 'SELECT 1', tree }
      return { kind: 'failed', reason: failed ?? 'not recorded' }
    },
  })
}

/** The gate that the rows of `test/attack/sql-files.jsonl` are judged by. */
export function gateOfFiles(catalog: Catalog, analyzer: StatementAnalyzer): SqlGate {
  const policy = bindPolicy(sqlPolicyOptions.parse(filesAttackPolicy), catalog)
  return createDuckdbGate({ source: 'files', catalog, policy, analyzer })
}

function hashOf(tree: JsonValue): string {
  return createHash('sha256').update(JSON.stringify(tree)).digest('base64url').slice(0, 22)
}
