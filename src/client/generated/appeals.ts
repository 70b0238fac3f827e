// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import { segment } from '../call.ts'
import type { CallOptions, Transport } from '../transport.ts'

export interface Appeal {
  /** cmp_… */
  readonly id: string
  readonly object: 'appeal'
  readonly decision: string | null
  readonly reason: 'harmless' | 'harmful' | 'needed' | 'wrong' | 'other'
  /** labelled: a person has looked; dismissed: nobody will. */
  readonly state: 'waiting' | 'labelled' | 'dismissed'
  /** upheld: the filter was wrong; rejected: it was right; undecided: whoever looked could not say; null as long as nobody has. */
  readonly outcome: 'upheld' | 'rejected' | 'undecided' | null
  readonly made_at: string
}

export interface AppealsMakeRequest {
  /** The decision_id that came with what was withheld or changed; or the header x-sallyport-answer of an answer that was changed on its way, or the id of its response where it is kept. */
  readonly decision: string
  /** harmless: a filter took something harmless for harmful; harmful: something harmful was let through; needed: what was hidden is needed; wrong: the answer is wrong; other. */
  readonly reason: 'harmless' | 'harmful' | 'needed' | 'wrong' | 'other'
  /** In the caller’s own words. It is kept sealed, and opened by operators alone. */
  readonly comment?: string | undefined
}

/** Of the operations `appeals.*`. */
export class Appeals {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Objects to what a content filter withheld or changed of a call of the caller’s own. */
  make(body: AppealsMakeRequest, options: CallOptions = {}): Promise<Appeal> {
    return this.#transport.json({ method: 'POST', path: '/v1/appeals', body }, options)
  }

  /** How an appeal of the caller’s own stands, and what came of it. */
  show(id: string, options: CallOptions = {}): Promise<Appeal> {
    return this.#transport.json({ method: 'GET', path: `/v1/appeals/${segment(id)}` }, options)
  }
}
