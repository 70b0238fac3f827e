import { rm } from 'node:fs/promises'
import type { LedgerPlace } from '../../core/answer-ledger.ts'
import { ServiceError } from '../../core/errors.ts'
import { isLost, lost } from './ledger-faults.ts'
import { markPath, readMark, unknownLedger, writeMark } from './ledger-mark.ts'
import { LedgerStore } from './ledger-store.ts'

/** What an operator can see of a ledger: how far it has come, or why nothing is answered from it. */
export type LedgerState =
  | { readonly kind: 'none' }
  | { readonly kind: 'whole'; readonly id: string; readonly answers: number }
  | { readonly kind: 'refused'; readonly reason: string }

export async function ledgerState(place: LedgerPlace): Promise<LedgerState> {
  try {
    if (!(await place.exists()) && (await readMark(place)) === null) return { kind: 'none' }
    await using store = await LedgerStore.open(place)
    const { id, answers } = await store.state()
    return { kind: 'whole', id, answers }
  } catch (thrown) {
    if (thrown instanceof ServiceError) return { kind: 'refused', reason: thrown.message }
    throw thrown
  }
}

/** Refuses everything about aggregate-only columns until `acceptLedger`. */
export async function holdLedger(place: LedgerPlace, time: string): Promise<void> {
  if (await place.exists()) {
    try {
      await using store = await LedgerStore.open(place)
      return await store.hold(time)
    } catch (thrown) {
      // What cannot be read is refused by itself; its mark keeps that the next one in its place is held, too.
      if (!isLost(thrown)) throw thrown
    }
  }
  const mark = await readMark(place).catch(() => null)
  await writeMark(place, { ...(mark ?? { id: unknownLedger, answers: 0 }), restored: time })
}

/**
 * Ends a hold. Rejects with `refused` where the ledger is not the one that was last answered from: then it has to be put
 * back, or forgotten knowingly.
 */
export async function acceptLedger(place: LedgerPlace): Promise<{ readonly answers: number }> {
  const mark = await readMark(place)
  if (!(await place.exists()) && (mark === null || mark.answers === 0)) {
    await rm(markPath(place), { force: true })
    return { answers: 0 }
  }
  if (!(await place.exists())) throw lost(place.advice, 'was removed')
  await using store = await LedgerStore.open(place)
  const { answers } = await store.accept()
  return { answers }
}
