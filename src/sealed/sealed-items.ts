import type { KeyObject } from 'node:crypto'
import { itemIdOf, type ConversationItem, type KeptItem, type SealAt, type SealedItem } from '../core/conversations.ts'
import { ServiceError } from '../core/errors.ts'
import { seal, unseal } from './key-ring.ts'

/** Bytes of a piece before it is sealed: what one row of an item holds. */
const pieceBytes = 262_144
/** Bytes of an item in JSON; who keeps one sees to it that it has less. */
export const largestItem = 33_554_432

interface Placed {
  readonly conversation: string
  readonly run: string | null
}

/** Seals an item so that it opens in its place of its conversation alone, and only with all of its pieces. */
export function sealItem(key: KeyObject, { conversation, run }: Placed, item: ConversationItem): SealAt {
  const bytes = Buffer.from(JSON.stringify(item))
  if (bytes.length > largestItem) {
    throw new ServiceError('payload-too-large', `An item of a conversation has more than ${largestItem} bytes.`)
  }
  const count = Math.max(1, Math.ceil(bytes.length / pieceBytes))
  return (place) =>
    Array.from({ length: count }, (_, piece) => {
      const about = JSON.stringify([conversation, run, place, piece, count])
      return seal(key, bytes.subarray(piece * pieceBytes, (piece + 1) * pieceBytes), about)
    })
}

export function openItem(key: KeyObject, conversation: string, { place, run, made, pieces }: SealedItem): KeptItem {
  try {
    const opened = pieces.map((sealed, piece) =>
      unseal(key, sealed, JSON.stringify([conversation, run, place, piece, pieces.length])),
    )
    const item = JSON.parse(Buffer.concat(opened).toString('utf8')) as ConversationItem
    return { id: itemIdOf(conversation, place), conversation, place, run, made, item }
  } catch (cause) {
    const message = `What is kept of the conversation ${conversation} is not what was put there.`
    throw new ServiceError('internal', message, { cause })
  }
}
