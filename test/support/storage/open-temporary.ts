import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openStorage } from '../../../src/storage/open-storage.ts'
import { storageOptions } from '../../../src/storage/options.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** Opens the embedded storage of a folder, as one process would. It is closed with the test. */
export async function openTemporaryStorage(folder = temporaryFolder('storage-')): Promise<Storage> {
  const config = { storage: storageOptions.parse({ path: join(folder, 'sallyport.db') }), state_directory: folder }
  const storage = await openStorage(config, { for: 'command' })
  onTestFinished(() => storage[Symbol.asyncDispose]())
  return storage
}
