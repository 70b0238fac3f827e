import { randomBytes } from 'node:crypto'
import { ServiceError } from '../core/errors.ts'
import type { RecordedDecisions, SealedSample } from '../core/recorded-decisions.ts'
import { keyForUse } from './data-key.ts'
import { seal, unseal, type KeyRing } from './key-ring.ts'
import { rewrapAll, type RewrapCounts } from './rewrap-all.ts'

const use = 'sallyport samples 1'

/**
 * Texts of recorded decisions as the storage has them: each sealed under a data key of its own, which the key of the service
 * wraps, and opened only beside the decision that it was kept with. They are masked before.
 */
export class SampleVault {
  readonly #stored: RecordedDecisions
  readonly #keys: () => Promise<KeyRing>

  constructor(stored: RecordedDecisions, keys: () => Promise<KeyRing>) {
    this.#stored = stored
    this.#keys = keys
  }

  /** What is kept beside a decision (its id). */
  async seal(decision: string, text: string): Promise<Omit<SealedSample, 'id'>> {
    const dataKey = randomBytes(32)
    const sealed = seal(keyForUse(dataKey, use), text, aboutOf(decision))
    return { wrappedKey: (await this.#keys()).wrap(dataKey, decision), sealed }
  }

  /** Null where no text is kept of it. Rejects where the key that wrapped its key is not there, or it was changed. */
  async open(decision: string): Promise<string | null> {
    const stored = await this.#stored.sample(decision)
    if (stored === null) return null
    const keys = await this.#keys()
    const dataKey = keys.unwrap(stored.wrappedKey, decision)
    try {
      return unseal(keyForUse(dataKey, use), stored.sealed, aboutOf(decision)).toString('utf8')
    } catch (cause) {
      throw new ServiceError('internal', `The text of ${decision} is not the one that was kept with it.`, { cause })
    }
  }

  /** Wraps by the key in use what former ones have wrapped, while texts are kept. Opens none of them. */
  async rewrap(signal: AbortSignal): Promise<RewrapCounts> {
    return rewrapAll(this.#stored, await this.#keys(), signal)
  }
}

function aboutOf(decision: string): string {
  return JSON.stringify([decision])
}
