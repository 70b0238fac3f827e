import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ledgerPlaceOf } from '../../src/compose/ledger-place.ts'
import { DifferencingLedger, type Admission } from '../../src/databases/differencing/differencing-ledger.ts'
import { acceptLedger, holdLedger, ledgerState } from '../../src/databases/differencing/ledger-keeping.ts'
import { ledgerOptions } from '../../src/databases/differencing/options.ts'
import { storageOptions, type StorageConfig } from '../../src/storage/options.ts'
import { freePort } from '../support/databases/server-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'
import { ledgerStoreContract } from './ledger-store-contract.ts'

const people = (from: number, to: number, relation = 'public.staff'): Admission => ({
  source: 'shop',
  group: 'analysts',
  relation,
  minimum: 5,
  sets: [Array.from({ length: to - from }, (_, index) => ({ row: from + index, entity: from + index }))],
})

/** A process on a machine of its own. */
const onMachine = (config: StorageConfig, folder = temporaryFolder('ledger-')) => {
  const place = ledgerPlaceOf({ storage: config.storage, state_directory: folder })
  const ledger = new DifferencingLedger({ place, options: ledgerOptions.parse({}) })
  onTestFinished(() => ledger[Symbol.asyncDispose]())
  return { folder, place, ledger }
}

const embedded: StorageConfig = { storage: storageOptions.parse({}), state_directory: '' }

