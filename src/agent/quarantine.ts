import { createFence } from '../text/untrusted.ts'
import type { AskQuarantined } from '../tools/extract-values.ts'
import { askAside, type AsideSettings } from './ask-aside.ts'

/** Output tokens of one call. */
const outputTokens = 4_000

/**
 * Calls of a model that reads an untrusted text: no tools, no conversation, a boundary of its own. Whatever the text orders, there is
 * nothing that it could do but write, and what it writes is read as values. A model that calls a tool all the same is not heard.
 */
export function createQuarantine(settings: AsideSettings): AskQuarantined {
  return async ({ instructions, text }, signal) => {
    const fence = createFence()
    const boundary = `The text stands between "<<untrusted ${fence.boundary} …>>" and "<<end untrusted ${fence.boundary}>>".`
    const messages = [
      { role: 'system', content: `${instructions}\n${boundary}` },
      { role: 'user', content: fence.wrap('text', text) },
    ] as const
    return askAside(settings, { messages, maximumOutputTokens: outputTokens }, signal)
  }
}
