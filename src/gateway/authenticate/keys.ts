import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Principal } from '../../core/principal.ts'
import { Secret } from '../../core/secret.ts'
import { readKeyFile, writeKeyFile, type StoredKey } from './key-file.ts'

export interface KeyStoreOptions {
  readonly path: string
  readonly now?: () => Date
}

/** API keys. Only their hashes are kept: a key is shown once, when it is made. */
export interface KeyStore {
  readonly path: string
  /** Makes the file with one key of the group when there is none; null when there is one already. */
  ensureFirst(group: string): Promise<Secret | null>
  create(name: string, group: string): Promise<Secret>
  /** Oldest first. */
  list(): Promise<readonly StoredKey[]>
  /** False when there is no key of that id. Requests that run go on; the next one with the key is nobody's. */
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
  const create: KeyStore['create'] = async (name, group) => {
    const key = prefix + randomBytes(32).toString('base64url')
    const stored: StoredKey = {
      id: randomUUID(),
      name,
      group,
      sha256: hash(key).toString('hex'),
      created: now().toISOString(),
    }
    await writeKeyFile(path, [...((await readKeyFile(path)) ?? []), stored])
    return new Secret(key)
  }
  return {
    path,
    create,
    list: async () => (await readKeyFile(path)) ?? [],
    async revoke(id) {
      const keys = (await readKeyFile(path)) ?? []
      const kept = keys.filter((key) => key.id !== id)
      if (kept.length < keys.length) await writeKeyFile(path, kept)
      return kept.length < keys.length
    },
    ensureFirst: async (group) => ((await readKeyFile(path)) === null ? create('first', group) : null),
    async find(key) {
      const stored = match((await readKeyFile(path)) ?? [], key.reveal())
      return stored === null ? null : { id: stored.id, kind: 'api-key', group: stored.group }
    },
  }
}
