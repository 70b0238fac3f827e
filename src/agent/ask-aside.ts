import { ServiceError } from '../core/errors.ts'
import type { TokenUsage } from '../core/events.ts'
import type { Model, ModelMessage } from '../models/model.ts'
import { tokensOf } from './compaction.ts'

export interface AsideSettings {
  readonly model: Model
  /** Why a call that takes so many tokens at most may not be made any more; null where it may. */
  readonly whyNot: (most: TokenUsage) => string | null
}

type AsideAnswer =
  | { readonly kind: 'answered'; readonly text: string; readonly used: TokenUsage }
  | { readonly kind: 'refused'; readonly message: string }

/** A tokenizer may take a text further apart than is estimated. */
const spare = 1.3

/**
 * Asks a model once, beside the turns of a run and without tools: a call that it makes all the same is not heard. Refused where the run has no room for it;
 * rejects as the model does.
 */
export async function askAside(
  { model, whyNot }: AsideSettings,
  asked: { readonly messages: readonly ModelMessage[]; readonly maximumOutputTokens: number },
  signal: AbortSignal,
): Promise<AsideAnswer> {
  const { messages, maximumOutputTokens: outputTokens } = asked
  const inputTokens = Math.ceil(tokensOf(messages, []) * spare)
  const tooLong = (model.contextTokens ?? Number.POSITIVE_INFINITY) < inputTokens + outputTokens
  const message = tooLong ? 'The text is longer than the model reads at once.' : whyNot({ inputTokens, outputTokens })
  if (message !== null) return { kind: 'refused', message }
  let text = ''
  for await (const event of model.turn({ messages, tools: [], maximumOutputTokens: outputTokens }, signal)) {
    signal.throwIfAborted()
    if (event.type === 'text-delta') text += event.text
    else if (event.type === 'finish') {
      const { inputTokens: input, outputTokens: output } = event.usage
      return { kind: 'answered', text, used: { inputTokens: input, outputTokens: output } }
    }
  }
  throw new ServiceError('model-protocol', "The model's turn broke off without a finish")
}
