import { ServiceError } from '../../core/errors.ts'
import { FairCache, type FairCacheOptions, type CacheOwner } from '../fair-cache.ts'

/** A file or a long result. */
export interface Keepable {
  readonly name: string
  readonly mediaType: string
  readonly content: Buffer
}

/** Where kept results are, in the eyes of a client. */
export const resultAddress = 'sallyport://results/'

/** Results that are too long for an answer, for as long as they may be read, each by whoever was given it. In memory. */
export class KeptResults {
  readonly #cache: FairCache<Keepable>

  constructor(options: FairCacheOptions) {
    this.#cache = new FairCache(options)
  }

  /** Its address; null where it is larger than all that may be kept. */
  put(owner: CacheOwner, result: Keepable): string | null {
    const kept = this.#cache.put(owner, result)
    return kept === null ? null : `${resultAddress}${kept.id}`
  }

  /** Those of a caller, newest last. */
  list(owner: CacheOwner): readonly { readonly address: string; readonly result: Keepable }[] {
    return this.#cache.of(owner).map(({ id, thing: result }) => ({ address: `${resultAddress}${id}`, result }))
  }

  /** Throws `not-found` for what is not there, is too old, or was given to somebody else. */
  get(owner: CacheOwner, address: string): Keepable {
    const kept = address.startsWith(resultAddress) ? this.#cache.get(address.slice(resultAddress.length)) : null
    if (kept !== null && kept.owner.id === owner.id && kept.owner.endUser === owner.endUser) return kept.thing
    throw new ServiceError('not-found', 'There is no such result, or no longer.', {
      parameter: 'uri',
      advice: 'Call the tool again: a new result has a new address.',
    })
  }
}
