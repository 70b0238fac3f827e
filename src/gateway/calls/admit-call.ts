import { ServiceError } from '../../core/errors.ts'
import type { AdmittedCall, AuthorizedCall, CallTarget, NamedInBody } from '../../core/model-call.ts'
import { priceAt, type ModelPrice } from '../../core/price.ts'
import type { Amounts } from '../../core/quotas.ts'
import type { BegunReservation, Quota } from '../admit/quota.ts'
import type { Unpriced } from '../admit/without-price.ts'
import { covers } from '../apis/hosted-tools.ts'
import { callBoundsOf, leastBoundsOf } from './bounds/call-bounds.ts'

/** A call that has begun: what it may use is held once it is known what will be sent. */
export interface BegunCall extends AdmittedCall {
  readonly reservation: BegunReservation
}

/** A call about what a provider keeps costs nothing at it, and neither does a count of tokens. */
export function isFree({ method, api }: Pick<AuthorizedCall, 'method' | 'api'>): boolean {
  return method !== 'POST' || api === 'token-counts'
}

/**
 * Begins a call whose values are hidden or whose content is filtered first, which changes how much it is. The work for that is done for whoever may ask
 * so much at all: where that is to be doubted, its place and what it lets the model write are held before.
 */
export async function beginCall(call: AuthorizedCall, quota: Quota): Promise<BegunCall> {
  const isLookedAt = call.grant.privacyProfile !== null || call.grant.callFilterProfile !== null
  const least = isLookedAt && !isFree(call) ? () => leastBoundsOf(call) : null
  return { ...call, reservation: await quota.begin(call.principal, least, { price: priceOf(call) }) }
}

/** Holds what a call may cost as it will be sent. Rejects as `Quota.reserve` does; nothing is sent then. */
export async function holdCall(call: AuthorizedCall, reservation: BegunReservation): Promise<void> {
  if (isFree(call)) return reservation.hold({})
  const { bounds, guessed } = await callBoundsOf(call)
  await reservation.hold(bounds, { guessed, price: priceOf(call), unpriced: unpricedOf(call) })
}

/** Is it a limit of the caller's that is reached? */
export const isUsedUp = (thrown: unknown): thrown is ServiceError =>
  thrown instanceof ServiceError && (thrown.code === 'quota-exceeded' || thrown.code === 'rate-limited')

/** What a further attempt is held for, beside what those before it have cost. */
interface FurtherAttempt {
  readonly spent: Amounts
  readonly reservation: BegunReservation
}

/**
 * Holds what a call may cost at its target alone, beside what it has cost already; asks the ledger only where that is more
 * than is held. Rejects as `Quota.reserve` does, and what was spent counts.
 */
export async function holdFurther(call: AuthorizedCall, { spent, reservation }: FurtherAttempt): Promise<void> {
  if (isFree(call) || Object.keys(spent).length === 0) return
  const alone = { ...call, candidates: [call.target] } as const
  const { bounds, guessed } = await callBoundsOf(alone)
  await reservation.hold(bounds, { guessed, price: priceOf(alone), unpriced: unpricedOf(alone), spent })
}

/** Holds it where so much is left of what its caller may use. */
export async function isAffordable(call: AdmittedCall, further: FurtherAttempt): Promise<boolean> {
  try {
    await holdFurther(call, further)
    return true
  } catch (thrown) {
    if (isUsedUp(thrown)) return false
    throw thrown
  }
}

/** Of the candidate that is asked first; null where the call may come to one without a price. */
function priceOf({ candidates: [first, ...others] }: AuthorizedCall): ModelPrice | null {
  return others.some(({ price }) => price === undefined) ? null : (first.price ?? null)
}

/** A call whose prices are those of the tiers of service that it asks for. */
export function atItsTiers<Call extends AuthorizedCall>(call: Call): Call {
  const tiers = call.facts.tiers?.map(({ name }) => name)
  if (tiers === undefined) return call
  const priced = (target: CallTarget): CallTarget =>
    target.price === undefined ? target : { ...target, price: priceAt(target.price, tiers) }
  const [first, ...others] = call.candidates
  return { ...call, target: priced(call.target), candidates: [priced(first), ...others.map(priced)] }
}

/** What the call asks for beside tokens of which nobody has said what it costs at some candidate; null where there is nothing. */
function unpricedOf(call: AuthorizedCall): Unpriced | null {
  const tool = unpricedToolOf(call)
  if (tool !== null) return { kind: 'tool', name: tool }
  const isPriced = ({ name }: NamedInBody): boolean =>
    call.candidates.every(({ price }) => Object.hasOwn(price?.tiers ?? {}, name))
  const tier = call.facts.tiers?.find((asked) => !isPriced(asked))
  return tier === undefined ? null : { kind: 'tier', ...tier }
}

/** The first tool of the provider that the call lets a model use, of which nobody has said what a use costs at some candidate. An address of a picture is no tool. */
function unpricedToolOf({ facts, candidates }: AuthorizedCall): string | null {
  const isPriced = (name: string): boolean =>
    candidates.every(({ price }) => Object.keys(price?.tools ?? {}).some((known) => covers(known, name)))
  const unpriced = facts.hostedTools.find(({ name }) => name !== 'image_urls' && !isPriced(name))
  return unpriced?.name ?? null
}
