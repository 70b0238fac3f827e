import { openStorage } from '../../../src/storage/open-storage.ts'
import { storageOptions } from '../../../src/storage/options.ts'

// Writes ids and keys, several at a time, for as long as it lives, and says of each that it was acknowledged.

const [path = '', name = ''] = process.argv.slice(2)
const storage = await openStorage(
  { storage: storageOptions.parse({ path }), state_directory: '/nowhere' },
  { for: 'service' },
)
let count = 0
async function write(): Promise<never> {
  for (;;) {
    count += 1
    const [id, kind] = [`${name}-${count}`, count % 20 === 0 ? 'key' : 'id']
    if (kind === 'key') {
      const key = { id, name: id, group: 'default', sha256: id, created: '2026-01-02T03:04:05.000Z' }
      await storage.keys.add(key)
    } else await storage.ownedIds.remember({ principal: 'p', upstream: 'u', ids: [id] })
    process.stdout.write(`${kind} ${id}\n`)
  }
}
await Promise.all(Array.from({ length: 8 }, write))
