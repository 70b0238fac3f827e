import { randomBytes } from 'node:crypto'
import type { PageOptions } from '../core/conversations.ts'
import { ServiceError } from '../core/errors.ts'
import type { SealedShare, Share, ShareContent, ShareFacts, ShareFilter, StoredShares } from '../core/shares.ts'
import { keyForUse } from './data-key.ts'
import { seal, unseal, type KeyRing } from './key-ring.ts'
import { pieceBytes } from './pieces.ts'
import { rewrapAll, type RewrapCounts } from './rewrap-all.ts'

const use = 'sallyport shares 1'
/** Bytes of what a share shows, in JSON. */
export const largestShare = 8_388_608

/** Shares as the storage has them: what one shows is sealed under a data key of its own, which the key of the service wraps. */
export class ShareVault {
  readonly #stored: StoredShares
  readonly #keys: () => Promise<KeyRing>

  constructor(stored: StoredShares, keys: () => Promise<KeyRing>) {
    this.#stored = stored
    this.#keys = keys
  }

  /** As `StoredShares.add`. Rejects with `payload-too-large` for more than a share may show. */
  async add(facts: ShareFacts, content: ShareContent, most: number): Promise<Awaited<ReturnType<StoredShares['add']>>> {
    const bytes = Buffer.from(JSON.stringify(content))
    if (bytes.length > largestShare) {
      throw new ServiceError('payload-too-large', `A share shows ${largestShare} bytes at most; this has more.`, {
        advice: 'Share one answer, or ask again for fewer rows.',
      })
    }
    const dataKey = randomBytes(32)
    const key = keyForUse(dataKey, use)
    const count = Math.max(1, Math.ceil(bytes.length / pieceBytes))
    const about = aboutOf(facts, count)
    const pieces = Array.from({ length: count }, (_, place) =>
      seal(key, bytes.subarray(place * pieceBytes, (place + 1) * pieceBytes), `${about}${place}`),
    )
    const leftOut = content.items.filter(({ type }) => type === 'left-out').length
    const sealed = seal(key, JSON.stringify({ title: content.title, leftOut }), about)
    const wrappedKey = (await this.#keys()).wrap(dataKey, facts.id)
    return await this.#stored.add({ ...facts, wrappedKey, sealed, pieces: count }, pieces, most)
  }

  async find(id: string): Promise<Share | null> {
    const found = await this.#stored.find(id)
    return found === null ? null : await this.#open(found)
  }

  async list(principal: string, page: PageOptions): Promise<readonly Share[]> {
    return Promise.all((await this.#stored.list(principal, page)).map((each) => this.#open(each)))
  }

  async listFor(group: string, page: PageOptions): Promise<readonly Share[]> {
    return Promise.all((await this.#stored.listFor(group, page)).map((each) => this.#open(each)))
  }

  /** What is known of one without opening it: also of one that somebody has changed in the storage. */
  async facts(id: string): Promise<ShareFacts | null> {
    const found = await this.#stored.find(id)
    return found === null ? null : factsOf(found)
  }

  /** Those of everybody, of which nothing is opened. */
  async listEvery(filter: ShareFilter, page: PageOptions): Promise<readonly ShareFacts[]> {
    return (await this.#stored.listEvery(filter, page)).map(factsOf)
  }

  /** What one shows; null where it is gone. Rejects with `internal` where somebody else has changed it. */
  async content(id: string): Promise<ShareContent | null> {
    const found = await this.#stored.find(id)
    if (found === null) return null
    const pieces = await this.#stored.pieces(id)
    // It was revoked in between.
    if (pieces.length === 0) return null
    const key = keyForUse((await this.#keys()).unwrap(found.wrappedKey, id), use)
    const about = aboutOf(found, found.pieces)
    return opened(id, () => {
      if (pieces.length !== found.pieces) throw new Error('pieces are missing')
      const bytes = pieces.map((piece, place) => unseal(key, piece, `${about}${place}`))
      return JSON.parse(Buffer.concat(bytes).toString('utf8')) as ShareContent
    })
  }

  delete(principal: string, id: string): Promise<boolean> {
    return this.#stored.delete(principal, id)
  }

  /** Wraps by the key in use what former ones have wrapped. Opens none of them. */
  async rewrap(signal: AbortSignal): Promise<RewrapCounts> {
    return rewrapAll(this.#stored, await this.#keys(), signal)
  }

  async #open({ wrappedKey, sealed, pieces, ...facts }: SealedShare): Promise<Share> {
    const key = keyForUse((await this.#keys()).unwrap(wrappedKey, facts.id), use)
    const words = opened(facts.id, () => JSON.parse(unseal(key, sealed, aboutOf(facts, pieces)).toString('utf8')))
    return { ...facts, ...(words as Pick<Share, 'title' | 'leftOut'>) }
  }
}

function factsOf(stored: SealedShare): ShareFacts {
  const { id, principal, conversation, audience, group, secretDigest, made, expires } = stored
  return { id, principal, conversation, audience, group, secretDigest, made, expires }
}

/** Whoever can write the storage cannot give a share to another group, another link or another time. */
function aboutOf(facts: ShareFacts, pieces: number): string {
  const { id, principal, conversation, audience, group, secretDigest, made, expires } = facts
  const times = [made.toISOString(), expires.toISOString()]
  return JSON.stringify([id, principal, conversation, audience, group, secretDigest, ...times, pieces])
}

function opened<T>(id: string, open: () => T): T {
  try {
    return open()
  } catch (cause) {
    throw new ServiceError('internal', `What is kept of ${id} is not what was put there.`, { cause })
  }
}
