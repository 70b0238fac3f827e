import type { ReceivedCall } from '../../../core/model-call.ts'

/** Rights of a call by which a provider fetches what it reads, and does nothing. */
const reading: ReadonlySet<string> = new Set(['image_urls', 'file_urls'])

/** Where Responses name a conversation that the provider keeps, and writes the question and the answer into. */
const ofConversations = /^conversation(?:\.id)?$/

/**
 * May a call be done once at the most? What a provider does by tools of its own, goes on with in the background, or writes
 * into a conversation that it keeps, would be done twice; a deletion that is repeated is told that there is nothing.
 */
export function runsOnce({ method, facts }: Pick<ReceivedCall, 'method' | 'facts'>): boolean {
  if (method === 'DELETE' || facts.runsOn === true) return true
  return (
    facts.hostedTools.some(({ name }) => !reading.has(name)) ||
    facts.ids.some(({ parameter }) => ofConversations.test(parameter))
  )
}
