import { errors, jwtVerify, type JWTPayload } from 'jose'
import { ServiceError } from '../../../core/errors.ts'
import type { Principal } from '../../../core/principal.ts'
import type { IssuerOptions } from '../options.ts'
import { groupOf, textAt, type Claims } from './claims.ts'
import type { KeySet, KnownKeys } from './key-set.ts'
import { tokenPrincipalId } from './principal-id.ts'
import type { TokenForm } from './token-form.ts'

interface IssuerParts {
  /** For people. */
  readonly name: string
  readonly options: IssuerOptions
  readonly keys: KeySet
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Whose token it was, and how long that may be believed without another look. */
export interface VerifiedToken {
  readonly principal: Principal
  /** Milliseconds since 1970. */
  readonly until: number
  readonly keys: KnownKeys
}

/** One issuer whose tokens are taken. */
export interface Issuer {
  readonly name: string
  readonly iss: string
  readonly keys: KeySet
  /**
   * Who a token of this issuer is of. Rejects with `identity-unavailable` where its keys cannot be had, with `forbidden`
   * where its claims give no group, and with the reason, for the log, where it is not taken.
   */
  readonly verify: (token: string, form: TokenForm) => Promise<VerifiedToken>
}

export function createIssuer(parts: IssuerParts): Issuer {
  const { name, options, keys } = parts
  return {
    name,
    iss: options.issuer,
    keys,
    async verify(token, form) {
      requireKind(form, options)
      const known = keys.current() ?? (await keys.first())
      if (known === null) throw noKeys(name)
      const { claims, by } = await signedClaims(token, known, parts)
      return verified(claims, by, parts)
    },
  }
}

function requireKind({ header }: TokenForm, { algorithms, types }: IssuerOptions): void {
  const { alg, typ } = header
  if (!algorithms.some((known) => known === alg)) throw new Error('its algorithm is not taken')
  // RFC 7515 (4.1.9) lets the first half of the media type be left out.
  const kind = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ === undefined && 'absent'
  if (!types.some((known) => known.toLowerCase() === kind)) throw new Error('its typ is not taken')
}

async function signedClaims(
  token: string,
  known: KnownKeys,
  parts: IssuerParts,
): Promise<{ readonly claims: Claims; readonly by: KnownKeys }> {
  try {
    return { claims: await claimsOf(token, known, parts), by: known }
  } catch (thrown) {
    // The issuer may have a new key since; any other fault is the token's own.
    if (!(thrown instanceof errors.JWKSNoMatchingKey)) throw thrown
    const newer = await parts.keys.after(known)
    if (newer === null) throw thrown
    return { claims: await claimsOf(token, newer, parts), by: newer }
  }
}

async function claimsOf(token: string, { find }: KnownKeys, { options, now }: IssuerParts): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, find, {
    issuer: options.issuer,
    audience: options.audience,
    algorithms: [...options.algorithms],
    clockTolerance: options.clock_skew_ms / 1_000,
    currentDate: new Date(now()),
    requiredClaims: ['exp'],
  })
  return payload
}

function verified(claims: JWTPayload, keys: KnownKeys, { name, options, now }: IssuerParts): VerifiedToken {
  const { exp = 0, iat, aud } = claims
  const latest = (now() + options.clock_skew_ms) / 1_000
  if (exp > latest + options.longest_life_ms / 1_000) throw new Error('it is valid for too long')
  if (iat !== undefined && iat > latest) throw new Error('it is issued in the future')
  if (Array.isArray(aud) && !aud.every((each) => typeof each === 'string'))
    throw new Error('its aud is no list of names')
  const subject = textAt(claims, options.subject_claim)
  if (subject === null) throw new Error('its subject is no name')
  const group = groupOf(claims, options.groups)
  if (group === null) {
    throw new ServiceError('forbidden', 'The claims of the token give no group here.', {
      advice: `Ask the operator: gateway.identity.issuers.${name}.groups says which values of a claim give one.`,
    })
  }
  const endUser = options.end_user_claim === null ? null : textAt(claims, options.end_user_claim)
  const id = tokenPrincipalId(options.issuer, subject)
  const person = endUser === null ? {} : { endUser }
  return {
    principal: { id, kind: 'token', group, scopes: options.scopes, ...person },
    until: exp * 1_000 + options.clock_skew_ms,
    keys,
  }
}

function noKeys(name: string): ServiceError {
  return new ServiceError('identity-unavailable', `The keys of the issuer ${name} cannot be had.`)
}
