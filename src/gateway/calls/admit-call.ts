import type { AdmittedCall, AuthorizedCall } from '../../core/model-call.ts'
import type { BegunReservation, Quota } from '../admit/quota.ts'
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
 * Begins a call whose values are hidden first, which changes how much it is. The work for that is done for whoever may ask
 * so much at all: where that is to be doubted, its place and what it lets the model write are held before.
 */
export async function beginCall(call: AuthorizedCall, quota: Quota): Promise<BegunCall> {
  const least = call.grant.privacyProfile === null || isFree(call) ? null : leastBoundsOf(call)
  return { ...call, reservation: await quota.begin(call.principal, least, { price: call.target.price ?? null }) }
}

/** Holds what a call may cost as it will be sent. Rejects as `Quota.reserve` does; nothing is sent then. */
export async function holdCall(call: AuthorizedCall, reservation: BegunReservation): Promise<void> {
  if (isFree(call)) return reservation.hold({})
  const { bounds, guessed } = await callBoundsOf(call)
  await reservation.hold(bounds, { guessed, price: call.target.price ?? null, unpricedTool: unpricedToolOf(call) })
}

/** The first tool of the provider that the call lets a model use, of which nobody has said what a use costs. An address of a picture is no tool. */
function unpricedToolOf({ facts, target: { price } }: AuthorizedCall): string | null {
  const priced = Object.keys(price?.tools ?? {})
  const unpriced = facts.hostedTools.find(
    ({ name }) => name !== 'image_urls' && !priced.some((known) => covers(known, name)),
  )
  return unpriced?.name ?? null
}
