import type { Kysely, Selectable } from 'kysely'
import { ServiceError } from '../../core/errors.ts'
import type { SealAt, SealedConversation, SealedItem, SealedRun } from '../../core/conversations.ts'
import type { Tables } from '../tables.ts'

export function conversationOf(row: Selectable<Tables['conversations']>): SealedConversation {
  return {
    id: row.id,
    principal: row.principal,
    wrappedKey: row.wrapped_key,
    made: new Date(row.made),
    used: new Date(row.used),
    sealed: row.sealed,
  }
}

export function runOf(row: Selectable<Tables['conversation_runs']>): SealedRun {
  const { id, conversation, principal, previous, state, model, sealed } = row
  return {
    id,
    conversation,
    principal,
    previous,
    state,
    model,
    requestId: row.request_id,
    begun: new Date(row.begun),
    ended: row.ended === null ? null : new Date(row.ended),
    sealed,
    sealedEnd: row.sealed_end,
  }
}

/** Rows in the order of their places and pieces, as the items that they are pieces of. */
export function itemsOf(rows: readonly Selectable<Tables['conversation_items']>[]): SealedItem[] {
  const items: (Omit<SealedItem, 'pieces'> & { readonly pieces: string[] })[] = []
  for (const { place: counted, piece, run, made, sealed } of rows) {
    const place = Number(counted)
    if (piece === 0) items.push({ place, run, made: new Date(made), pieces: [sealed] })
    else items.at(-1)?.pieces.push(sealed)
  }
  return items
}

export interface Placing {
  readonly conversation: string
  readonly run: string | null
  readonly time: string
}

/** Pieces of rows that one statement takes: a piece may be of hundreds of thousands of characters. */
const rowsAtOnce = 16

/** Gives items their places in a conversation whose row is locked, and puts them there. */
export async function placeItems(
  db: Kysely<Tables>,
  { conversation, run, time, from }: Placing & { readonly from: number },
  items: readonly SealAt[],
): Promise<readonly SealedItem[]> {
  const placed = items.map((seal, index) => ({
    place: from + index,
    run,
    made: new Date(time),
    pieces: seal(from + index),
  }))
  const rows = placed.flatMap(({ place, pieces }) =>
    pieces.map((sealed, piece) => ({ conversation, place, piece, run, made: time, sealed })),
  )
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    await db
      .insertInto('conversation_items')
      .values(rows.slice(at, at + rowsAtOnce))
      .execute()
  }
  return placed
}

/** Locks a conversation until the transaction ends, and takes as many places; null where it is not there. */
export async function takePlaces(
  db: Kysely<Tables>,
  { id, principal, count, time }: PlacesTaken,
): Promise<number | null> {
  const row = await db
    .updateTable('conversations')
    .set((set) => ({ next_place: set('next_place', '+', count), used: time }))
    .where('id', '=', id)
    .where('principal', '=', principal)
    .returning('next_place')
    .executeTakeFirst()
  return row === undefined ? null : Number(row.next_place) - count
}

interface PlacesTaken {
  readonly id: string
  readonly principal: string
  readonly count: number
  readonly time: string
}

export function isBusy(id: string): ServiceError {
  return new ServiceError('conflict', `Another run goes on in the conversation "${id}".`, {
    advice: 'Wait until it is over, or cancel it.',
  })
}

export function isNotOurs(id: string): ServiceError {
  return new ServiceError('conflict', `The run "${id}" is over, or is no longer run by this process.`, {
    advice: 'Look at how it stands, and ask again.',
  })
}

/** Of what begins at the moment at which another process takes this one for dead. */
export function lostLease(): ServiceError {
  return new ServiceError('storage-unavailable', fencedMessage, { advice: 'Send it again.' })
}

export function isFenced(thrown: unknown): boolean {
  return thrown instanceof ServiceError && thrown.message === fencedMessage
}

const fencedMessage = 'Another process has taken this one for dead, and may go on in its place.'

/** Of a run whose conversation is gone. */
export function isDeleted(id: string): ServiceError {
  return new ServiceError('conflict', `The conversation was deleted while the run "${id}" went on in it.`, {
    advice: 'Nothing of the run is kept any more; ask again in another conversation.',
  })
}

export function noConversation(id: string): ServiceError {
  return new ServiceError('not-found', `There is no conversation "${id.slice(0, 100)}".`, {
    advice: "It was deleted, or forgotten by its age, or is somebody else's.",
  })
}
