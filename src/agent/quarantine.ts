import { ServiceError } from '../core/errors.ts'
import type { TokenUsage } from '../core/events.ts'
import type { Model } from '../models/model.ts'
import { createFence } from '../text/untrusted.ts'
import type { AskQuarantined } from '../tools/extract-values.ts'
import { tokensOf } from './compaction.ts'

export interface QuarantineSettings {
  readonly model: Model
  /** Why a call that takes so many tokens at most may not be made any more; null where it may. */
  readonly whyNot: (most: TokenUsage) => string | null
}

/** Output tokens of one call. */
const outputTokens = 4_000
/** A tokenizer may take a text further apart than is estimated. */
const spare = 1.3

/**
 * Calls of a model that reads an untrusted text: no tools, no conversation, a boundary of its own. Whatever the text orders, there is
 * nothing that it could do but write, and what it writes is read as values. A model that calls a tool all the same is not heard.
 */
export function createQuarantine({ model, whyNot }: QuarantineSettings): AskQuarantined {
  return async ({ instructions, text }, signal) => {
    const fence = createFence()
    const boundary = `The text stands between "<<untrusted ${fence.boundary} …>>" and "<<end untrusted ${fence.boundary}>>".`
    const messages = [
      { role: 'system', content: `${instructions}\n${boundary}` },
      { role: 'user', content: fence.wrap('text', text) },
    ] as const
    const inputTokens = Math.ceil(tokensOf(messages, []) * spare)
    const tooLong = (model.contextTokens ?? Number.POSITIVE_INFINITY) < inputTokens + outputTokens
    const message = tooLong ? 'The text is longer than the model reads at once.' : whyNot({ inputTokens, outputTokens })
    if (message !== null) return { kind: 'refused', message }
    let said = ''
    for await (const event of model.turn({ messages, tools: [], maximumOutputTokens: outputTokens }, signal)) {
      signal.throwIfAborted()
      if (event.type === 'text-delta') said += event.text
      else if (event.type === 'finish') {
        const { inputTokens: input, outputTokens: output } = event.usage
        return { kind: 'answered', text: said, used: { inputTokens: input, outputTokens: output } }
      }
    }
    throw new ServiceError('model-protocol', "The model's turn broke off without a finish")
  }
}
