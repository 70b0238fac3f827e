import { ServiceError } from '../../core/errors.ts'
import { endUserHeader, type Principal } from '../../core/principal.ts'
import type { Received } from '../../core/request.ts'
import type { Secret } from '../../core/secret.ts'
import type { EndUserOf } from './end-users.ts'
import type { RefuseSuspended } from '../abuse/refuse-suspended.ts'
import type { KeyStore } from './keys.ts'
import type { Tokens } from './tokens/tokens.ts'
import { BrowserToken } from './web-sessions/browser-token.ts'
import type { WebSignIns } from './web-sessions/web-sign-ins.ts'

/**
 * Who holds a credential. Rejects with `unauthenticated`, whose message does not say how close the credential was, and for one
 * who is kept out with `suspended` or `rate-limited`.
 */
export type Identify = (
  channel: Received['channel'],
  credential: Secret | null,
  /** What an application has signed of the person it asks for. */
  signedEndUser?: Secret | null,
) => Promise<Principal>

interface IdentifyOthers {
  /** Null where no tokens are taken. */
  readonly tokens?: Pick<Tokens, 'mayBe' | 'find'> | null
  /** The group of whoever sends no credential; null where nobody may. */
  readonly anonymous?: string | null
  readonly endUserOf?: EndUserOf
  /** Absent where no browser has a session. */
  readonly browsers?: Pick<WebSignIns, 'find'> | null
  /** Absent where nobody is ever suspended. */
  readonly refuseSuspended?: RefuseSuspended
}

/** The person at the local command line already has the service's files: no key would add a wall. */
export const localOperator: Principal = { id: 'local', kind: 'operator', group: 'operator' }

/**
 * A `Secret` is the credential of one request: who asks again for the same one, not for an equal one, gets what was found
 * the first time, so that a caller can be known before anything of a request is read and its stages need not look again.
 */
export function createIdentify(keys: Pick<KeyStore, 'find'>, others: IdentifyOthers = {}): Identify {
  const { tokens = null, anonymous = null, endUserOf, browsers = null, refuseSuspended } = others
  const found = new WeakMap<Secret, Principal>()
  const look = async (credential: Secret): Promise<Principal> => {
    if (credential instanceof BrowserToken) {
      const signedIn = (await browsers?.find(credential)) ?? null
      if (signedIn === null) throw sessionIsOver()
      return signedIn
    }
    if (tokens !== null && tokens.mayBe(credential)) {
      const answer = await tokens.find(credential)
      if ('principal' in answer) return answer.principal
      throw notValid(answer.refused)
    }
    const principal = await keys.find(credential)
    if (principal === null) throw notValid()
    return principal
  }
  return async (channel, credential, signedEndUser = null) => {
    if (channel === 'cli') return localOperator
    const known = credential === null ? null : found.get(credential)
    if (known !== null && known !== undefined) return known
    if (credential === null && anonymous === null) {
      throw new ServiceError('unauthenticated', 'The request carries no API key.')
    }
    const principal = credential === null ? nobodyOf(anonymous ?? '') : await look(credential)
    const whole = signedEndUser === null ? principal : await withEndUser(principal, signedEndUser, endUserOf)
    await refuseSuspended?.(whole)
    if (credential !== null) found.set(credential, whole)
    return whole
  }
}

/** Whoever sends no credential: all of them are one caller, who has no sessions and reads nothing of what others did. */
function nobodyOf(group: string): Principal {
  return { id: 'anonymous', kind: 'anonymous', group, scopes: ['ask', 'models'] }
}

/** An application may say for whom it asks; a person who signed in is that person. */
async function withEndUser(principal: Principal, signed: Secret, endUserOf?: EndUserOf): Promise<Principal> {
  if (principal.kind !== 'api-key' || endUserOf === undefined) {
    throw new ServiceError('invalid-request', `The header ${endUserHeader} goes with an API key.`, {
      advice: 'Leave it out: a token says itself for whom it is.',
    })
  }
  return { ...principal, endUser: await endUserOf(principal, signed) }
}

/** One answer for whatever is wrong, so that nobody learns how near a guess was; the reason is for the log. */
function notValid(cause?: Error): ServiceError {
  return new ServiceError('unauthenticated', 'The credential is not valid.', { cause })
}

function sessionIsOver(): ServiceError {
  return new ServiceError('unauthenticated', 'The session of this browser is over.', { advice: 'Sign in again.' })
}

export async function authenticate<Request extends Pick<Received, 'channel' | 'credential'>>(
  received: Request,
  identify: Identify,
): Promise<Request & { readonly principal: Principal }> {
  return { ...received, principal: await identify(received.channel, received.credential) }
}
