import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import type { LedgerDatabase } from '../../core/answer-ledger.ts'
import { ledgerFile } from './ledger-file.ts'
import { LedgerRows } from './ledger-rows.ts'
import { LedgerStore } from './ledger-store.ts'

/**
 * Brings what was answered from a file of this machine to where all processes of the service have their ledgers, behind what is
 * there. The file is renamed to `.moved` and its mark stays, so that nobody who still reads the file begins anew. Ended in the middle it is done
 * again: the same set twice is one. Throws `refused` for a file that is not the one that was last answered from, or is held.
 */
export async function moveLedger(path: string, into: LedgerDatabase): Promise<void> {
  if (!existsSync(path)) return
  await using store = await LedgerStore.open(ledgerFile(path))
  await store.exclusively(async (file) => {
    const ledgers = await file.all()
    await into.exclusively(async (run) => {
      const rows = new LedgerRows(run, into.tables)
      for (const { names, prime, sets } of ledgers) {
        const { id } = await rows.covering(names, prime)
        for (const { at, members } of sets) await rows.appendPacked(id, at, members)
      }
    })
    await rename(path, `${path}.moved`)
  })
}
