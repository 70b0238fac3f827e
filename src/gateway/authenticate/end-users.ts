import { errors, jwtVerify } from 'jose'
import { ServiceError } from '../../core/errors.ts'
import { endUserHeader, type Principal } from '../../core/principal.ts'
import type { Secret } from '../../core/secret.ts'
import { textAt } from './tokens/claims.ts'
import { readTokenForm } from './tokens/token-form.ts'

/** Says for whom an application asks, where what it signed shows that it is the one who says it. */
export type EndUserOf = (principal: Principal, signed: Secret) => Promise<string>

interface EndUsersOptions {
  /** What the applications of a group sign with; null where they say nobody. */
  readonly secretOf: (group: string) => Secret | null
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

const longestLifeSeconds = 86_400
const clockSkewSeconds = 30

/**
 * Reads a JWS of HS256 and the type `end-user+jwt` whose `sub` is the person, by the secret of the application's group. Who
 * has the key of the application and not this secret can ask, and for nobody. Rejects with `invalid-request` where the
 * group has no secret, with `unauthenticated` for what that secret has not signed.
 */
export function createEndUserOf({ secretOf, now = Date.now }: EndUsersOptions): EndUserOf {
  return async ({ group }, signed) => {
    const secret = secretOf(group)
    if (secret === null) {
      throw new ServiceError('invalid-request', `The header ${endUserHeader} is not taken of your group.`, {
        advice: `Leave it out, or ask the operator: gateway.groups.${group}.end_user_secret is what it is signed with.`,
      })
    }
    try {
      const token = signed.reveal()
      readTokenForm(token)
      const seconds = now() / 1_000
      const { payload } = await jwtVerify(token, Buffer.from(secret.reveal()), {
        algorithms: ['HS256'],
        typ: 'end-user+jwt',
        clockTolerance: clockSkewSeconds,
        currentDate: new Date(now()),
        requiredClaims: ['exp', 'sub'],
      })
      if ((payload.exp ?? 0) > seconds + clockSkewSeconds + longestLifeSeconds) {
        throw new errors.JWTClaimValidationFailed('it is valid for more than a day', payload, 'exp')
      }
      const person = textAt(payload, 'sub')
      if (person === null) throw new errors.JWTClaimValidationFailed('its subject is no name', payload, 'sub')
      return person
    } catch (cause) {
      throw new ServiceError('unauthenticated', `The header ${endUserHeader} is not valid.`, {
        cause,
        advice: 'Sign it with the secret of the group: HS256, typ end-user+jwt, sub, and exp within a day.',
      })
    }
  }
}
