import { join } from 'node:path'
import type { KeyKeeper } from './sallyport.ts'
import { ServiceError } from '../core/errors.ts'
import { createKeyStore, type KeyStore } from '../gateway/authenticate/keys.ts'
import { requireGroup } from '../gateway/authorize/groups.ts'
import { groupsInForce, type GatewayOptions } from '../gateway/options.ts'

export interface KeysConfig {
  readonly gateway: GatewayOptions
  readonly state_directory: string
}

/** The keys of a configuration. */
export function openKeyStore({ gateway, state_directory: folder }: KeysConfig): KeyStore {
  return createKeyStore({ path: gateway.keys_file ?? join(folder, 'keys.json') })
}

/** The keys of a configuration, for an operator; nothing else is composed. */
export function openKeyKeeper(config: KeysConfig): KeyKeeper {
  return createKeyKeeper(openKeyStore(config), Object.keys(groupsInForce(config.gateway)))
}

/** The keys as an operator handles them: each belongs to a group that there is. */
export function createKeyKeeper(keys: KeyStore, groups: readonly string[]): KeyKeeper {
  return {
    async create({ name, group }) {
      requireGroup(group, groups)
      if (name.trim() === '' || name.length > 100) {
        throw new ServiceError('invalid-request', 'The name of a key has 1 to 100 characters.', {
          advice: 'Name it after who has it: sallyport key create alice',
        })
      }
      return { key: (await keys.create(name, group)).reveal(), file: keys.path }
    },
    list: async () => (await keys.list()).map(({ id, name, group, created }) => ({ id, name, group, created })),
    async revoke(id) {
      if (await keys.revoke(id)) return
      throw new ServiceError('not-found', `There is no key with the id "${id}".`, {
        advice: '"sallyport key list" shows the ids.',
      })
    },
  }
}
