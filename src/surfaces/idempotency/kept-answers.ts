import { hash } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'

/** An answer as it was given. */
export interface KeptAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** The first request of a key, while it is answered: one of these is called once. */
export interface FirstRequest {
  /** Keeps its answer; null for one that is too large, of which only is known that it was given. */
  readonly keep: (answer: KeptAnswer | null) => void
  /** Nothing was done: the key is as new, everywhere once what this gives has resolved, which never rejects. */
  readonly release: () => void | Promise<void>
  /** It was cut off, and what it did nobody knows. */
  readonly cut: () => void
}

export type Repeated =
  | { readonly kind: 'first'; readonly first: FirstRequest }
  | { readonly kind: 'kept'; readonly answer: KeptAnswer }

export interface KeptAnswersOptions {
  readonly keepMilliseconds: number
  readonly maximumPerCaller: number
  readonly maximumBytes: number
  /** Milliseconds since any fixed point. */
  readonly now?: () => number
}

interface Entry {
  readonly caller: string
  readonly fingerprint: string
  expires: number
  state: 'running' | 'cut' | 'given' | KeptAnswer
}

/**
 * What requests with an Idempotency-Key were answered, in this process and for a while. A key is of one caller; whatever is not
 * known to have done nothing is never done again under it.
 */
export class KeptAnswers {
  readonly #options: KeptAnswersOptions
  readonly #now: () => number
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>()
  readonly #countOf = new Map<string, number>()
  #bytes = 0

  constructor(options: KeptAnswersOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  /**
   * Begins a request, or gives what its key was answered before. Throws `request-in-flight` while the first one runs,
   * `idempotency-mismatch` for another request, `conflict` where the first was cut off or its answer is not kept, and
   * `rate-limited` for one key too many.
   */
  begin(caller: string, key: string, request: string): Repeated {
    this.#dropExpired()
    const name = JSON.stringify([caller, key])
    const fingerprint = hash('sha256', request)
    const known = this.#entries.get(name)
    if (known !== undefined) return { kind: 'kept', answer: answerOf(known, fingerprint) }
    if ((this.#countOf.get(caller) ?? 0) >= this.#options.maximumPerCaller) throw this.#tooMany(caller)
    const entry: Entry = { caller, fingerprint, expires: Infinity, state: 'running' }
    this.#entries.set(name, entry)
    this.#countOf.set(caller, (this.#countOf.get(caller) ?? 0) + 1)
    const end = (state: Entry['state']): void => {
      entry.state = state
      entry.expires = this.#now() + this.#options.keepMilliseconds
      // Behind the others, since it is kept longest.
      this.#entries.delete(name)
      this.#entries.set(name, entry)
    }
    return {
      kind: 'first',
      first: {
        keep: (answer) => {
          end(answer ?? 'given')
          this.#bytes += answer?.body.length ?? 0
          this.#forgetBodies()
        },
        release: () => this.#drop(name, entry),
        cut: () => end('cut'),
      },
    }
  }

  #tooMany(caller: string): ServiceError {
    const own = [...this.#entries.values()].filter((entry) => entry.caller === caller)
    const left = Math.min(...own.map(({ expires }) => expires)) - this.#now()
    const seconds = Number.isFinite(left) ? Math.max(1, Math.ceil(left / 1_000)) : 60
    return new ServiceError('rate-limited', `${own.length} of your Idempotency-Keys are kept already.`, {
      retryAfterSeconds: seconds,
      advice: 'Send the request without a key, or wait until the first of them is over.',
    })
  }

  /** Keys stay known, so that nothing is done twice. */
  #forgetBodies(): void {
    for (const entry of this.#entries.values()) {
      if (this.#bytes <= this.#options.maximumBytes) return
      if (typeof entry.state === 'string') continue
      this.#bytes -= entry.state.body.length
      entry.state = 'given'
    }
  }

  #dropExpired(): void {
    const now = this.#now()
    for (const [name, entry] of this.#entries) {
      if (entry.expires === Infinity) continue
      if (entry.expires > now) return
      this.#drop(name, entry)
    }
  }

  #drop(name: string, entry: Entry): void {
    this.#entries.delete(name)
    if (typeof entry.state !== 'string') this.#bytes -= entry.state.body.length
    const left = (this.#countOf.get(entry.caller) ?? 1) - 1
    if (left === 0) this.#countOf.delete(entry.caller)
    else this.#countOf.set(entry.caller, left)
  }
}

function answerOf({ fingerprint, state }: Entry, asked: string): KeptAnswer {
  if (fingerprint !== asked) {
    throw new ServiceError('idempotency-mismatch', 'This Idempotency-Key was used for another request.', {
      parameter: 'Idempotency-Key',
    })
  }
  if (state === 'running') {
    throw new ServiceError('request-in-flight', 'The first request with this Idempotency-Key is being answered.')
  }
  if (typeof state !== 'string') return state
  const what =
    state === 'cut'
      ? 'The first request with this Idempotency-Key was cut off, and what it did by then is not undone.'
      : 'The request with this Idempotency-Key was answered, and its answer is not kept any more.'
  throw new ServiceError('conflict', what, {
    parameter: 'Idempotency-Key',
    advice: 'Look at what it did; to do it again, send it with another key.',
  })
}
