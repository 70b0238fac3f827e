import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { AnswerArtifact } from '../core/events.ts'
import type { FileLink } from '../core/stored-files.ts'

export interface LinksGiven {
  /** 32 bytes; whoever has the same one opens the same links: replicas, and the process after a restart. */
  readonly key: Buffer
  readonly timeToLiveMilliseconds: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface FileLinksOptions extends LinksGiven {
  /** Where callers reach the service, without a trailing slash. */
  readonly baseUrl: () => string
}

const told = z.tuple([z.string(), z.string(), z.number()])
const [nonceBytes, tagBytes] = [12, 16]

/** Links to stored files for whoever has them, for a short time. What a link says is sealed: nobody reads or changes it. */
export class FileLinks {
  readonly #options: FileLinksOptions

  constructor(options: FileLinksOptions) {
    this.#options = options
  }

  to({ id, principal }: FileLink): string {
    const { key, timeToLiveMilliseconds, baseUrl, now } = this.#options
    const nonce = randomBytes(nonceBytes)
    const sealing = createCipheriv('aes-256-gcm', key, nonce)
    const text = JSON.stringify([id, principal, now() + timeToLiveMilliseconds])
    const sealed = Buffer.concat([nonce, sealing.update(text), sealing.final(), sealing.getAuthTag()])
    return `${baseUrl()}/v1/files/links/${sealed.toString('base64url')}`
  }

  /** Null for an artifact that is not stored. */
  toArtifact({ stored }: AnswerArtifact): string | null {
    return stored === undefined ? null : this.to(stored)
  }

  /** Null for a link that is forged, changed or too old. */
  open(link: string): FileLink | null {
    if (!/^[\w-]{60,2000}$/.test(link)) return null
    const bytes = Buffer.from(link, 'base64url')
    // A link has one spelling: the last letter of base64 may have bits that decoding drops.
    if (bytes.toString('base64url') !== link) return null
    try {
      const opening = createDecipheriv('aes-256-gcm', this.#options.key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
      opening.setAuthTag(bytes.subarray(-tagBytes))
      const text = Buffer.concat([opening.update(bytes.subarray(nonceBytes, -tagBytes)), opening.final()])
      const [id, principal, expires] = told.parse(JSON.parse(text.toString('utf8')))
      return expires > this.#options.now() ? { id, principal } : null
    } catch {
      return null
    }
  }
}
