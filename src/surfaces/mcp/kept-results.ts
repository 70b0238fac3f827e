import { randomUUID } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'

export interface KeptResultsOptions {
  readonly timeToLiveMilliseconds: number
  /** Of all that is kept. */
  readonly maximumBytes: number
  /** Milliseconds since any fixed point. */
  readonly now?: () => number
}

/** A file or a long result. */
export interface Keepable {
  readonly name: string
  readonly mediaType: string
  readonly content: Buffer
}

interface Kept extends Keepable {
  readonly owner: string
  readonly expires: number
}

/** Where kept results are, in the eyes of a client. */
export const resultAddress = 'sallyport://results/'

/** Results that are too long for an answer, for as long as they may be read, each by whoever was given it. In memory. */
export class KeptResults {
  readonly #options: KeptResultsOptions
  readonly #now: () => number
  readonly #kept = new Map<string, Kept>()
  #bytes = 0

  constructor(options: KeptResultsOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  /** Its address; null where it is larger than all that may be kept. The oldest of the same owner go first. */
  put(owner: string, result: Keepable): string | null {
    const size = result.content.length
    if (size > this.#options.maximumBytes) return null
    this.#dropExpired()
    for (const [id] of [...this.#kept].filter(([, kept]) => kept.owner === owner)) {
      if (this.#fits(size)) break
      this.#drop(id)
    }
    for (const id of this.#kept.keys()) {
      if (this.#fits(size)) break
      this.#drop(id)
    }
    const id = randomUUID()
    this.#kept.set(id, { ...result, owner, expires: this.#now() + this.#options.timeToLiveMilliseconds })
    this.#bytes += size
    return `${resultAddress}${id}`
  }

  /** Those of a caller, newest last. */
  list(owner: string): readonly { readonly address: string; readonly result: Keepable }[] {
    this.#dropExpired()
    return [...this.#kept]
      .filter(([, kept]) => kept.owner === owner)
      .map(([id, result]) => ({ address: `${resultAddress}${id}`, result }))
  }

  /** Throws `not-found` for what is not there, is too old, or was given to somebody else. */
  get(owner: string, address: string): Keepable {
    this.#dropExpired()
    const kept = address.startsWith(resultAddress) ? this.#kept.get(address.slice(resultAddress.length)) : undefined
    if (kept?.owner === owner) return kept
    throw new ServiceError('not-found', 'There is no such result, or no longer.', {
      parameter: 'uri',
      advice: 'Call the tool again: a new result has a new address.',
    })
  }

  #fits(size: number): boolean {
    return this.#bytes + size <= this.#options.maximumBytes
  }

  #drop(id: string): void {
    this.#bytes -= this.#kept.get(id)?.content.length ?? 0
    this.#kept.delete(id)
  }

  #dropExpired(): void {
    const now = this.#now()
    for (const [id, { expires }] of this.#kept) if (expires <= now) this.#drop(id)
  }
}
