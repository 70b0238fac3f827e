import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openStorage, type OpenedStorage } from '../../src/storage/open-storage.ts'
import { storageOptions } from '../../src/storage/options.ts'
import { aRollout, place } from '../support/feedback/stored-examples.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'
import { backUp, find, keyOf, standing } from './storage-restore-contract.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = temporaryFolder('storage-by-hand-')
  path = join(folder, 'sallyport.db')
})

const noticed: string[] = []

async function open(
  own: { readonly for?: 'service' | 'command'; readonly path?: string } = {},
): Promise<OpenedStorage> {
  noticed.length = 0
  const config = { storage: storageOptions.parse({ path: own.path ?? path }), state_directory: folder }
  const onOtherTime = async (why: string) => void noticed.push(why)
  const use = own.for ?? 'service'
  const storage = await openStorage(config, { for: use, ...(use === 'service' ? { onOtherTime } : {}) })
  onTestFinished(() => storage[Symbol.asyncDispose]())
  return storage
}

/** Does something as one process, from its start to its end. */
async function within<T>(work: (storage: OpenedStorage) => Promise<T>): Promise<T> {
  const storage = await open()
  try {
    return await work(storage)
  } finally {
    await storage[Symbol.asyncDispose]()
  }
}

describe('a storage that was put back without the command for it', () => {
  it('holds every key, so that none that was revoked since is back', async () => {
    verifies('storage.restore-noticed')
    await within(async ({ keys }) => {
      for (const name of ['alice', 'mallory']) await keys.add(keyOf(name))
    })
    copyFileSync(path, `${path}.old`)
    await within(({ keys }) => keys.revoke('id-mallory'))
    copyFileSync(`${path}.old`, path)
    await within(async (storage) => {
      expect(noticed).toEqual(['older-copy'])
      expect(await standing(storage)).toEqual(['alice other-time', 'mallory other-time'])
      expect((await find(storage, 'mallory'))?.heldBecause).toBe('other-time')
      expect((await find(storage, 'mallory'))?.quotaUsedDay).toBe(Math.floor(Date.now() / 86_400_000))
      await storage.keys.accept(['id-alice'])
    })
    // What was accepted stays so, and the same copy put back once more is not what there was.
    await within(async (storage) => {
      expect(noticed).toEqual([])
      expect(await standing(storage)).toEqual(['alice in force', 'mallory other-time'])
    })
    copyFileSync(`${path}.old`, path)
    await within(async (storage) => {
      expect(noticed).toEqual(['other-storage'])
      expect(await standing(storage)).toEqual(['alice other-time', 'mallory other-time'])
    })
  })

  it('is noticed by a single command as well, and what else belongs to it by the next start', async () => {
    await within(({ keys }) => keys.add(keyOf('mallory')))
    copyFileSync(path, `${path}.old`)
    await within(({ keys }) => keys.revoke('id-mallory'))
    copyFileSync(`${path}.old`, path)
    const command = await open({ for: 'command' })
    expect(await standing(command)).toEqual(['mallory other-time'])
    await command.keys.accept(null)
    await command[Symbol.asyncDispose]()
    await within(async (storage) => {
      expect(noticed).toEqual(['restored'])
      expect(await standing(storage)).toEqual(['mallory in force'])
    })
  })

  it('is noticed where it is another storage, or a backup whose keys are all as they were', async () => {
    const backup = await within(async (storage) => {
      await storage.keys.add(keyOf('alice'))
      return backUp(storage)
    })
    copyFileSync(backup, path)
    await within(async (storage) => {
      expect(noticed).toEqual(['backup'])
      expect(await standing(storage)).toEqual(['alice other-time'])
      await storage.keys.accept(null)
    })
    await within(async () => expect(noticed).toEqual([]))
    const elsewhere = join(folder, 'other.db')
    const other = await open({ path: elsewhere })
    await other.keys.add(keyOf('mallory'))
    await other[Symbol.asyncDispose]()
    copyFileSync(elsewhere, path)
    await within(async (storage) => {
      expect(noticed).toEqual(['other-storage'])
      expect(await standing(storage)).toEqual(['mallory other-time'])
    })
  })

  it('has nothing of its tuned thresholds in force, also where only these have changed since', async () => {
    verifies('tuning.restored')
    const person = { by: 'ann', why: 'as proposed' } as const
    await within(async ({ rollouts }) => {
      const begun = await rollouts.begin(aRollout(1), person)
      await rollouts.step(begun, { to: 'promoted', ...person }, {})
      await rollouts.begin(aRollout(2, { place: { ...place, group: 'other' } }), person)
    })
    copyFileSync(path, `${path}.old`)
    await within(({ rollouts }) => rollouts.step({ id: 'rol_1', revision: 2 }, { to: 'rolled-back', ...person }, {}))
    copyFileSync(`${path}.old`, path)
    await within(async ({ rollouts }) => {
      expect(noticed).toEqual(['older-copy'])
      expect(await rollouts.state()).toMatchObject({ thresholds: [], rollouts: [] })
      expect((await rollouts.list(9)).map(({ id, stage }) => `${id} ${stage}`)).toEqual([
        'rol_2 stopped',
        'rol_1 rolled-back',
      ])
      expect((await rollouts.find('rol_1'))?.steps.at(-1)).toMatchObject({ by: 'restore', from: 'promoted' })
    })
    const elsewhere = join(folder, 'other.db')
    const other = await open({ path: elsewhere })
    await other.rollouts.step(await other.rollouts.begin(aRollout(1), person), { to: 'promoted', ...person }, {})
    await other[Symbol.asyncDispose]()
    copyFileSync(elsewhere, path)
    await within(async ({ rollouts }) => {
      expect(noticed).toEqual(['other-storage'])
      expect((await rollouts.state()).thresholds).toEqual([])
    })
  })

  it('holds its keys where nobody can read what the machine remembered', async () => {
    await within(({ keys }) => keys.add(keyOf('alice')))
    writeFileSync(`${path}.mark`, '{"id":"')
    await within(async (storage) => {
      expect(noticed).toEqual(['other-storage'])
      expect(await standing(storage)).toEqual(['alice other-time'])
    })
  })

  it('holds nothing where it is as it was, moved with what is beside it, or new', async () => {
    await within(({ keys }) => keys.add(keyOf('alice')))
    for (let start = 0; start < 3; start += 1) {
      await within(async (storage) => expect([noticed, await standing(storage)]).toEqual([[], ['alice in force']]))
    }
    const mark = readFileSync(`${path}.mark`, 'utf8')
    rmSync(path)
    await within(async (storage) => expect([noticed, await standing(storage)]).toEqual([[], []]))
    expect(readFileSync(`${path}.mark`, 'utf8')).not.toBe(mark)
  })
})
