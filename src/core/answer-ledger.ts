import { ServiceError } from './errors.ts'

/** What stands in a row of a ledger's tables. */
export type LedgerValue = string | number | Uint8Array

/** Runs one statement, with a `?` for each value, and gives its rows. */
export type LedgerStatement = (
  text: string,
  ...values: readonly LedgerValue[]
) => Promise<readonly Readonly<Record<string, unknown>>[]>

/** Where the ledgers of answers with aggregate-only columns stand, open. Their tables are there. */
export interface LedgerDatabase extends AsyncDisposable {
  /** Names of the tables, as statements have them. */
  readonly tables: LedgerTables
  /**
   * Runs `work` in a transaction that nobody else is in, in this process or another; what it wrote stays unless it rejects,
   * and is as durable as the place makes it when this resolves. Rejects with `database-unavailable` where others are in it for
   * seconds.
   */
  exclusively<T>(work: (run: LedgerStatement) => Promise<T>): Promise<T>
}

export interface LedgerTables {
  /** A ledger a row: `id`, `name`, `prime`, `generation`. */
  readonly ledgers: string
  /** A set that was answered about a row: `ledger`, `sequence`, `at`, `members`. */
  readonly answered: string
  /** Which ledger a relation is followed by: `name`, `ledger`. */
  readonly covered: string
  /** One row: `id`, `answers`. */
  readonly life: string
  /** A row where nothing is answered until an operator accepts it: `since`. */
  readonly held: string
}

/** A place that ledgers may stand in. */
export interface LedgerPlace {
  /** Path of the file that this machine keeps the mark of the ledger beside. */
  readonly markedPath: string
  /** What an operator can do where it is not the ledger that was last answered from, and where it is held. */
  readonly advice: { readonly lost: string; readonly held: string }
  /**
   * `file`: whoever takes the file away takes all of it along, so the mark says for the next one in its place that it is held. `server`: its own rows
   * say so, to all machines.
   */
  readonly kind: 'file' | 'server'
  /** Was anything of it made? */
  exists(): Promise<boolean>
  /** Opens it, and makes it where it is not there. */
  open(): Promise<LedgerDatabase>
}

/** Others are at work with the ledgers for longer than anybody waits. */
export function ledgerInUse(cause: unknown): ServiceError {
  const message = 'The ledger of answers is in use by other processes, and the statement was not answered.'
  return new ServiceError('database-unavailable', message, { cause, advice: 'Send it again shortly.' })
}
