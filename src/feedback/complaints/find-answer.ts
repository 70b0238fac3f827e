import { decisionOfRun } from '../../core/complaints.ts'
import { itemIdOf, type Conversations, type Run } from '../../core/conversations.ts'
import type { OwnedIds } from '../../core/owned-ids.ts'
import type { Principal } from '../../core/principal.ts'
import type { AnswerIds } from './answer-ids.ts'

/** An answer that its caller may speak of. */
export interface FoundAnswer {
  /** The decision of a content filter about it, whether or not it is recorded; null where nobody can say which. */
  readonly decision: string | null
  /** Null where it is kept, and is spoken of as long as it is. */
  readonly given: Date | null
}

/** Null for an answer of anybody else, as for one that never was. */
export type FindAnswer = (caller: Principal, id: string) => Promise<FoundAnswer | null>

export interface FindAnswerParts {
  readonly ids: Pick<AnswerIds, 'read'>
  readonly conversations: Pick<Conversations, 'showRun' | 'items'>
  readonly ownedIds: Pick<OwnedIds, 'owners'>
  /** Names of the upstreams through which callers make what a provider keeps. */
  readonly upstreams: readonly string[]
}

/**
 * Finds an answer by the id of its header, by that of a response, a run or an item of a conversation that is kept here, or
 * by one that a provider keeps. A provider's id of an answer that nobody keeps is in no place where its caller could be
 * looked up.
 */
export function createFindAnswer({ ids, conversations, ownedIds, upstreams }: FindAnswerParts): FindAnswer {
  const ofRun = (run: Run): FoundAnswer => ({ decision: decisionOfRun(run.requestId), given: null })
  return async (caller, id) => {
    const named = ids.read(caller, id)
    if (named !== null) return named
    // Whoever is anonymous shares its id with everybody else who is.
    if (caller.kind === 'anonymous') return null
    const [, digits] = /^(?:resp|run)_([0-9a-f]{32})$/.exec(id) ?? []
    const run = digits === undefined ? null : await conversations.showRun(caller.id, `run_${digits}`)
    if (run !== null) return ofRun(run)
    const said = await runOfItem(caller, id)
    if (said !== null) return ofRun(said)
    for (const upstream of upstreams) {
      const owners = await ownedIds.owners(upstream, [id])
      if (owners.get(id) === caller.id) return { decision: null, given: null }
    }
    return null
  }

  /** The run that has said an item; null where its caller has said it. */
  async function runOfItem(caller: Principal, id: string): Promise<Run | null> {
    const [, digits, place] = /^item_([0-9a-f]{32})_(\d{1,15})$/.exec(id) ?? []
    if (digits === undefined) return null
    const conversation = `conv_${digits}`
    const before = itemIdOf(conversation, Number(place) - 1)
    const items = await conversations.items(caller.id, conversation, {
      order: 'asc',
      most: 1,
      ...(place === '0' ? {} : { after: before }),
    })
    const item = items?.find((each) => each.id === id)
    const isAsked = item?.item.type === 'message' && item.item.role !== 'assistant'
    if (item === undefined || item.run === null || isAsked) return null
    return conversations.showRun(caller.id, item.run)
  }
}
