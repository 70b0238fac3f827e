import { createHash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bindTraced } from '../../../src/sources/bind-written.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import type { Vetted } from '../../../src/core/vetted.ts'
import type { QueryLimits, QueryResult } from '../../../src/databases/database.ts'
import { DifferencingLedger } from '../../../src/databases/differencing/differencing-ledger.ts'
import { ledgerFile } from '../../../src/databases/differencing/ledger-file.ts'
import { ledgerOptions } from '../../../src/databases/differencing/options.ts'
import { createMaskedDatabase } from '../../../src/databases/masked-database.ts'
import type { Images } from '../../../src/databases/pglite/images.ts'
import { openPglite, type ImageFile } from '../../../src/databases/pglite/open-pglite.ts'
import { PgliteDatabase } from '../../../src/databases/pglite/pglite-database.ts'
import { sampleRole } from '../../../src/databases/sample/load.ts'
import { PgliteShadow } from '../../../src/databases/shadow/pglite-shadow.ts'
import { createPostgresqlGate } from '../../../src/validators/sql/postgresql/gate.ts'
import type { SqlGate } from '../../../src/validators/sql/sql-gate.ts'
import { sqlPolicyOptions } from '../../../src/validators/sql/options.ts'
import { GateProcess } from '../../../src/validators/sql/process/gate-process.ts'
import { vet } from '../../../src/validators/vet.ts'
import { testImages } from '../databases/database-images.ts'

/** All that comes back to whoever sends a statement. */
export type Outcome =
  | { readonly kind: 'rows'; readonly result: QueryResult }
  | { readonly kind: 'refused'; readonly rules: readonly string[]; readonly said: string }
  /** By the ledger, or by the database. */
  | { readonly kind: 'failed'; readonly code: string; readonly said: string }

export interface GuardedDatabase extends AsyncDisposable {
  /** Sends a statement the whole way: gate, ledger, database, masks. */
  ask(sql: string): Promise<Outcome>
  /** The same statement with nothing before the database. */
  unguarded(sql: string): Promise<QueryResult>
  /** The same database under another policy, with a ledger of its own. */
  under(policy: object): Promise<PassedOn>
  /** The database, to be opened by another process. */
  readonly image: ImageFile
}

export interface Asking {
  ask(sql: string): Promise<Outcome>
}

export interface PassedOn extends Asking {
  /** The same, answered by somebody else once the gate has let it through. */
  askOf(sql: string, answer: (statement: Vetted<'sql'>, limits: QueryLimits) => Promise<Outcome>): Promise<Outcome>
}

const limits = { maximumRows: 10_000, maximumBytes: 10_000_000, timeoutMilliseconds: 30_000 }
const never = new AbortController().signal

/**
 * A real, embedded PostgreSQL with the given tables and rows behind everything that stands before one. The database,
 * its ledger, audits and masks are the product's own classes, so that a fault of theirs is a fault here.
 */
export async function openGuardedDatabase(script: string, policy: object): Promise<GuardedDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-guarded-'))
  const images = testImages()
  const ledger = new DifferencingLedger({
    place: ledgerFile(join(directory, 'ledger.sqlite')),
    options: ledgerOptions.parse({}),
  })
  const image = await imageOf(script, join(directory, 'database.tar'), images)
  const database = new PgliteDatabase({
    source: 'test',
    images: { image: async () => image, discard: async () => {} },
    maximumMegabytes: 1_500,
    openMilliseconds: 240_000,
    ledger,
  })
  const masked = createMaskedDatabase(database, Buffer.alloc(32, 7))
  const catalog = await database.catalog(AbortSignal.timeout(240_000))
  const shadow = new PgliteShadow({
    catalog,
    images,
    maximumMegabytes: 1_500,
    timeoutMilliseconds: 20_000,
    openMilliseconds: 240_000,
  })
  const fromDatabase: Answer = async (statement, given) => {
    try {
      return { kind: 'rows', result: await masked.query(statement, given, never) }
    } catch (fault) {
      if (!(fault instanceof ServiceError)) throw fault
      return { kind: 'failed', code: fault.code, said: `${fault.message} ${fault.advice}` }
    }
  }
  const gates: SqlGate[] = []
  const process = new GateProcess({ deadlineMilliseconds: 2_000, memoryMegabytes: 256 })
  const under = async (options: object): Promise<PassedOn> => {
    const given = { place: 'policy', signal: AbortSignal.timeout(240_000) }
    const gate = createPostgresqlGate({
      source: 'test',
      catalog,
      shadow,
      process,
      // Each group of callers has a ledger of its own.
      group: `group ${gates.length}`,
      policy: await bindTraced(sqlPolicyOptions.parse(options), { catalog, shadow }, given),
    })
    gates.push(gate)
    return { ask: (sql) => send(gate, sql, fromDatabase), askOf: (sql, answer) => send(gate, sql, answer) }
  }
  const first = await under(policy)
  return {
    ask: (sql) => first.ask(sql),
    unguarded: (sql) => database.query(vet('sql', sql, unvetted), limits, never),
    under,
    image,
    async [Symbol.asyncDispose]() {
      await Promise.all(gates.map((gate) => gate[Symbol.asyncDispose]()))
      await process[Symbol.asyncDispose]()
      await shadow[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      await ledger[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const unvetted = { source: 'test', relations: [], columns: [], functions: [], rowLimit: limits.maximumRows }

/** A prepared data directory with what the script makes, which the role of statements may read. */
async function imageOf(script: string, path: string, images: Images): Promise<ImageFile> {
  const database = await openPglite(await images.image('empty', AbortSignal.timeout(240_000)))
  await database.exec(script)
  await database.exec(`CREATE ROLE ${sampleRole}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${sampleRole}`)
  await database.exec('CHECKPOINT')
  const bytes = Buffer.from(await (await database.dumpDataDir('none')).arrayBuffer())
  await database.close()
  await writeFile(path, bytes)
  return { path, sha256: createHash('sha256').update(bytes).digest('hex') }
}

type Answer = Parameters<PassedOn['askOf']>[1]

async function send(gate: SqlGate, sql: string, answer: Answer): Promise<Outcome> {
  const verdict = await gate.validate(sql, never)
  if (verdict.kind === 'accepted') return answer(verdict.value, limits)
  const rules = verdict.findings.map(({ rule }) => rule)
  return { kind: 'refused', rules, said: verdict.findings.map(({ message }) => message).join('\n') }
}
