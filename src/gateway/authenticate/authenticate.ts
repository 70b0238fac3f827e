import { ServiceError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import type { Received } from '../../core/request.ts'
import type { Secret } from '../../core/secret.ts'
import type { KeyStore } from './keys.ts'
import type { Tokens } from './tokens/tokens.ts'

/** Who holds a credential. Rejects with `unauthenticated`; the message does not say how close the credential was. */
export type Identify = (channel: Received['channel'], credential: Secret | null) => Promise<Principal>

type TokenFinder = Pick<Tokens, 'mayBe' | 'find'>

/** The person at the local command line already has the service's files: no key would add a wall. */
const localOperator: Principal = { id: 'local', kind: 'operator', group: 'operator' }

/**
 * A `Secret` is the credential of one request: who asks again for the same one, not for an equal one, gets what was found
 * the first time, so that a caller can be known before anything of a request is read and its stages need not look again.
 */
export function createIdentify(keys: Pick<KeyStore, 'find'>, tokens: TokenFinder | null = null): Identify {
  const found = new WeakMap<Secret, Principal>()
  const look = async (credential: Secret): Promise<Principal> => {
    if (tokens !== null && tokens.mayBe(credential)) {
      const answer = await tokens.find(credential)
      if ('principal' in answer) return answer.principal
      throw notValid(answer.refused)
    }
    const principal = await keys.find(credential)
    if (principal === null) throw notValid()
    return principal
  }
  return async (channel, credential) => {
    if (channel === 'cli') return localOperator
    if (credential === null) throw new ServiceError('unauthenticated', 'The request carries no API key.')
    const principal = found.get(credential) ?? (await look(credential))
    found.set(credential, principal)
    return principal
  }
}

/** One answer for whatever is wrong, so that nobody learns how near a guess was; the reason is for the log. */
function notValid(cause?: Error): ServiceError {
  return new ServiceError('unauthenticated', 'The credential is not valid.', { cause })
}

export async function authenticate<Request extends Pick<Received, 'channel' | 'credential'>>(
  received: Request,
  identify: Identify,
): Promise<Request & { readonly principal: Principal }> {
  return { ...received, principal: await identify(received.channel, received.credential) }
}
