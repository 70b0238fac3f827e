import { ServiceError } from '../../../src/core/errors.ts'
import type { Vetted } from '../../../src/core/vetted.ts'
import { DifferencingLedger } from '../../../src/databases/differencing/differencing-ledger.ts'
import { ledgerFile } from '../../../src/databases/differencing/ledger-file.ts'
import { ledgerOptions } from '../../../src/databases/differencing/options.ts'
import { createMaskedDatabase } from '../../../src/databases/masked-database.ts'
import type { QueryLimits, QueryResult } from '../../../src/databases/database.ts'
import type { ImageFile } from '../../../src/databases/pglite/open-pglite.ts'
import { PgliteDatabase } from '../../../src/databases/pglite/pglite-database.ts'

// A process that answers statements from a database of its own and a ledger's file that others may have too, until whoever
// started it lets go or kills it. Its arguments are the image of the database and the path of the file, as JSON.

export interface Task {
  readonly number: number
  readonly statement: Vetted<'sql'>
  readonly limits: QueryLimits
  /** Stands still for ever when the ledger has admitted the statement, or before it is asked, and says so. */
  readonly stop: 'admitted' | 'audited' | null
}

export type Word =
  | { readonly kind: 'ready' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'rows'; readonly number: number; readonly result: QueryResult }
  | { readonly kind: 'failed'; readonly number: number; readonly code: string | null; readonly said: string }

const { image, path } = JSON.parse(process.argv[2] ?? '') as { readonly image: ImageFile; readonly path: string }
const never = new AbortController().signal
const say = (word: Word): void => void process.send?.(word)
let stop: Task['stop'] = null
const standStill = (): Promise<never> => {
  say({ kind: 'stopped' })
  return new Promise<never>(() => {})
}

const ledger = new DifferencingLedger({ place: ledgerFile(path), options: ledgerOptions.parse({}) })
const database = new PgliteDatabase({
  source: 'test',
  images: { image: async () => image, discard: async () => {} },
  maximumMegabytes: 1_500,
  openMilliseconds: 240_000,
  ledger: {
    options: ledger.options,
    async admit(admission) {
      if (stop === 'audited') await standStill()
      await ledger.admit(admission)
      // Values are admitted after rows; what is answered then is decided.
      if (stop === 'admitted' && admission.of === undefined) await standStill()
    },
  },
})
const masked = createMaskedDatabase(database, Buffer.alloc(32, 7))

async function answer({ number, statement, limits, stop: next }: Task): Promise<void> {
  stop = next
  try {
    say({ kind: 'rows', number, result: await masked.query(statement, limits, never) })
  } catch (fault) {
    const known = fault instanceof ServiceError ? fault : null
    say({
      kind: 'failed',
      number,
      code: known?.code ?? null,
      said: known === null ? String(fault) : `${known.message} ${known.advice}`,
    })
  }
}

process.on('message', (task: Task) => void answer(task))
process.once('disconnect', () => process.exit(0))
await database.warm(AbortSignal.timeout(240_000))
say({ kind: 'ready' })
