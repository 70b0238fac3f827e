import { openKeyStore, type KeysConfig } from './key-store.ts'
import type { KeyFacts, KeyKeeper, NewKey } from './sallyport.ts'
import { ServiceError } from '../core/errors.ts'
import type { KeyStore, MadeKey } from '../gateway/authenticate/keys.ts'
import { requireGroup } from '../gateway/authorize/groups.ts'
import { groupsInForce } from '../gateway/options.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { NewStoredKey, StoredKey } from '../storage/repositories/api-keys.ts'

/** The keys of a configuration, for an operator; nothing else is composed. */
export async function openKeyKeeper(config: KeysConfig): Promise<KeyKeeper & AsyncDisposable> {
  const storage = await openStorage(config, { for: 'command' })
  const keys = openKeyStore(config, async () => storage)
  return {
    ...createKeyKeeper(keys, Object.keys(groupsInForce(config.gateway))),
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  }
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

async function newKey(keys: KeyStore, { key, stored }: MadeKey): Promise<NewKey> {
  return { ...factsOf(stored), key: key.reveal(), place: await keys.place() }
}

function factsOf({ id, name, group, created, heldBecause = null }: NewStoredKey & Partial<StoredKey>): KeyFacts {
  return { id, name, group, created, state: heldBecause === null ? 'active' : 'held' }
}

function noKey(id: string): ServiceError {
  return new ServiceError('not-found', `There is no key with the id "${id}".`, {
    advice: '"sallyport keys list" shows the ids.',
  })
}
