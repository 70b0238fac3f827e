// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import type { CallOptions, Transport } from '../transport.ts'

export interface GivenFeedback {
  /** cmp_… */
  readonly id: string
  readonly object: 'feedback'
  /** The answer that it is about; null for a decision. */
  readonly answer: string | null
  /** The decision of a content filter that it is about, where one is recorded. */
  readonly decision: string | null
  readonly verdict: 'up' | 'down'
  readonly reason: 'harmless' | 'harmful' | 'needed' | 'wrong' | 'other'
  readonly made_at: string
}

export interface FeedbackGiveRequest {
  /** An answer: its header x-sallyport-answer, the id of a chat completion of analyst, of a response or of an item of a conversation. Or a decision of a content filter: dec-…. */
  readonly about: string
  /** up: it is well; down: it is not. */
  readonly verdict: 'up' | 'down'
  /** harmless: a filter took something harmless for harmful; harmful: something harmful was let through; needed: what was hidden is needed; wrong: the answer is wrong; other. */
  readonly reason?: 'harmless' | 'harmful' | 'needed' | 'wrong' | 'other' | undefined
  /** In the caller’s own words. It is kept sealed, and opened by operators alone. */
  readonly comment?: string | undefined
}

/** Of the operations `feedback.*`. */
export class Feedback {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Says of an answer or a decision of the caller’s own whether it is well, and why not. */
  give(body: FeedbackGiveRequest, options: CallOptions = {}): Promise<GivenFeedback> {
    return this.#transport.json({ method: 'POST', path: '/v1/feedback', body }, options)
  }
}
