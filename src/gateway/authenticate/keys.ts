import { hash, randomBytes, randomUUID } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import { Secret } from '../../core/secret.ts'
import type { NewStoredKey, StoredKey } from '../../storage/repositories/api-keys.ts'
import type { Storage } from '../../storage/storage.ts'

export interface KeyStoreOptions {
  /** Opened by the first call that needs it. */
  readonly storage: () => Promise<Pick<Storage, 'keys' | 'place'>>
  readonly now?: () => Date
}

/** A key that was just made: in clear, for the only time, and as it is kept. */
export interface MadeKey {
  readonly key: Secret
  readonly stored: NewStoredKey
}

/** API keys. Only their hashes are kept: a key is shown once, when it is made. */
export interface KeyStore {
  /** Where they are kept, for people. */
  place(): Promise<string>
  /** Makes one key of the group where there never was one; else null. */
  ensureFirst(group: string): Promise<Secret | null>
  create(name: string, group: string): Promise<MadeKey>
  /**
   * Makes a key of the same name and group and ends the one of that id, both in one change; null when there is none. The
   * new key is a caller of its own: it has another id, its own quota and no sessions yet.
   */
  rotate(id: string): Promise<MadeKey | null>
  /** Oldest first. */
  list(): Promise<readonly StoredKey[]>
  /** False when there is no key of that id. Requests that run go on; the next one with the key is refused. */
  revoke(id: string): Promise<boolean>
  /** Whose key it is; null when it is nobody's. Rejects with `unauthenticated` for a key that is held. */
  find(key: Secret): Promise<Principal | null>
}

const prefix = 'sp-'

/** Looked up by its digest: what time a search tells is about digests, from which no key follows. */
function digestOf(key: string): string {
  return hash('sha256', key, 'hex')
}

export function createKeyStore(options: KeyStoreOptions): KeyStore {
  const { storage, now = () => new Date() } = options
  const make = (name: string, group: string): MadeKey => {
    const key = prefix + randomBytes(32).toString('base64url')
    const stored = { id: randomUUID(), name, group, sha256: digestOf(key), created: now().toISOString() }
    return { key: new Secret(key), stored }
  }
  return {
    place: async () => (await storage()).place,
    async create(name, group) {
      const made = make(name, group)
      await (await storage()).keys.add(made.stored)
      return made
    },
    async rotate(id) {
      let made: MadeKey | null = null
      const replaced = await (await storage()).keys.replace(id, (old) => (made = make(old.name, old.group)).stored)
      return replaced === null ? null : made
    },
    list: async () => (await storage()).keys.list(),
    revoke: async (id) => (await storage()).keys.revoke(id),
    async ensureFirst(group) {
      const { key, stored } = make('first', group)
      return (await (await storage()).keys.addFirst(stored)) ? key : null
    },
    async find(key) {
      const stored = await (await storage()).keys.find(digestOf(key.reveal()))
      if (stored === null) return null
      const { id, group, heldBecause, quotaUsedDay } = stored
      if (heldBecause !== null) throw heldKey()
      return { id, kind: 'api-key', group, ...(quotaUsedDay === null ? {} : { quotaUsedDay }) }
    },
  }
}

function heldKey(): ServiceError {
  return new ServiceError('unauthenticated', 'The API key is held until the operator accepts it.', {
    advice: 'Ask the operator for a new key.',
  })
}
