import { openKeyStore, type KeysConfig } from './key-store.ts'
import type { KeyFacts, KeyKeeper, NewKey } from './sallyport.ts'
import { ServiceError } from '../core/errors.ts'
import { defaultKeyScopes } from '../core/key-scopes.ts'
import { hasExpired, type KeyStore, type KeyTerms, type MadeKey } from '../gateway/authenticate/keys.ts'
import { requireGroup } from '../gateway/authorize/groups.ts'
import { groupsInForce } from '../gateway/options.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { NewStoredKey, StoredKey } from '../storage/repositories/api-keys.ts'
import { isPrintable } from '../core/is-printable.ts'

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
    async create({ name, group, ...terms }) {
      requireGroup(group, groups)
      requireLife(terms)
      if (name.trim() === '' || name.length > 100 || !isPrintable(name)) {
        throw new ServiceError('invalid-request', 'The name of a key has 1 to 100 characters that can be shown.', {
          advice: 'Name it after who has it: sallyport keys create alice',
        })
      }
      return newKey(keys, await keys.create(name, group, terms))
    },
    list: async () => (await keys.list()).map(factsOf),
    async rotate(id, terms = {}) {
      const old = await show(id)
      requireGroup(old.group, groups)
      requireLife(terms)
      if (old.replacedBy !== null) {
        throw new ServiceError('invalid-request', `The key was replaced by ${old.replacedBy} before.`, {
          advice: `Rotate that one, or end this one now: sallyport keys revoke ${old.id}`,
        })
      }
      const made = await keys.rotate(id, terms)
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

function factsOf(key: NewStoredKey & Partial<StoredKey>): KeyFacts {
  const { id, name, group, created, heldBecause = null, expires = null, lastUsed = null, replacedBy = null } = key
  const state = heldBecause !== null ? 'held' : hasExpired({ expires }, new Date()) ? 'expired' : 'active'
  return { id, name, group, created, state, scopes: key.scopes ?? defaultKeyScopes, expires, lastUsed, replacedBy }
}

function requireLife({ expires }: Pick<KeyTerms, 'expires'>): void {
  if (expires === undefined || !('until' in expires) || Date.parse(expires.until) > Date.now()) return
  throw new ServiceError('invalid-request', `A key that expires at ${expires.until} would never count.`, {
    advice: 'Name a moment to come, or how long it is to count: --expires 30d',
  })
}

function noKey(id: string): ServiceError {
  return new ServiceError('not-found', `There is no key with the id "${id}".`, {
    advice: '"sallyport keys list" shows the ids.',
  })
}
