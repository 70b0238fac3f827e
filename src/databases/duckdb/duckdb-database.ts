import { Turns } from '../../concurrency/turns.ts'
import type { Catalog, CatalogRelation, StatementAnalyzer } from '../../core/catalog.ts'
import { ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { OnFileNotes } from '../../core/table-format.ts'
import type { Vetted } from '../../core/vetted.ts'
import { abortFault } from '../abort.ts'
import type { Database, QueryLimits, QueryResult, RoleProof } from '../database.ts'
import type { FileTable } from '../options.ts'
import {
  boundAnswer,
  columnsAnswer,
  endAnswer,
  provenAnswer,
  readAnswer,
  readRow,
  strangeAnswer,
  treeAnswer,
} from './answers.ts'
import { endedFault, statementFault } from './faults.ts'
import type { DuckdbGuest, OpenGuest } from './guest.ts'
import { fileDates, loadTables, stampOf } from './load.ts'

export interface DuckdbDatabaseOptions {
  /** Name of the data source. */
  readonly source: string
  readonly tables: Readonly<Record<string, FileTable>>
  readonly openGuest: OpenGuest
  readonly memoryMegabytes: number
  /** The time for reading all files; the start of the sandbox does not count. */
  readonly loadMilliseconds: number
  /** Told how each table was read, once it was. */
  readonly onNotes?: OnFileNotes
  /** The time for analyzing a statement without running it. */
  readonly analyzeMilliseconds: number
}

interface Loaded {
  readonly guest: DuckdbGuest
  readonly stamp: string
  readonly catalog: Catalog
  readonly at: Date
}

/** An upper bound for the tree of 64 KiB of SQL, in bytes. */
const treeBytes = 33_554_432
/** Bytes that the lines beside the rows may take: columns, notes, how it ended. */
const frameBytes = 1_048_576

const excess: Readonly<Record<ReturnType<typeof provenAnswer.parse>['succeeded'][number], string>> = {
  'read-file': 'can read files beside its tables',
  'write-file': 'can write files',
  attach: 'can attach other databases',
  extension: 'can load extensions',
  setting: 'can change its settings',
  write: 'can change its tables',
}

/**
 * Files on this host as tables of a DuckDB in a gVisor sandbox of its own, which holds nothing else and reaches
 * nothing. It starts with the first call; after a file changed or the sandbox was lost, the files are loaded again
 * before the next statement. One statement at a time: `timeoutMilliseconds` counts from its turn.
 */
export class DuckdbDatabase implements Database, StatementAnalyzer {
  readonly source: string
  readonly kind = 'duckdb'
  readonly #options: DuckdbDatabaseOptions
  readonly #closing = new AbortController()
  #loaded: Loaded | null = null
  readonly #turns = new Turns()

  constructor(options: DuckdbDatabaseOptions) {
    this.source = options.source
    this.#options = options
  }

  async catalog(signal: AbortSignal): Promise<Catalog> {
    return this.#turn(signal, async ({ catalog }) => catalog)
  }

  /** DuckDB's reading of a text, as it prints it. */
  async parse(statement: string, signal: AbortSignal): Promise<unknown> {
    return this.#turn(signal, async (loaded, inner) => {
      const [line] = await this.#analyze(loaded, { operation: 'tree', sql: statement }, inner)
      return readAnswer(treeAnswer, line)
    })
  }

  async bind(tree: JsonValue, signal: AbortSignal): ReturnType<StatementAnalyzer['bind']> {
    return this.#turn(signal, async (loaded, inner) => {
      const [line] = await this.#analyze(loaded, { operation: 'bind', tree }, inner)
      const bound = readAnswer(boundAnswer, line)
      if ('text' in bound) return { kind: 'bound', text: bound.text, tree: bound.tree }
      return { kind: 'failed', reason: bound.fault }
    })
  }

  async query(statement: Vetted<'sql'>, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult> {
    if (statement.source !== this.source) {
      throw new ServiceError('internal', `a statement vetted for "${statement.source}" was given to "${this.source}"`)
    }
    return this.#turn(signal, async ({ guest, at }, inner) => {
      const started = performance.now()
      const { maximumRows, maximumBytes, timeoutMilliseconds } = limits
      const request = { operation: 'select', text: statement.text, rows: maximumRows, bytes: maximumBytes }
      // The line break behind each row does not count.
      const bounds = { timeoutMilliseconds, maximumBytes: maximumBytes + maximumRows + frameBytes }
      const answer = await guest.ask(request, bounds, inner)
      if (answer.kind === 'ended') throw endedFault(answer.outcome, { timeoutMilliseconds, signal: inner })
      const rows = readRows(answer.lines, limits)
      return {
        ...rows,
        asOf: at,
        lagMilliseconds: null,
        sandbox: guest.sandbox,
        dates: fileDates,
        milliseconds: Math.round(performance.now() - started),
      }
    })
  }

  async prove(signal: AbortSignal): Promise<RoleProof> {
    return this.#turn(signal, async (loaded, inner) => {
      const [line] = await this.#analyze(loaded, { operation: 'prove' }, inner)
      const succeeded = new Set(readAnswer(provenAnswer, line).succeeded)
      const sentences = [...succeeded].map((what) => excess[what])
      return { role: 'sealed', inRecovery: false, excess: sentences }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new ServiceError('shutting-down', 'The data source is being closed'))
    await this.#turns.ended()
    await this.#drop()
  }

  async #analyze({ guest }: Loaded, request: JsonValue, signal: AbortSignal): Promise<readonly string[]> {
    const limits = { timeoutMilliseconds: this.#options.analyzeMilliseconds, maximumBytes: treeBytes }
    const answer = await guest.ask(request, limits, signal)
    if (answer.kind === 'ended') throw endedFault(answer.outcome, { ...limits, signal })
    return answer.lines
  }

  /** Waits for the statements before, sees to it that the data is there and current, and works on it. */
  async #turn<Value>(
    signal: AbortSignal,
    work: (loaded: Loaded, signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    const end = await this.#turns.take(signal, abortFault)
    try {
      this.#throwIfClosing()
      const inner = AbortSignal.any([signal, this.#closing.signal])
      return await work(await this.#current(inner), inner)
    } catch (thrown) {
      this.#throwIfClosing()
      throw signal.aborted && !(thrown instanceof ServiceError) ? abortFault(signal) : thrown
    } finally {
      if (this.#loaded?.guest.alive === false) await this.#drop()
      end()
    }
  }

  #throwIfClosing(): void {
    this.#closing.signal.throwIfAborted()
  }

  async #current(signal: AbortSignal): Promise<Loaded> {
    const stamp = await stampOf(this.#options.tables)
    if (this.#loaded?.guest.alive === true && this.#loaded.stamp === stamp) return this.#loaded
    await this.#drop()
    const guest = await this.#options.openGuest(signal)
    try {
      const at = new Date()
      const { tables, memoryMegabytes, loadMilliseconds: timeoutMilliseconds } = this.#options
      const catalog = await loadTables(guest, { tables, memoryMegabytes, timeoutMilliseconds }, signal)
      for (const relation of catalog.relations) this.#options.onNotes?.(relation.name, notesOn(relation))
      this.#loaded = { guest, stamp, catalog, at }
      return this.#loaded
    } catch (thrown) {
      await guest[Symbol.asyncDispose]()
      throw thrown
    }
  }

  async #drop(): Promise<void> {
    const guest = this.#loaded?.guest
    this.#loaded = null
    await guest?.[Symbol.asyncDispose]()
  }
}

function notesOn({ comment, columns }: CatalogRelation): readonly string[] {
  const own = comment === null ? [] : [comment]
  return [...own, ...columns.flatMap(({ name, comment: note }) => (note === null ? [] : [`${name}: ${note}`]))]
}

/**
 * Columns, rows, and how it ended. The rows are counted again here, since a sandbox may ignore the limits it was asked
 * to keep.
 */
function readRows(lines: readonly string[], limits: QueryLimits): Pick<QueryResult, 'columns' | 'rows' | 'truncated'> {
  const head = readAnswer(columnsAnswer, lines[0])
  if ('fault' in head) throw statementFault(head.fault)
  const end = readAnswer(endAnswer, lines.at(-1))
  if ('fault' in end) throw statementFault(end.fault)
  const body = lines.slice(1, -1)
  if (lines.length < 2 || body.length > limits.maximumRows) throw strangeAnswer(null)
  const columns = head.columns.map(({ name, type }) => ({ name, type, origin: null }))
  const rows = body.map((line) => readRow(line, columns.length))
  return { columns, rows, truncated: end.truncated }
}
