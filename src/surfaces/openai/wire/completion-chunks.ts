import type { FinishReason, SallyportExtension, Usage } from './chat-completions.ts'

export interface CompletionHead {
  readonly id: string
  /** Seconds since 1970. */
  readonly created: number
  readonly model: string
}

export interface CompletionEnd {
  readonly finishReason: FinishReason
  readonly usage: Usage
  readonly sallyport: SallyportExtension
}

/** The whole answer as `chat.completion`. */
export function toCompletion(head: CompletionHead, content: string, end: CompletionEnd) {
  return {
    ...head,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: end.finishReason,
      },
    ],
    usage: end.usage,
    sallyport: end.sallyport,
  }
}

type Delta = { readonly role: 'assistant'; readonly content: '' } | { readonly content: string } | Record<string, never>

function chunk(head: CompletionHead, delta: Delta, finishReason: FinishReason | null) {
  return {
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  }
}

export function roleChunk(head: CompletionHead) {
  return chunk(head, { role: 'assistant', content: '' }, null)
}

export function contentChunk(head: CompletionHead, content: string) {
  return chunk(head, { content }, null)
}

export function finishChunk(head: CompletionHead, end: CompletionEnd) {
  return { ...chunk(head, {}, end.finishReason), sallyport: end.sallyport }
}

/** Sent after the finish where the caller asked for it: no choices, only what was used. */
export function usageChunk(head: CompletionHead, usage: Usage) {
  return { ...head, object: 'chat.completion.chunk', choices: [], usage }
}
