import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { AnswerArtifact } from '../core/events.ts'

export interface ArtifactShelfOptions {
  readonly timeToLiveMilliseconds: number
  readonly maximumBytes: number
  /** Where callers reach the service, without a trailing slash. */
  readonly baseUrl: () => string
  /** Milliseconds since 1970, never jumping: a link lives as long as it was given, whatever is done to the wall clock. */
  readonly now?: () => number
}

interface Shelved {
  readonly name: string
  readonly mediaType: string
  readonly content: Buffer
  readonly expires: number
}

/** Files of answers for as long as their links live. In memory: nothing outlives the process, whose key signs the links. */
export class ArtifactStore {
  readonly #options: ArtifactShelfOptions
  readonly #key = randomBytes(32)
  readonly #shelved = new Map<string, Shelved>()
  #bytes = 0

  constructor(options: ArtifactShelfOptions) {
    this.#options = options
  }

  /** The link to the artifact; null when it is larger than all that may be kept. */
  put(artifact: AnswerArtifact): string | null {
    const content = Buffer.from(artifact.content, 'base64')
    if (content.length > this.#options.maximumBytes) return null
    this.#dropExpired()
    for (const [id, oldest] of this.#shelved) {
      if (this.#bytes + content.length <= this.#options.maximumBytes) break
      this.#drop(id, oldest)
    }
    const id = randomUUID()
    const expires = this.#now() + this.#options.timeToLiveMilliseconds
    this.#shelved.set(id, { name: artifact.name, mediaType: artifact.mediaType, content, expires })
    this.#bytes += content.length
    const query = new URLSearchParams({ expires: String(expires), signature: this.#sign(id, String(expires)) })
    return `${this.#options.baseUrl()}/v1/artifacts/${id}?${query.toString()}`
  }

  /** What the link stands for; null for a link that is forged, changed or too old. */
  get(id: string, expires: string, signature: string): Shelved | null {
    const wanted = Buffer.from(this.#sign(id, expires))
    const given = Buffer.from(signature)
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null
    if (Number(expires) <= this.#now()) return null
    return this.#shelved.get(id) ?? null
  }

  #now(): number {
    return this.#options.now?.() ?? Math.round(performance.timeOrigin + performance.now())
  }

  #sign(id: string, expires: string): string {
    return createHmac('sha256', this.#key).update(`${id}\n${expires}`).digest('base64url')
  }

  #drop(id: string, shelved: Shelved): void {
    this.#shelved.delete(id)
    this.#bytes -= shelved.content.length
  }

  #dropExpired(): void {
    for (const [id, shelved] of this.#shelved) if (shelved.expires <= this.#now()) this.#drop(id, shelved)
  }
}
