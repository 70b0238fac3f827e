import { hash } from 'node:crypto'
import { ServiceError } from '../../../core/errors.ts'
import type { Principal } from '../../../core/principal.ts'
import type { Secret } from '../../../core/secret.ts'
import type { IdentityOptions, IssuerOptions } from '../options.ts'
import { createIssuer, type VerifiedToken } from './issuer.ts'
import { KeySet } from './key-set.ts'
import { readKeys } from './read-keys.ts'
import { looksLikeToken, readTokenForm } from './token-form.ts'

export interface TokensOptions {
  readonly issuers: IdentityOptions['issuers']
  /** Told of each look for an issuer's keys that failed. */
  readonly onFault: (issuer: string, error: unknown) => void
  readonly read?: (options: IssuerOptions) => Promise<string>
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Milliseconds since any fixed moment. */
  readonly elapsed?: () => number
}

/** Signed tokens of the issuers of a configuration. */
export interface Tokens {
  /** Could the credential be a token of any of them? An API key never is. */
  readonly mayBe: (credential: Secret) => boolean
  /** Whose it is; null where it is not taken, with the reason for the log in the second place. Rejects as `Issuer.verify` does. */
  readonly find: (credential: Secret) => Promise<{ readonly principal: Principal } | { readonly refused: Error }>
  /** Looks for the keys of every issuer, so that the first token need not wait. */
  readonly prepare: () => Promise<void>
  /** What is wrong with the keys of issuers, each in a few words; none where all is well. */
  readonly faults: () => readonly string[]
}

/** More are looked at again; one has a few hundred bytes. */
const mostRemembered = 10_000

export function createTokens(options: TokensOptions): Tokens {
  const { onFault, read = readKeys, now = Date.now, elapsed = () => performance.now() } = options
  const issuers = Object.entries(options.issuers).map(([name, each]) => {
    const keys = new KeySet({
      read: () => read(each),
      refreshMilliseconds: each.refresh_ms,
      cooldownMilliseconds: each.cooldown_ms,
      staleMilliseconds: each.stale_ms,
      onFault: (error) => onFault(name, error),
      elapsed,
    })
    return createIssuer({ name, options: each, keys, now })
  })
  const byName = new Map(issuers.map((issuer) => [issuer.iss, issuer]))
  const verified = new Map<string, VerifiedToken & { readonly issuer: KeySet }>()

  /** What was found of the same token, while that holds: its keys are in force, and its time is not over. */
  const known = (digest: string): Principal | null => {
    const found = verified.get(digest)
    if (found === undefined) return null
    if (found.until > now() && found.issuer.current() === found.keys) return found.principal
    verified.delete(digest)
    return null
  }

  const verify = async (token: string, digest: string): Promise<Principal> => {
    const form = readTokenForm(token)
    const issuer = typeof form.claims['iss'] === 'string' ? byName.get(form.claims['iss']) : undefined
    if (issuer === undefined) throw new Error('its issuer is not known')
    const found = await issuer.verify(token, form)
    const [oldest] = verified.keys()
    if (verified.size >= mostRemembered && oldest !== undefined) verified.delete(oldest)
    verified.set(digest, { ...found, issuer: issuer.keys })
    return found.principal
  }

  return {
    mayBe: (credential) => issuers.length > 0 && looksLikeToken(credential.reveal()),
    async find(credential) {
      const token = credential.reveal()
      const digest = hash('sha256', token, 'base64url')
      try {
        return { principal: known(digest) ?? (await verify(token, digest)) }
      } catch (thrown) {
        if (thrown instanceof ServiceError) throw thrown
        return { refused: thrown as Error }
      }
    },
    prepare: async () => {
      await Promise.all(issuers.map(({ keys }) => keys.first()))
    },
    faults: () =>
      issuers
        .filter(({ keys }) => keys.state !== 'fresh')
        .map(({ name, keys }) => `keys of issuer ${name}: ${keys.state === 'none' ? 'none' : 'not renewed'}`),
  }
}
