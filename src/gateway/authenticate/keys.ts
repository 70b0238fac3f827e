import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Principal } from '../../core/principal.ts'
import { Secret } from '../../core/secret.ts'
import { changeKeyFile, readKeyFile, type StoredKey } from './key-file.ts'

export interface KeyStoreOptions {
  readonly path: string
  readonly now?: () => Date
}

/** A key that was just made: in clear, for the only time, and as it is kept. */
export interface MadeKey {
  readonly key: Secret
  readonly stored: StoredKey
}

/** API keys. Only their hashes are kept: a key is shown once, when it is made. */
export interface KeyStore {
  readonly path: string
  /** Makes the file with one key of the group when there is none; null when there is one already. */
  ensureFirst(group: string): Promise<Secret | null>
  create(name: string, group: string): Promise<MadeKey>
  /**
   * Makes a key of the same name and group and ends the one of that id, both in one change of the file; null when there
   * is none. The new key is a caller of its own: it has another id, its own quota and no sessions yet.
   */
  rotate(id: string): Promise<MadeKey | null>
  /** Oldest first. */
  list(): Promise<readonly StoredKey[]>
  /** False when there is no key of that id. Requests that run go on; the next one with the key is refused. */
  revoke(id: string): Promise<boolean>
  /** Whose key it is; null when it is nobody's. */
  find(key: Secret): Promise<Principal | null>
}

const prefix = 'sp-'

function hash(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest()
}

/** Compares with every stored key, so that the time says nothing about which one came close. */
function match(keys: readonly StoredKey[], key: string): StoredKey | null {
  const wanted = hash(key)
  let found: StoredKey | null = null
  for (const stored of keys) {
    if (timingSafeEqual(Buffer.from(stored.sha256, 'hex'), wanted)) found = stored
  }
  return found
}

export function createKeyStore(options: KeyStoreOptions): KeyStore {
  const { path, now = () => new Date() } = options
  const make = (name: string, group: string): MadeKey => {
    const key = prefix + randomBytes(32).toString('base64url')
    const sha256 = hash(key).toString('hex')
    return { key: new Secret(key), stored: { id: randomUUID(), name, group, sha256, created: now().toISOString() } }
  }
  return {
    path,
    async create(name, group) {
      const made = make(name, group)
      await changeKeyFile(path, (keys) => [...(keys ?? []), made.stored])
      return made
    },
    async rotate(id) {
      let made: MadeKey | null = null
      await changeKeyFile(path, (keys) => {
        const old = keys?.find((key) => key.id === id)
        if (keys === null || old === undefined) return null
        made = make(old.name, old.group)
        return [...keys.filter((key) => key !== old), made.stored]
      })
      return made
    },
    list: async () => (await readKeyFile(path)) ?? [],
    async revoke(id) {
      let isFound = false
      await changeKeyFile(path, (keys) => {
        const kept = keys?.filter((key) => key.id !== id) ?? []
        isFound = kept.length < (keys?.length ?? 0)
        return isFound ? kept : null
      })
      return isFound
    },
    async ensureFirst(group) {
      if ((await readKeyFile(path)) !== null) return null
      const { key, stored } = make('first', group)
      let isFirst = false
      await changeKeyFile(path, (keys) => {
        isFirst = keys === null
        return isFirst ? [stored] : null
      })
      return isFirst ? key : null
    },
    async find(key) {
      const stored = match((await readKeyFile(path)) ?? [], key.reveal())
      return stored === null ? null : { id: stored.id, kind: 'api-key', group: stored.group }
    },
  }
}
