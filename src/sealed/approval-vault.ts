import { randomBytes } from 'node:crypto'
import type { Approval, ApprovalDecision, ApprovalFilter, Approvals, SealedApproval } from '../core/approvals.ts'
import type { ApprovalQuestion, StoredApprovals, TellOfEnd } from '../core/approvals.ts'
import { ServiceError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'
import { keyForUse } from './data-key.ts'
import { seal, unseal, type KeyRing } from './key-ring.ts'
import { rewrapAll, type RewrapCounts } from './rewrap-all.ts'

/** So many of one caller wait at most: whoever may make calls must not be able to fill the storage, or tire people out. */
export const mostWaiting = 50

const use = 'sallyport approvals 1'

/**
 * Approvals as the storage has them: what would run is sealed under a data key of its own, which the key of the service wraps,
 * and opens only beside the digest, the caller and the tool that it was asked with.
 */
export class ApprovalVault implements Approvals {
  readonly #stored: StoredApprovals
  readonly #keys: () => Promise<KeyRing>
  readonly #milliseconds: number

  /** `milliseconds`: how long one counts, from when it is asked until it is used. */
  constructor(stored: StoredApprovals, keys: () => Promise<KeyRing>, milliseconds: number) {
    this.#stored = stored
    this.#keys = keys
    this.#milliseconds = milliseconds
  }

  async ask(
    principal: Pick<Principal, 'id' | 'group'>,
    { text, reason, editable, ...asked }: ApprovalQuestion,
  ): Promise<Approval> {
    const facts = { ...asked, id: newId(), principal: principal.id, group: principal.group }
    const dataKey = randomBytes(32)
    const sealed = sealedWords(dataKey, [text, reason, editable ?? null, null], facts)
    const wrappedKey = (await this.#keys()).wrap(dataKey, facts.id)
    const limits = { milliseconds: this.#milliseconds, most: mostWaiting }
    const kept = await this.#stored.ask({ ...facts, wrappedKey, sealed }, limits)
    if (kept !== null) return await this.#open(kept)
    throw new ServiceError('quota-exceeded', `There are ${mostWaiting} approvals that wait for somebody already.`, {
      advice: 'Have them decided, or wait until they are over.',
    })
  }

  async take(principal: Pick<Principal, 'id'>, digest: string): Promise<Approval | null> {
    const taken = await this.#stored.take(principal.id, digest)
    return taken === null ? null : await this.#open(taken)
  }

  async show(id: string): Promise<Approval | null> {
    const found = await this.#stored.show(id)
    return found === null ? null : await this.#open(found)
  }

  list(filter: ApprovalFilter) {
    return this.#stored.list(filter)
  }

  async decide(id: string, decision: ApprovalDecision, by: string) {
    if (typeof decision === 'string') return await this.#stored.decide(id, decision, by)
    const found = await this.#stored.show(id)
    // The storage says of one that is not there what there is to say.
    if (found === null) return await this.#stored.decide(id, 'refused', by)
    const { text, reason, editable = null } = await this.#open(found)
    const dataKey = (await this.#keys()).unwrap(found.wrappedKey, id)
    // The process in which the call waits may be another one: the storage takes it what was written.
    const refusedWith = sealedWords(dataKey, [text, reason, editable, decision.changedTo], found)
    return await this.#stored.decide(id, { refusedWith }, by)
  }

  endOver(tell: TellOfEnd) {
    return this.#stored.endOver(tell)
  }

  /** Wraps by the key in use what former ones have wrapped, while approvals are asked and decided. Opens none of them. */
  async rewrap(signal: AbortSignal): Promise<RewrapCounts> {
    return rewrapAll(this.#stored, await this.#keys(), signal)
  }

  async #open({ wrappedKey, sealed, ...facts }: SealedApproval): Promise<Approval> {
    const keys = await this.#keys()
    const dataKey = keys.unwrap(wrappedKey, facts.id)
    const words = JSON.parse(openedText(dataKey, sealed, facts)) as Words | readonly [string, string]
    const [text, reason, editable = null, changedTo = null] = words
    return {
      ...facts,
      text,
      reason,
      ...(editable === null ? {} : { editable }),
      ...(changedTo === null ? {} : { changedTo }),
    }
  }
}

function newId(): string {
  return `apr-${randomBytes(18).toString('base64url')}`
}

/** Text, reason, what can be edited and what it was changed to; of those that were asked by an earlier version the first two. */
type Words = readonly [text: string, reason: string, editable: string | null, changedTo: string | null]

function sealedWords(dataKey: Buffer, words: Words, facts: AboutFacts): string {
  return seal(keyForUse(dataKey, use), JSON.stringify(words), aboutOf(facts))
}

function openedText(dataKey: Buffer, sealed: string, facts: AboutFacts): string {
  try {
    return unseal(keyForUse(dataKey, use), sealed, aboutOf(facts)).toString('utf8')
  } catch (cause) {
    throw new ServiceError('internal', `What was asked in ${facts.id} is not what the storage says of it.`, { cause })
  }
}

type AboutFacts = Pick<
  SealedApproval,
  'id' | 'principal' | 'group' | 'digest' | 'tool' | 'language' | 'source' | 'rules' | 'requestId'
>

/** Whoever can write the storage cannot let an approval count for another caller, or for something else that would run. */
function aboutOf({ id, principal, group, digest, tool, language, source, rules, requestId }: AboutFacts): string {
  return JSON.stringify([id, principal, group, digest, tool, language, source, rules, requestId])
}
