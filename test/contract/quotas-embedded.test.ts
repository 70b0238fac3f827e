import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openEmbeddedQuotas } from '../../src/storage/embedded/embedded-quotas.ts'
import { StorageHealth } from '../../src/storage/health.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { quotaContract } from './quota-contract.ts'
import { quotaRacesContract } from './quota-races-contract.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import { storageOptions } from '../../src/storage/options.ts'

quotaContract('a file', async () => {
  const path = join(temporaryFolder('quotas-'), 'quotas.db')
  return {
    open: async (now) => {
      const health = new StorageHealth(path, (thrown) => thrown)
      const ledger = openEmbeddedQuotas({ path, timeoutMilliseconds: 10_000, health, now })
      onTestFinished(() => ledger[Symbol.asyncDispose]())
      return ledger
    },
  }
})

quotaRacesContract('a file', async () => {
  const folder = temporaryFolder('quotas-')
  const options = { path: join(folder, 'sallyport.db') }
  const config = { storage: storageOptions.parse(options), state_directory: folder }
  const storage = await openStorage(config, { for: 'service' })
  onTestFinished(() => storage[Symbol.asyncDispose]())
  return { options, folder, ledger: storage.quotas }
})
