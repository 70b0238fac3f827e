import { join } from 'node:path'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import { takeOverKeyFile } from '../gateway/authenticate/former-key-file.ts'
import { createKeyStore, type KeyStore } from '../gateway/authenticate/keys.ts'
import type { GatewayOptions } from '../gateway/options.ts'
import type { StorageConfig } from '../storage/options.ts'
import type { Storage } from '../storage/storage.ts'

export interface KeysConfig extends StorageConfig {
  readonly gateway: GatewayOptions
}

/** The keys of a configuration. The first call that needs them takes over what an earlier version kept in a file. */
export function openKeyStore(config: KeysConfig, storage: () => Promise<Storage>): KeyStore {
  const { gateway, state_directory: folder } = config
  const former = gateway.keys_file ?? join(folder, 'keys.json')
  return createKeyStore({
    storage: onceUntilFailure(async () => {
      const opened = await storage()
      await takeOverKeyFile(former, opened)
      return opened
    }),
  })
}
