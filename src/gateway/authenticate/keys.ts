import { hash, randomBytes, randomUUID } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'
import type { KeyScope } from '../../core/key-scopes.ts'
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

/** How long a key counts: so many milliseconds, or until a moment in ISO 8601. */
export type KeyLifetime = { readonly milliseconds: number } | { readonly until: string }

export interface KeyTerms {
  /** Absent for `defaultKeyScopes`. */
  readonly scopes?: readonly KeyScope[]
  /** Absent for a key that does not end by itself. */
  readonly expires?: KeyLifetime
}

export interface RotationTerms extends Pick<KeyTerms, 'expires'> {
  readonly overlapMilliseconds?: number
}

/** API keys. Only their hashes are kept: a key is shown once, when it is made. */
export interface KeyStore {
  /** Where they are kept, for people. */
  place(): Promise<string>
  /** Was there never a key? */
  isEmpty(): Promise<boolean>
  /** Makes one key of the group where there never was one; else null, also where another process makes it meanwhile. */
  ensureFirst(group: string): Promise<MadeKey | null>
  create(name: string, group: string, terms?: KeyTerms): Promise<MadeKey>
  /**
   * Makes a key of the same name, group and scopes and ends the one of that id, both in one change; null when there is none.
   * With an overlap the old one goes on for so long, but no longer than it was to, and is replaced this once. Without
   * `expires` the new key is given as long a life as the old one had. It is a caller of its own: it has another id, its own
   * quota and no sessions yet.
   */
  rotate(id: string, terms?: RotationTerms): Promise<MadeKey | null>
  /** Oldest first. */
  list(): Promise<readonly StoredKey[]>
  /** False when there is no key of that id. Requests that run go on; the next one with the key is refused. */
  revoke(id: string): Promise<boolean>
  /** Whose key it is; null when it is nobody's, or has expired. Rejects with `unauthenticated` for a key that is held. */
  find(key: Secret): Promise<Principal | null>
  /** The same of the digest that a session of a browser has of its key. */
  findByDigest(sha256: string): Promise<Principal | null>
}

const prefix = 'sp-'

/** Looked up by its digest: what time a search tells is about digests, from which no key follows. */
function digestOf(key: string): string {
  return hash('sha256', key, 'hex')
}

export function createKeyStore(options: KeyStoreOptions): KeyStore {
  const { storage, now = () => new Date() } = options
  const make = (name: string, group: string, { scopes, expires }: KeyTerms = {}): MadeKey => {
    const key = prefix + randomBytes(32).toString('base64url')
    const made = now()
    const terms = { scopes: scopes ?? null, expires: expires === undefined ? null : endOf(expires, made) }
    const stored = { id: randomUUID(), name, group, sha256: digestOf(key), created: made.toISOString(), ...terms }
    return { key: new Secret(key), stored }
  }
  const findByDigest: KeyStore['findByDigest'] = async (sha256) => {
    const { keys } = await storage()
    const stored = await keys.find(sha256)
    if (stored === null || hasExpired(stored, now())) return null
    const { id, group, heldBecause, quotaUsedDay, scopes } = stored
    if (heldBecause !== null) throw heldKey()
    keys.noteUse(id)
    const terms = { ...(scopes === null ? {} : { scopes }), ...(quotaUsedDay === null ? {} : { quotaUsedDay }) }
    return { id, kind: 'api-key', group, ...terms }
  }
  return {
    place: async () => (await storage()).place,
    async create(name, group, terms) {
      const made = make(name, group, terms)
      await (await storage()).keys.add(made.stored)
      return made
    },
    async rotate(id, { expires, overlapMilliseconds = 0 } = {}) {
      let made: MadeKey | null = null
      const until = overlapMilliseconds === 0 ? null : endOf({ milliseconds: overlapMilliseconds }, now())
      const makeOf = (old: StoredKey): NewStoredKey => {
        const life = expires ?? lifeOf(old)
        const terms = { ...(old.scopes === null ? {} : { scopes: old.scopes }), ...(life && { expires: life }) }
        made = make(old.name, old.group, terms)
        return made.stored
      }
      const replaced = await (await storage()).keys.replace(id, makeOf, { until })
      return replaced === null ? null : made
    },
    list: async () => (await storage()).keys.list(),
    revoke: async (id) => (await storage()).keys.revoke(id),
    isEmpty: async () => (await storage()).keys.isEmpty(),
    async ensureFirst(group) {
      const made = make('first', group)
      return (await (await storage()).keys.addFirst(made.stored)) ? made : null
    },
    find: (key) => findByDigest(digestOf(key.reveal())),
    findByDigest,
  }
}

/** A key counts before the moment it expires, and not at it. */
export function hasExpired({ expires }: Pick<StoredKey, 'expires'>, now: Date): boolean {
  return expires !== null && Date.parse(expires) <= now.getTime()
}

function endOf(life: KeyLifetime, from: Date): string {
  return 'until' in life ? life.until : new Date(from.getTime() + life.milliseconds).toISOString()
}

function lifeOf({ created, expires }: StoredKey): KeyLifetime | undefined {
  return expires === null ? undefined : { milliseconds: Date.parse(expires) - Date.parse(created) }
}

function heldKey(): ServiceError {
  return new ServiceError('unauthenticated', 'The API key is held until the operator accepts it.', {
    advice: 'Ask the operator for a new key.',
  })
}
