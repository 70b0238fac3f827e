import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bindTraced } from '../../src/compose/bind-written.ts'
import { ServiceError } from '../../src/core/errors.ts'
import type { Vetted } from '../../src/core/vetted.ts'
import { readCatalog } from '../../src/databases/catalog.ts'
import type { Database, QueryResult } from '../../src/databases/database.ts'
import { admitAudits, auditCaps, readAudits } from '../../src/databases/ledger/audit.ts'
import { DifferencingLedger } from '../../src/databases/ledger/differencing-ledger.ts'
import { ledgerOptions } from '../../src/databases/ledger/options.ts'
import { createMaskedDatabase } from '../../src/databases/masked-database.ts'
import { openPglite } from '../../src/databases/pglite/open-pglite.ts'
import { createPgliteSession } from '../../src/databases/pglite/pglite-session.ts'
import { readOnly, select } from '../../src/databases/pglite/select.ts'
import { StatementError } from '../../src/databases/session.ts'
import { PgliteShadow } from '../../src/databases/shadow/pglite-shadow.ts'
import { errorOfSqlstate } from '../../src/databases/sqlstate.ts'
import { createSqlGate, type SqlGate } from '../../src/validators/sql/gate.ts'
import { sqlPolicyOptions } from '../../src/validators/sql/options.ts'
import { testImages } from './database-images.ts'

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
  under(policy: object): Promise<Asking>
}

export interface Asking {
  ask(sql: string): Promise<Outcome>
}

const reader = 'guarded_reader'
const limits = { maximumRows: 10_000, maximumBytes: 10_000_000, timeoutMilliseconds: 30_000 }
const never = new AbortController().signal

/** A real, embedded PostgreSQL with the given tables and rows behind everything that stands before one. */
export async function openGuardedDatabase(script: string, policy: object): Promise<GuardedDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-guarded-'))
  const images = testImages()
  const database = await openPglite(await images.image('empty', AbortSignal.timeout(240_000)))
  await database.exec(script)
  await database.exec(`CREATE ROLE ${reader}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${reader}`)
  const session = createPgliteSession(database)
  const catalog = await readCatalog(session)
  const shadow = new PgliteShadow({
    catalog,
    images,
    maximumMegabytes: 1_500,
    timeoutMilliseconds: 20_000,
    openMilliseconds: 240_000,
  })
  // One statement after the other: the session is not for concurrent use.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }
  const read = (statement: string): Promise<QueryResult> =>
    inTurn(async () => {
      const rows = await select(session, { statement, role: reader, limits })
      return { ...rows, asOf: new Date(0), lagMilliseconds: null, milliseconds: 0 }
    })
  const gates: SqlGate[] = []
  const ledgers: DifferencingLedger[] = []
  const under = async (options: object): Promise<Asking> => {
    const given = { place: 'policy', signal: AbortSignal.timeout(240_000) }
    const gate = createSqlGate({
      source: 'test',
      catalog,
      shadow,
      policy: await bindTraced(sqlPolicyOptions.parse(options), { catalog, shadow }, given),
    })
    const ledger = new DifferencingLedger({
      path: join(directory, `ledger-${ledgers.length}.sqlite`),
      options: ledgerOptions.parse({}),
    })
    gates.push(gate)
    ledgers.push(ledger)
    const audit = async (statement: Vetted<'sql'>): Promise<void> => {
      const texts = (statement.audit?.sets ?? []).map(({ text }) => text)
      const caps = auditCaps(ledger.options)
      admitAudits(statement, await readOnly(session, reader, () => readAudits(session, texts, caps)), ledger)
    }
    const inner: Database = {
      source: 'test',
      kind: 'pglite',
      keepsLedger: true,
      catalog: async () => catalog,
      prove: () => Promise.reject(new Error('not asked here')),
      query: async (statement) => {
        if (statement.audit !== undefined) await inTurn(() => audit(statement))
        return read(statement.text)
      },
      [Symbol.asyncDispose]: async () => {},
    }
    const masked = createMaskedDatabase(inner, Buffer.alloc(32, 7))
    return { ask: (sql) => send(gate, masked, sql) }
  }
  const first = await under(policy)
  return {
    ask: (sql) => first.ask(sql),
    unguarded: read,
    under,
    async [Symbol.asyncDispose]() {
      for (const ledger of ledgers) ledger[Symbol.dispose]()
      await Promise.all(gates.map((gate) => gate[Symbol.asyncDispose]()))
      await shadow[Symbol.asyncDispose]()
      await database.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function send(gate: SqlGate, database: Database, sql: string): Promise<Outcome> {
  const verdict = await gate.validate(sql, never)
  if (verdict.kind === 'refused') {
    const rules = verdict.findings.map(({ rule }) => rule)
    return { kind: 'refused', rules, said: verdict.findings.map(({ message }) => message).join('\n') }
  }
  try {
    return { kind: 'rows', result: await database.query(verdict.value, limits, never) }
  } catch (thrown) {
    const fault = thrown instanceof StatementError ? errorOfSqlstate(thrown.sqlstate) : thrown
    if (!(fault instanceof ServiceError)) throw fault
    return { kind: 'failed', code: fault.code, said: `${fault.message} ${fault.advice}` }
  }
}
