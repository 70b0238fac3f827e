import type { ReceivedCall } from '../../../core/model-call.ts'

/** Rights of a call by which a provider fetches what it reads, and does nothing. */
const reading: ReadonlySet<string> = new Set(['image_urls', 'file_urls'])

/**
 * May a call be done once at the most? What a provider does by tools of its own, or goes on with in the background, would
 * be done twice; a deletion that is repeated is told that there is nothing.
 */
export function runsOnce({ method, facts }: Pick<ReceivedCall, 'method' | 'facts'>): boolean {
  return method === 'DELETE' || facts.runsOn === true || facts.hostedTools.some(({ name }) => !reading.has(name))
}