/** Ledgers of answers in a server. `newUrl` makes an empty database. */
export function storageLedgerContract(newUrl: () => Promise<string>): void {
  const underTest = async () => {
    const url = await newUrl()
    const config = { storage: storageOptions.parse({ kind: 'postgresql', url }), state_directory: '' }
    const execute = async (text: string): Promise<void> => {
      const client = new Client({ connectionString: url })
      await client.connect()
      await client.query(text)
      await client.end()
    }
    return { url, config, execute }
  }

  describe('the ledgers of answers in a server', () => {
    let kept: Awaited<ReturnType<typeof underTest>> | null = null
    ledgerStoreContract(async () => {
      if (kept === null) kept = await underTest()
      else
        await kept.execute(
          'TRUNCATE sallyport.answer_ledgers, sallyport.answered_sets, sallyport.covered_relations, sallyport.answer_ledger_holds',
        )
      return onMachine(kept.config).place
    })

    it('are one for all processes: what one has answered is not completed by another, nor by one that begins anew', async () => {
      verifies('ledger.replicas')
      const { config } = await underTest()
      const [one, other] = [onMachine(config), onMachine(config)]
      await one.ledger.admit(people(0, 100))
      await expect(other.ledger.admit(people(0, 99))).rejects.toThrow('sql/differencing')
      await other.ledger.admit(people(0, 50))
      await expect(one.ledger.admit(people(0, 51))).rejects.toThrow('sql/differencing')
      // A machine that forgot all it had, as a Pod does.
      await expect(onMachine(config).ledger.admit(people(1, 100))).rejects.toThrow('sql/differencing')
    })

    it('let one of two that ask at once see what the other was answered', async () => {
      const { config } = await underTest()
      const [one, other] = [onMachine(config), onMachine(config)]
      for (let round = 0; round < 12; round += 1) {
        const relation = `public.table_${round}`
        const asked = await Promise.allSettled([
          one.ledger.admit(people(0, 100, relation)),
          other.ledger.admit(people(0, 99, relation)),
          one.ledger.admit(people(1, 100, relation)),
        ])
        const said = asked.map((each) => (each.status === 'rejected' ? String(each.reason) : 'admitted'))
        expect(said.filter((word) => word === 'admitted')).toHaveLength(1)
        expect(said.filter((word) => word.includes('sql/differencing'))).toHaveLength(2)
      }
    })

    it('answer nothing where the server was put back to an earlier time, or another has its name', async () => {
      const { config, execute } = await underTest()
      const { ledger, folder } = onMachine(config)
      await ledger.admit(people(0, 100))
      await ledger.admit(people(0, 50))
      await execute(
        'DELETE FROM sallyport.answered_sets WHERE sequence = 2; UPDATE sallyport.answer_ledger_life SET answers = 1',
      )
      const older = expect.objectContaining({
        message: expect.stringMatching(/put back from an older copy.*sql\/ledger-lost/) as string,
        advice: expect.stringContaining('ledger-postgresql.mark') as string,
      })
      await expect(ledger.admit(people(0, 100))).rejects.toEqual(older)
      await expect(onMachine(config, folder).ledger.admit(people(0, 100))).rejects.toEqual(older)
      const another = await underTest()
      await expect(onMachine(another.config, folder).ledger.admit(people(0, 99))).rejects.toThrow('replaced by another')
    })

    it('are held for all processes, and accepted once', async () => {
      const { config } = await underTest()
      const [one, other] = [onMachine(config), onMachine(config)]
      await one.ledger.admit(people(0, 100))
      await holdLedger(one.place, '2026-01-02T03:04:05.000Z')
      for (const { ledger, place } of [one, other]) {
        await expect(ledger.admit(people(0, 100))).rejects.toThrow('is held since 2026-01-02T03:04:05.000Z')
        expect(await ledgerState(place)).toMatchObject({ kind: 'refused' })
      }
      expect(await acceptLedger(other.place)).toEqual({ answers: 1 })
      for (const { ledger } of [one, other]) await ledger.admit(people(0, 100))
      await expect(other.ledger.admit(people(0, 99))).rejects.toThrow('sql/differencing')
    })

    it('have what a machine had answered from its file before, and leave no way back to it', async () => {
      verifies('ledger.replicas')
      const { config } = await underTest()
      const before = onMachine(embedded)
      await before.ledger.admit(people(0, 100))
      await before.ledger.admit(people(200, 300, 'public.orders'))
      const elsewhere = onMachine(embedded)
      await elsewhere.ledger.admit(people(0, 60))
      const after = [onMachine(config, before.folder), onMachine(config, elsewhere.folder)]
      for (const { ledger } of after) await ledger.admit(people(0, 100))
      for (const { ledger } of after) {
        for (const part of [people(0, 99), people(0, 61), people(200, 299, 'public.orders')]) {
          await expect(ledger.admit(part)).rejects.toThrow('sql/differencing')
        }
      }
      const file = join(before.folder, 'ledger.sqlite')
      expect([file, `${file}.moved`, `${file}.mark`].map((path) => existsSync(path))).toEqual([false, true, true])
      // The process that had the file open, and one that is configured as before.
      await expect(before.ledger.admit(people(0, 100))).rejects.toThrow('sql/ledger-lost')
      const back = onMachine(embedded, before.folder)
      await expect(back.ledger.admit(people(0, 99))).rejects.toThrow('sql/ledger-lost')
      expect(await ledgerState(back.place)).toMatchObject({ kind: 'refused' })
      // One that never had a file.
      const forgetful = onMachine(config)
      await forgetful.ledger.admit(people(0, 100))
      const fresh = onMachine(embedded, forgetful.folder)
      await expect(fresh.ledger.admit(people(0, 99))).rejects.toThrow('in the storage that this machine used before')
    })

    it('take no file that is held', async () => {
      const { config } = await underTest()
      const before = onMachine(embedded)
      await before.ledger.admit(people(0, 100))
      await holdLedger(before.place, '2026-01-02T03:04:05.000Z')
      const after = onMachine(config, before.folder)
      await expect(after.ledger.admit(people(0, 100))).rejects.toThrow('is held since')
      expect(existsSync(join(before.folder, 'ledger.sqlite'))).toBe(true)
    })

    it('are waited for, and where somebody keeps them the statement may be sent again', async () => {
      const { url, config } = await underTest()
      const { ledger } = onMachine(config)
      await ledger.admit(people(0, 100))
      const holder = new Client({ connectionString: url })
      await holder.connect()
      await holder.query('BEGIN; SELECT * FROM sallyport.answer_ledger_life FOR UPDATE')
      await expect(ledger.admit(people(0, 100))).rejects.toMatchObject({
        code: 'database-unavailable',
        message: 'The ledger of answers is in use by other processes, and the statement was not answered.',
      })
      await holder.query('ROLLBACK')
      await ledger.admit(people(0, 100))
      await holder.end()
    })

    it('answer nothing where the server is away', async () => {
      const url = `postgresql://me:hunter2hunter2@127.0.0.1:${await freePort()}/db`
      const { ledger } = onMachine({ storage: storageOptions.parse({ kind: 'postgresql', url }), state_directory: '' })
      const asked = ledger.admit(people(0, 100))
      await expect(asked).rejects.toMatchObject({ code: 'storage-unavailable' })
    })
  })
}
