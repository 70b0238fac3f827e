import { basename } from 'node:path'
import type { LedgerPlace } from '../../core/answer-ledger.ts'
import { ledgerInUse } from '../../core/answer-ledger.ts'
import { ServiceError } from '../../core/errors.ts'

/** SQLITE_CORRUPT and SQLITE_NOTADB; the higher bits of a code say more of the same. */
const damageCodes = new Set([11, 26])
/** SQLITE_BUSY and SQLITE_LOCKED. */
const busyCodes = new Set([5, 6])

/** What an operator can do about a ledger in a file. */
export function adviceOfFile(path: string): LedgerPlace['advice'] {
  const name = basename(path)
  return {
    lost: `Have the operator put back the last ${name}, or remove it and ${name}.mark to forget all answers knowingly.`,
    held: `Have the operator see that ${name} has all that was answered, and run "sallyport storage accept ledger".`,
  }
}

/** SQLite's own number for a failure; null for a fault that is not SQLite's. */
function codeOf(thrown: unknown): number | null {
  const { errcode } = thrown as { readonly errcode?: unknown }
  return typeof errcode === 'number' ? errcode & 0xff : null
}

/** Does another process hold the file? */
export function isBusy(thrown: unknown): boolean {
  return busyCodes.has(codeOf(thrown) ?? -1)
}

/** What a failure of the file means for whoever asks: nothing is answered without it. Other faults are given back. */
export function faultOfFile(path: string, thrown: unknown): unknown {
  const code = codeOf(thrown)
  if (code === null) return thrown
  if (damageCodes.has(code)) return lost(adviceOfFile(path), 'is damaged', thrown)
  if (busyCodes.has(code)) return ledgerInUse(thrown)
  const message = 'The ledger of answers cannot be read or written, and the statement was not answered.'
  const advice = `Have the operator see that the service can write ${basename(path)}, and that the disk has room.`
  return new ServiceError('database-unavailable', message, { cause: thrown, advice })
}

/**
 * What was answered before is not known any more. An empty ledger in its place would let every earlier answer be
 * combined with new ones, so only the operator may decide to begin with an empty one.
 */
export function lost(advice: LedgerPlace['advice'], how: string, cause?: unknown): ServiceError {
  const message = `The ledger of answers with aggregate-only columns ${how}: what was answered before is not known. [sql/ledger-lost]`
  return new ServiceError('refused', message, { cause, advice: advice.lost })
}

/** The storage of the service was put back, and with it perhaps the ledger. */
export function held(advice: LedgerPlace['advice'], since: string): ServiceError {
  const message = `The ledger of answers with aggregate-only columns is held since ${since}: the storage was restored. [sql/ledger-lost]`
  return new ServiceError('refused', message, { advice: advice.held })
}

/** Is what was answered before not known any more? */
export function isLost(thrown: unknown): boolean {
  return thrown instanceof ServiceError && thrown.message.includes('[sql/ledger-lost]')
}
