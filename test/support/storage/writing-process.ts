import { setTimeout as sleep } from 'node:timers/promises'
import { openStorage } from '../../../src/storage/open-storage.ts'
import { storageOptions } from '../../../src/storage/options.ts'

// Writes ids and keys, several at a time, for as long as it lives, and says of each that it was acknowledged. What was not is
// no fault: a storage that is gone may come back.

const [options = '{}', folder = '', name = ''] = process.argv.slice(2)
const config = { storage: storageOptions.parse(JSON.parse(options)), state_directory: folder }
const storage = await openStorage(config, { for: 'service' })
let count = 0
async function writeOne(kind: 'key' | 'id', id: string): Promise<void> {
  const key = { id, name: id, group: 'default', sha256: id, created: '2026-01-02T03:04:05.000Z' }
  if (kind === 'key') await storage.keys.add(key)
  else await storage.ownedIds.remember({ principal: 'p', upstream: 'u', ids: [id] })
  process.stdout.write(`${kind} ${id}\n`)
}

async function write(): Promise<never> {
  for (;;) {
    count += 1
    await writeOne(count % 20 === 0 ? 'key' : 'id', `${name}-${count}`).catch(() => sleep(20))
  }
}
await Promise.all(Array.from({ length: 8 }, write))
