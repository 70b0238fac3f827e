import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { AnswerArtifact } from '../core/events.ts'
import { FairCache, type FairCacheOptions, type CacheOwner } from './fair-cache.ts'

export interface ArtifactShelfOptions extends FairCacheOptions {
  /** Where callers reach the service, without a trailing slash. */
  readonly baseUrl: () => string
}

interface LinkedFile {
  readonly name: string
  readonly mediaType: string
  readonly content: Buffer
}

/** Files of answers for as long as their links live. In memory: nothing outlives the process, whose key signs the links. */
export class ArtifactStore {
  readonly #options: ArtifactShelfOptions
  readonly #key = randomBytes(32)
  readonly #cache: FairCache<LinkedFile>

  constructor(options: ArtifactShelfOptions) {
    this.#options = options
    // Ends stand in links, which people look at: milliseconds since 1970.
    const now = options.now ?? (() => Math.round(performance.timeOrigin + performance.now()))
    this.#cache = new FairCache({ ...options, now })
  }

  /** The link to an artifact of its owner's; null when it is larger than all that may be kept. */
  put(owner: CacheOwner, { name, mediaType, content }: AnswerArtifact): string | null {
    const kept = this.#cache.put(owner, { name, mediaType, content: Buffer.from(content, 'base64') })
    if (kept === null) return null
    const expires = String(kept.expires)
    const query = new URLSearchParams({ expires, signature: this.#sign(kept.id, expires) })
    return `${this.#options.baseUrl()}/v1/artifacts/${kept.id}?${query.toString()}`
  }

  /** What the link stands for; null for a link that is forged, changed or too old. */
  get(id: string, expires: string, signature: string): LinkedFile | null {
    const wanted = Buffer.from(this.#sign(id, expires))
    const given = Buffer.from(signature)
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null
    return this.#cache.get(id)?.thing ?? null
  }

  #sign(id: string, expires: string): string {
    return createHmac('sha256', this.#key).update(`${id}\n${expires}`).digest('base64url')
  }
}
