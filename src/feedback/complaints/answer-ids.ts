import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { AnswerCaller, NameAnswer } from '../../core/complaints.ts'

/** What the id of an answer says to whoever has the key of the service. */
export interface NamedAnswer {
  /** The decision of a content filter about it (`dec-…`), which may have found nothing and be recorded nowhere; null for none. */
  readonly decision: string | null
  /** When it was given, to the second. */
  readonly given: Date
}

export interface AnswerIds {
  /** `ans_` and 50 characters. */
  readonly name: NameAnswer
  /** Null for what was not made here, for an answer of anybody else, and for what was changed. */
  read(caller: AnswerCaller, id: string): NamedAnswer | null
}

interface AnswerIdsOptions {
  /** Of the key in use, and of those before it: what they have signed is read. Each of 32 bytes. */
  readonly keys: readonly [Buffer, ...Buffer[]]
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const uuidBytes = 16
const headBytes = 1 + uuidBytes + 4
const signatureBytes = 16
const withDecision = 1
const withoutDecision = 0

/**
 * Ids that say themselves whose answer it was, so that no row is kept of every answer and each process knows those of the others:
 * a byte that says which of the two follows, the UUID of the decision or a random one, the second, and 16 bytes of an
 * HMAC-SHA-256 of these and the caller.
 */
export function createAnswerIds({ keys, now }: AnswerIdsOptions): AnswerIds {
  return {
    name(caller, decision) {
      const uuid = decision === null ? null : bytesOfDecision(decision)
      const head = Buffer.alloc(headBytes)
      head.writeUInt8(uuid === null ? withoutDecision : withDecision, 0)
      head.set(uuid ?? randomBytes(uuidBytes), 1)
      head.writeUInt32BE(Math.floor(now() / 1_000), 1 + uuidBytes)
      return `ans_${Buffer.concat([head, signatureOf(keys[0], caller, head)]).toString('base64url')}`
    },
    read(caller, id) {
      const [, text] = /^(?:ans_|chatcmpl-)([\w-]{50})$/.exec(id) ?? []
      if (text === undefined) return null
      const bytes = Buffer.from(text, 'base64url')
      // Several texts decode to the same bytes; only one of them was given.
      if (bytes.toString('base64url') !== text) return null
      const head = bytes.subarray(0, headBytes)
      const signature = bytes.subarray(headBytes)
      if (!keys.some((key) => timingSafeEqual(signatureOf(key, caller, head), signature))) return null
      return {
        decision: head[0] === withDecision ? decisionOfBytes(head.subarray(1, 1 + uuidBytes)) : null,
        given: new Date(head.readUInt32BE(1 + uuidBytes) * 1_000),
      }
    },
  }
}

/** The person behind the key of an application is signed, too: the answers of one are not another's. */
function signatureOf(key: Buffer, { id, endUser }: AnswerCaller, head: Uint8Array): Buffer {
  const signed = createHmac('sha256', key)
    .update(JSON.stringify([id, endUser ?? null]))
    .update(head)
    .digest()
  return signed.subarray(0, signatureBytes)
}

/** Null for an id of another form. */
function bytesOfDecision(decision: string): Buffer | null {
  const [, ...groups] = /^dec-(\w{8})-(\w{4})-(\w{4})-(\w{4})-(\w{12})$/.exec(decision) ?? []
  const bytes = Buffer.from(groups.join(''), 'hex')
  return bytes.length === uuidBytes ? bytes : null
}

function decisionOfBytes(bytes: Buffer): string {
  return `dec-${bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`
}
