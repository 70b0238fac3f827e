import { join } from 'node:path'
import type { KeyFacts, KeyKeeper, NewKey } from './sallyport.ts'
import { ServiceError } from '../core/errors.ts'
import type { StoredKey } from '../gateway/authenticate/key-file.ts'
import { createKeyStore, type KeyStore, type MadeKey } from '../gateway/authenticate/keys.ts'
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
  const show = async (id: string): Promise<KeyFacts> => {
    const stored = (await keys.list()).find((key) => key.id === id)
    if (stored === undefined) throw noKey(id)
    return factsOf(stored)
  }
  return {
    show,
    async create({ name, group }) {
      requireGroup(group, groups)
      if (name.trim() === '' || name.length > 100) {
        throw new ServiceError('invalid-request', 'The name of a key has 1 to 100 characters.', {
          advice: 'Name it after who has it: sallyport keys create alice',
        })
      }
      return newKey(keys, await keys.create(name, group))
    },
    list: async () => (await keys.list()).map(factsOf),
    async rotate(id) {
      requireGroup((await show(id)).group, groups)
      const made = await keys.rotate(id)
      // Another process may have ended the key since it was looked for.
      if (made === null) throw noKey(id)
      return newKey(keys, made)
    },
    async revoke(id) {
      if (!(await keys.revoke(id))) throw noKey(id)
    },
  }
}

function newKey({ path }: KeyStore, { key, stored }: MadeKey): NewKey {
  return { ...factsOf(stored), key: key.reveal(), file: path }
}

function factsOf({ id, name, group, created }: StoredKey): KeyFacts {
  return { id, name, group, created }
}

function noKey(id: string): ServiceError {
  return new ServiceError('not-found', `There is no key with the id "${id}".`, {
    advice: '"sallyport keys list" shows the ids.',
  })
}
