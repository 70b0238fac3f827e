import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DifferencingLedger } from '../../src/databases/differencing/differencing-ledger.ts'
import { ledgerFile } from '../../src/databases/differencing/ledger-file.ts'
import { ledgerOptions } from '../../src/databases/differencing/options.ts'
import type { Turn } from '../support/differencing/ledger-process.ts'

const script = join(import.meta.dirname, '../support/differencing/ledger-process.ts')
const pairs = 160
const never = { minimum: 5, source: 'shop', group: 'default', relation: 'public.staff' }

describe('the file of a ledger', () => {
  let directory: string
  const children: ChildProcess[] = []
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sallyport-ledger-file-'))
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.disconnect()
    await rm(directory, { recursive: true, force: true })
  })

  const start = async (): Promise<ChildProcess> => {
    const child = fork(script, { env: {}, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    children.push(child)
    await once(child, 'message')
    return child
  }
  const ask = async (child: ChildProcess, turn: Turn): Promise<unknown> => {
    child.send(turn)
    return ((await once(child, 'message')) as [unknown])[0]
  }

  it('L10: is made and written by two processes at once, pair after pair, and each answers', async () => {
    const [one, other] = await Promise.all([start(), start()])
    const said: unknown[] = []
    for (let pair = 0; pair < pairs; pair += 1) {
      // Every tenth pair makes a file; the others find one.
      const path = join(directory, `${Math.floor(pair / 10)}`, 'ledger.sqlite')
      const first = (pair % 10) * 1_000
      said.push(...(await Promise.all([ask(one, { path, first }), ask(other, { path, first: first + 500 })])))
    }
    expect(said.filter((word) => word !== 'answered')).toEqual([])
    using file = new DatabaseSync(join(directory, '0', 'ledger.sqlite'))
    expect(file.prepare('SELECT count(*) AS sets, max(sequence) AS last FROM answered').get()).toEqual({
      sets: 40,
      last: 40,
    })
  })

  it('L10: is waited for, and where another keeps it the statement may be sent again', async () => {
    const path = join(directory, 'ledger.sqlite')
    await using ledger = new DifferencingLedger({ place: ledgerFile(path), options: ledgerOptions.parse({}) })
    const sets = [Array.from({ length: 10 }, (_, row) => ({ row, entity: row }))]
    await ledger.admit({ ...never, sets })
    using holder = new DatabaseSync(path)
    holder.exec('BEGIN EXCLUSIVE')
    await expect(ledger.admit({ ...never, sets })).rejects.toThrow(
      expect.objectContaining({
        code: 'database-unavailable',
        message: 'The ledger of answers is in use by other processes, and the statement was not answered.',
      }),
    )
    await using late = new DifferencingLedger({ place: ledgerFile(path), options: ledgerOptions.parse({}) })
    await expect(late.admit({ ...never, sets })).rejects.toThrow(
      expect.objectContaining({ code: 'database-unavailable' }),
    )
    holder.exec('ROLLBACK')
    await ledger.admit({ ...never, sets })
    await late.admit({ ...never, sets })
  })
})
