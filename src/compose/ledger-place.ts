import { existsSync } from 'node:fs'
import type { Config } from '../config/schema.ts'
import type { LedgerPlace } from '../core/answer-ledger.ts'
import { ledgerFile } from '../databases/differencing/ledger-file.ts'
import { lost } from '../databases/differencing/ledger-faults.ts'
import { ledgerPath } from '../databases/differencing/ledger-path.ts'
import { serverLedger, serverLedgerPath } from '../storage/answer-ledger-place.ts'

/**
 * Where a configuration has its ledgers of answers: in the server of its storage, for all processes that answer, or in a file of
 * this machine. A machine that changes from one to the other takes along what was answered, or answers nothing.
 */
export function ledgerPlaceOf(config: Pick<Config, 'storage' | 'state_directory'>): LedgerPlace {
  const path = ledgerPath(config)
  const server = serverLedger(config)
  return server === null ? besideServer(ledgerFile(path), serverLedgerPath(config)) : afterFile(server, path)
}

/** What was answered while the storage was a server is there, and not in the file. */
function besideServer(file: LedgerPlace, markedPath: string): LedgerPlace {
  const isMoved = (): boolean => existsSync(`${markedPath}.mark`)
  return {
    ...file,
    exists: async () => isMoved() || (await file.exists()),
    async open() {
      if (!isMoved()) return file.open()
      const advice = {
        ...file.advice,
        lost: 'Have the operator go back to the storage in PostgreSQL, or remove ledger-postgresql.mark to forget knowingly what was answered there.',
      }
      throw lost(advice, 'is in the storage that this machine used before')
    },
  }
}

function afterFile(server: LedgerPlace, path: string): LedgerPlace {
  return {
    ...server,
    async open() {
      const database = await server.open()
      try {
        if (existsSync(path)) {
          const { moveLedger } = await import('../databases/differencing/move-ledger.ts')
          await moveLedger(path, database)
        }
        return database
      } catch (thrown) {
        await database[Symbol.asyncDispose]()
        throw thrown
      }
    },
  }
}
