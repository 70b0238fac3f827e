import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hash,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'
import { ServiceError } from '../core/errors.ts'

const nonceBytes = 12
const tagBytes = 16
const cipher = 'aes-256-gcm'

/** Seals with AES-256-GCM: a nonce of its own, the sealed bytes and the tag. `about` has to be the same to open it. */
export function sealBytes(key: KeyObject, text: string | Uint8Array, about: string): Buffer {
  const nonce = randomBytes(nonceBytes)
  const sealing = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(about))
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  return Buffer.concat([nonce, sealing.update(bytes), sealing.final(), sealing.getAuthTag()])
}

/** Throws for what another key has sealed, or about something else, and for what was changed. */
export function unsealBytes(key: KeyObject, bytes: Uint8Array, about: string): Buffer {
  const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
  opening.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(-tagBytes))
  return Buffer.concat([opening.update(bytes.subarray(nonceBytes, -tagBytes)), opening.final()])
}

/** The same in base64. */
export function seal(key: KeyObject, text: string | Uint8Array, about: string): string {
  return sealBytes(key, text, about).toString('base64')
}

/** Throws as `unsealBytes`. */
export function unseal(key: KeyObject, sealed: string, about: string): Buffer {
  return unsealBytes(key, Buffer.from(sealed, 'base64'), about)
}

interface NamedKey {
  readonly id: string
  readonly key: KeyObject
}

function namedKey(serviceKey: Buffer): NamedKey {
  const key = Buffer.from(hkdfSync('sha256', serviceKey, Buffer.alloc(0), 'sallyport wrapping 1', 32))
  return { id: hash('sha256', Buffer.concat([key, Buffer.from('name')])).slice(0, 8), key: createSecretKey(key) }
}

function derivedKey(key: KeyObject, use: string, scope: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key.export(), Buffer.alloc(0), JSON.stringify([use, scope]), 32))
}

/**
 * The keys that wrap the data keys of conversations and of reports: the one in use, and those that were before it, with which what they
 * have wrapped is still opened.
 */
export class KeyRing {
  readonly #current: NamedKey
  readonly #byId: ReadonlyMap<string, KeyObject>

  /** Each of 32 bytes. */
  constructor(current: Buffer, former: readonly Buffer[]) {
    this.#current = namedKey(current)
    const all = [...former.map(namedKey), this.#current]
    this.#byId = new Map(all.map(({ id, key }) => [id, key]))
  }

  /**
   * A key of 32 bytes that only who has the service's knows, for one use: digests of one scope say nothing of those of another.
   */
  keyFor(use: string, scope: string): Buffer {
    return derivedKey(this.#current.key, use, scope)
  }

  /** The same of the key in use, and behind it of each that was before: by which what they have signed is known. */
  keysFor(use: string, scope: string): readonly [Buffer, ...Buffer[]] {
    const former = [...this.#byId].filter(([id]) => id !== this.#current.id)
    return [this.keyFor(use, scope), ...former.map(([, key]) => derivedKey(key, use, scope))]
  }

  /** `about`: the id of what the data key is of. */
  wrap(dataKey: Buffer, about: string): string {
    return `${this.#current.id}:${seal(this.#current.key, dataKey, about)}`
  }

  /** What begins every key that the one in use has wrapped: hexadecimal digits and a colon. */
  get prefix(): string {
    return `${this.#current.id}:`
  }

  isCurrent(wrapped: string): boolean {
    return wrapped.startsWith(this.prefix)
  }

  /** Is the key there that wrapped it? */
  opens(wrapped: string): boolean {
    return this.#byId.has(wrapped.split(':')[0] ?? '')
  }

  /** Throws `internal` where the key that wrapped it is not there: who asked can do nothing about it, and nothing is sent. */
  unwrap(wrapped: string, about: string): Buffer {
    const [id = '', sealed = ''] = wrapped.split(':')
    const key = this.#byId.get(id)
    if (key === undefined) {
      throw new ServiceError('internal', 'What is kept sealed was sealed with a key that is not there.', {
        advice: 'Give the former key in privacy.former_keys, or delete what it has sealed.',
      })
    }
    return unseal(key, sealed, about)
  }
}
