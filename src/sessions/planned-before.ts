import type { Conversations } from '../core/conversations.ts'
import type { Received } from '../core/request.ts'
import type { Place } from './said-before.ts'

/** So many runs that broke off are looked behind. */
const mostRuns = 10

/**
 * Tables that runs may read which go on here: each run keeps, with its end, those of the runs before it and its own. One that broke off has kept none, and
 * then those before it count. Nothing for a conversation, or a run, that is not the caller's, and where no run has kept any.
 */
export async function plannedBefore(
  conversations: Pick<Conversations, 'lastRun' | 'showRun'>,
  principal: string,
  { conversation, previous }: Place,
): Promise<Pick<Received, 'plannedBefore'>> {
  let run =
    previous !== null
      ? await conversations.showRun(principal, previous)
      : conversation === null
        ? null
        : await conversations.lastRun(principal, conversation)
  for (let left = mostRuns; run !== null && left > 0; left -= 1) {
    const { end, previous: before } = run
    if (end?.planned !== undefined) return { plannedBefore: end.planned }
    run = before === null ? null : await conversations.showRun(principal, before)
  }
  return {}
}
