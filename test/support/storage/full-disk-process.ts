import { createHash } from 'node:crypto'
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { restoreBackup } from '../../../src/storage/backup/restore-backup.ts'
import { writeBackup } from '../../../src/storage/backup/write-backup.ts'
import { openStorage, type OpenedStorage } from '../../../src/storage/open-storage.ts'
import { storageOptions } from '../../../src/storage/options.ts'

// What happens to a storage on a small disk, each as it was seen: `small` is a folder on that disk, `large` one on another.

const [scene = '', small = '', large = ''] = process.argv.slice(2)
const filler = join(small, 'filler')

async function open(folder: string): Promise<OpenedStorage> {
  const config = { storage: storageOptions.parse({ path: join(folder, 'sallyport.db') }), state_directory: folder }
  return openStorage(config, { for: 'service', onOtherTime: async () => undefined })
}

const keyOf = (name: string) => ({
  id: `id-${name}`,
  name,
  group: 'default',
  sha256: createHash('sha256').update(name).digest('hex'),
  created: '2026-01-02T03:04:05.000Z',
})
const idsOf = (call: number) => Array.from({ length: 50 }, (_, index) => `resp_${call}_${index}_${'x'.repeat(80)}`)
const write = ({ ownedIds }: OpenedStorage, call: number) =>
  ownedIds.remember({ principal: 'p', upstream: 'u', ids: idsOf(call) })

function fill(): void {
  const { bavail, bsize } = statfsSync(small)
  writeFileSync(filler, Buffer.alloc(bavail * bsize))
}

const faultOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (thrown: Error & { readonly code?: string; readonly advice?: string }) =>
      `${thrown.code}: ${thrown.message.replace(/^.*?(has no room|could not be)/, '$1').replace(/: .*/, '')}`,
  )

/** Writes until there is no room: how many calls were acknowledged, and how the next one failed. */
async function writeUntilFull(storage: OpenedStorage): Promise<{ readonly calls: number; readonly fault: string }> {
  for (let calls = 0; ; calls += 1) {
    const fault = await faultOf(write(storage, calls))
    if (fault !== 'none') return { calls, fault }
  }
}

/** Ids of so many calls that are not there. */
async function lostOf({ ownedIds }: OpenedStorage, calls: number): Promise<number> {
  let lost = 0
  for (let call = 0; call < calls; call += 1) {
    lost += [...(await ownedIds.owners('u', idsOf(call))).values()].filter((owner) => owner === null).length
  }
  return lost
}

const keysOf = async ({ keys }: OpenedStorage) =>
  (await keys.list()).map(({ name, heldBecause }) => `${name} ${heldBecause ?? 'in force'}`)

const scenes: Readonly<Record<string, () => Promise<unknown>>> = {
  async filledByAnother() {
    const storage = await open(small)
    await storage.keys.add(keyOf('alice'))
    fill()
    const { calls, fault } = await writeUntilFull(storage)
    const during = {
      state: await storage.probe(),
      found: (await storage.keys.find(keyOf('alice').sha256))?.name,
      lost: await lostOf(storage, calls),
      revoking: await faultOf(storage.keys.revoke('id-alice')),
      keys: await keysOf(storage),
    }
    rmSync(filler)
    const state = await storage.probe()
    await write(storage, calls)
    const revoked = await storage.keys.revoke('id-alice')
    await storage[Symbol.asyncDispose]()
    return { fault, during, after: { state, revoked, lost: await lostOf(await open(small), calls + 1) } }
  },
  async filledByItself() {
    const storage = await open(small)
    const { calls, fault } = await writeUntilFull(storage)
    const next = await storage.ownedIds.owners('u', idsOf(calls))
    return { many: calls > 20, fault, lost: await lostOf(storage, calls), next: [...new Set(next.values())] }
  },
  async restored() {
    const source = await open(large)
    for (const name of ['alice', 'bob']) await source.keys.add(keyOf(name))
    for (let call = 0; call < 100; call += 1) await write(source, call)
    const path = join(large, 'backup.db')
    await writeBackup(source, { path, overwrite: false, beside: { ledger: null, audit: null } })
    const storage = await open(small)
    await storage.keys.add(keyOf('alice'))
    fill()
    const during = {
      fault: await faultOf(restoreBackup(storage, path)),
      keys: await keysOf(storage),
      lost: await lostOf(storage, 1),
    }
    rmSync(filler)
    const { addedIds } = await restoreBackup(storage, path)
    return { during, after: { addedIds, keys: await keysOf(storage) } }
  },
  async backedUp() {
    const storage = await open(large)
    for (let call = 0; call < 100; call += 1) await write(storage, call)
    const seen: unknown[] = []
    for (const prepare of [() => undefined, fill]) {
      prepare()
      const request = { path: join(small, 'backup.db'), overwrite: false, beside: { ledger: null, audit: null } }
      const fault = await faultOf(writeBackup(storage, request))
      seen.push({ fault, left: readdirSync(small).filter((name) => name !== 'filler') })
    }
    return { seen, state: await storage.probe() }
  },
}

const seen = await scenes[scene]?.()
process.stdout.write(JSON.stringify(seen))
process.exit(0)
