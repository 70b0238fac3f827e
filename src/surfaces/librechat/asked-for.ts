import type { Request, Response } from 'express'
import type { HeldAct, HeldMade } from '../../core/facts.ts'
import { Secret } from '../../core/secret.ts'
import { signalFor } from '../../http/caller-signal.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { credentialOf, principalOf } from '../caller.ts'
import type { LibreChatOptions } from './librechat-options.ts'
import type { PlacesAsked } from './places.ts'

export interface Asked extends PlacesAsked {
  /** Does something with what is held for the caller: on the trail before it is done, and a fault before the caller hears of it. */
  readonly act: <T>(held: HeldAct & { readonly id: string | null }, work: () => Promise<T>) => Promise<T>
  readonly made: (what: Omit<HeldMade, 'requestId'>) => Promise<void>
}

/** Who asks, for how long, and how each of its sessions is asked about. */
export function askedFor(
  request: Request,
  response: Response,
  { stopping, observe }: Pick<LibreChatOptions, 'stopping' | 'observe'>,
): Asked {
  const credential = credentialOf(request)
  const principal = principalOf(response)
  const about = { requestId: requestIdOf(response), channel: 'http' } as const
  return {
    principal,
    signal: signalFor(response, stopping),
    // Another `Secret` for each: who is found for one is found once, and one request may take long.
    receivedFor: (sessionId) => ({
      ...about,
      credential: credential === null ? null : new Secret(credential.reveal()),
      sessionId,
    }),
    act: (held, work) => observe.act({ ...about, principal: principal.id, group: principal.group, ...held }, work),
    made: (what) => observe.made({ requestId: about.requestId, ...what } as HeldMade),
  }
}
