import { randomBytes } from 'node:crypto'
import type { ComplaintFacts, Complaints } from '../core/complaints.ts'
import { keyForUse } from './data-key.ts'
import { seal, unseal, type KeyRing } from './key-ring.ts'
import { rewrapAll, type RewrapCounts } from './rewrap-all.ts'

/** What is known of a complaint when it is made. */
type MadeFacts = Omit<ComplaintFacts, 'made' | 'state'>

/** The comment is null where it was deleted with its conversation. */
export type OpenedComplaint = ComplaintFacts & { readonly comment: string | null }

const use = 'sallyport complaints 1'

/** Complaints as the storage has them: each comment sealed under a data key of its own, which the key of the service wraps. */
export class ComplaintVault {
  readonly #stored: Complaints
  readonly #keys: () => Promise<KeyRing>

  constructor(stored: Complaints, keys: () => Promise<KeyRing>) {
    this.#stored = stored
    this.#keys = keys
  }

  /** As `Complaints.keep`, with the comment in its maker's words. */
  async keep(facts: MadeFacts, comment: string, mostADay: number): ReturnType<Complaints['keep']> {
    const dataKey = randomBytes(32)
    const sealed = seal(keyForUse(dataKey, use), comment, aboutOf(facts))
    const wrappedKey = (await this.#keys()).wrap(dataKey, facts.id)
    return await this.#stored.keep({ ...facts, wrappedKey, sealed }, mostADay)
  }

  /** Null for one that is not there. Rejects where the key that wrapped its key is not there, or it was changed. */
  async open(id: string): Promise<OpenedComplaint | null> {
    const stored = await this.#stored.find(id)
    if (stored === null) return null
    const { wrappedKey, sealed, ...facts } = stored
    if (sealed === '') return { ...facts, comment: null }
    const keys = await this.#keys()
    const dataKey = keys.unwrap(wrappedKey, id)
    if (!keys.isCurrent(wrappedKey)) await this.#stored.rewrap(stored, keys.wrap(dataKey, id))
    return { ...facts, comment: unseal(keyForUse(dataKey, use), sealed, aboutOf(facts)).toString('utf8') }
  }

  /** Wraps by the key in use what former ones have wrapped, while complaints are made. Opens none of them. */
  async rewrap(signal: AbortSignal): Promise<RewrapCounts> {
    return rewrapAll(this.#stored, await this.#keys(), signal)
  }
}

/** A comment is opened only beside the facts that it was kept with; its state is what changes. */
function aboutOf({ id, kind, verdict, reason, principal, group, decision, answer }: MadeFacts): string {
  return JSON.stringify([id, kind, verdict, reason, principal, group, decision, answer])
}
