import type { ModelApi } from '../../core/model-call.ts'
import { isObject, type JsonObject } from '../apis/api.ts'

/** What is told of a block, in the answer that stands in the place of one. */
export interface ToldBlock {
  readonly decision: string
  readonly why: string
  /** Where its caller may object; null for nowhere. */
  readonly appeal: string | null
}

export const sentenceOf = ({ decision, why }: Pick<ToldBlock, 'decision' | 'why'>): string =>
  `The answer was withheld by a content filter (decision ${decision}): ${why.replace(/\.$/, '')}.`

/** A member that clients take no notice of. */
export const memberOf = ({ decision, appeal }: Pick<ToldBlock, 'decision' | 'appeal'>) => ({
  sallyport: { decision_id: decision, ...(appeal === null ? {} : { appeal }) },
})

/** A whole answer of its API that says it was withheld, with the ids and the usage of the one that it was. */
export function blockedAnswer(answer: JsonObject, api: ModelApi, told: ToldBlock): JsonObject {
  if (api === 'messages') {
    return { ...answer, content: [], stop_reason: 'refusal', stop_sequence: null, ...memberOf(told) }
  }
  if (api === 'responses') {
    // The list of the items of a request has no status.
    if (answer['object'] === 'list') return { ...answer, data: [], ...memberOf(told) }
    const { output_text: _text, ...rest } = answer
    const incomplete = { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }
    return { ...rest, ...incomplete, output: [], ...memberOf(told) }
  }
  const choices = Array.isArray(answer['choices']) ? (answer['choices'] as readonly unknown[]) : []
  const message = { role: 'assistant', content: null, refusal: sentenceOf(told) }
  return {
    ...answer,
    choices: choices.map((choice, at) => {
      const index = isObject(choice) && typeof choice['index'] === 'number' ? choice['index'] : at
      return { index, message, logprobs: null, finish_reason: 'content_filter' }
    }),
    ...memberOf(told),
  }
}
