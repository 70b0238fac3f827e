import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { AuditEntry, AuditPlace } from './entry.ts'

/**
 * A place of a trail with a signature (Ed25519, RFC 8032): who can write the file and has not the key cannot make another
 * trail that comes to it. It stands in the trail, right behind its place, and is worth most where it is kept elsewhere.
 */
export interface Checkpoint extends AuditPlace {
  /** ISO 8601. */
  readonly time: string
  /** The public key, hexadecimal: 64 digits. */
  readonly key: string
  /** Hexadecimal: 128 digits. */
  readonly signature: string
}

/** Signs places with the key of an installation. */
export interface CheckpointSigner {
  /** The public key, hexadecimal. */
  readonly key: string
  sign(place: AuditPlace, time: string): Checkpoint
}

/** The event of the line that holds one. */
export const checkpointEvent = 'checkpoint'

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

/** `seed` has 32 bytes, as RFC 8032 calls the private key. */
export function createSigner(seed: Buffer): CheckpointSigner {
  const secret = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' })
  const { x = '' } = createPublicKey(secret).export({ format: 'jwk' })
  const key = Buffer.from(x, 'base64url').toString('hex')
  return {
    key,
    sign: (place, time) => {
      const { sequence, hash } = place
      return { sequence, hash, time, key, signature: sign(null, signedText(place, time), secret).toString('hex') }
    },
  }
}

/** What is signed. It names its purpose, so that the key signs nothing else by accident. */
function signedText({ sequence, hash }: AuditPlace, time: string): Buffer {
  return Buffer.from(`sallyport audit checkpoint 1\n${sequence}\n${hash}\n${time}\n`)
}

/** Null where the signature holds and is of one of these keys; else what is wrong. */
export function faultOf(checkpoint: Checkpoint, keys: readonly string[]): string | null {
  const { key, signature } = checkpoint
  if (!keys.includes(key)) return `the checkpoint is signed with another key, ${key.slice(0, 64)}`
  const x = Buffer.from(key, 'hex').toString('base64url')
  const known = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  const holds = verify(null, signedText(checkpoint, checkpoint.time), known, Buffer.from(signature, 'hex'))
  return holds ? null : 'the signature of the checkpoint does not hold'
}

/** The checkpoint that a line holds; null for a line of something else, or one that has not all of it. */
export function checkpointIn({ fact, time }: Pick<AuditEntry, 'fact' | 'time'>): Checkpoint | null {
  if (fact.event !== checkpointEvent) return null
  return asCheckpoint({ ...fact, time })
}

/** One that was kept elsewhere, from its JSON or the line of the log that has it; null for anything else. */
export function parseCheckpoint(text: string): Checkpoint | null {
  try {
    const value = JSON.parse(text) as Readonly<Record<string, unknown>>
    const { checkpoint: logged } = value
    return asCheckpoint(typeof logged === 'string' ? (JSON.parse(logged) as typeof value) : value)
  } catch {
    return null
  }
}

function asCheckpoint(value: Readonly<Record<string, unknown>>): Checkpoint | null {
  const { sequence, hash, time, key, signature } = value
  if (!Number.isSafeInteger(sequence) || typeof time !== 'string') return null
  const isHex = (text: unknown, digits: number): text is string =>
    typeof text === 'string' && text.length === digits && /^[0-9a-f]+$/.test(text)
  if (!isHex(hash, 64) || !isHex(key, 64) || !isHex(signature, 128)) return null
  return { sequence: sequence as number, hash, time, key, signature }
}
