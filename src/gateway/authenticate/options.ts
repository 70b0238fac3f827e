import { z } from 'zod'
import { defaultKeyScopes, keyScopes } from '../../core/key-scopes.ts'

/** Signatures that a public key checks. With a shared secret whoever checks could sign, so there is no HMAC among them. */
export const tokenAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

const claimPath = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(5)])
  .describe('Name of a claim; a list of names leads into objects, as [realm_access, roles].')

/** Is an address such that nobody on the way can change what comes from it? */
function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, hash } = new URL(text)
  if (username !== '' || password !== '' || hash !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(text))
}

export function isLoopback(text: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(new URL(text).hostname)
}

const keysAddress = z.string().refine(isSafeAddress, 'must be an https address; http is for loopback only')

const issuerOptions = z
  .strictObject({
    issuer: z.string().min(1).max(1_000).describe('The iss of its tokens, letter by letter.'),
    audience: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .describe('Whom its tokens have to be for (aud): this service as the issuer knows it; one of a list is enough.'),
    algorithms: z
      .array(z.enum(tokenAlgorithms))
      .min(1)
      .default(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'])
      .describe('Signatures that are taken.'),
    types: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9.+-]{0,63}$/i))
      .min(1)
      .default(['at+jwt', 'JWT'])
      .describe('Kinds of token that are taken (typ); "absent" takes those that do not say theirs.'),
    keys_url: keysAddress
      .nullable()
      .default(null)
      .describe('Where its keys are (JWKS); null is where its openid-configuration says.'),
    keys_file: z.string().min(1).nullable().default(null).describe('File with its keys (JWKS) in place of an address.'),
    refresh_ms: z
      .int()
      .min(10_000)
      .max(86_400_000)
      .default(300_000)
      .describe('Milliseconds after which its keys are looked for again, so that one it has withdrawn ends.'),
    cooldown_ms: z
      .int()
      .min(1_000)
      .max(3_600_000)
      .default(30_000)
      .describe('Milliseconds between two looks for keys, whatever tokens ask for.'),
    stale_ms: z
      .int()
      .min(60_000)
      .max(604_800_000)
      .default(3_600_000)
      .describe(
        'Milliseconds that keys count which cannot be looked for again; after that no token of the issuer is taken.',
      ),
    timeout_ms: z.int().min(100).max(30_000).default(5_000).describe('Milliseconds it has to send its keys.'),
    clock_skew_ms: z.int().min(0).max(300_000).default(30_000).describe('Milliseconds its clock may be off.'),
    longest_life_ms: z
      .int()
      .min(60_000)
      .max(2_147_483_647)
      .default(86_400_000)
      .describe('Milliseconds from now beyond which no token may be valid.'),
    subject_claim: claimPath.default('sub').describe('The claim that says who somebody is, the same for ever.'),
    groups: z
      .strictObject({
        claim: claimPath.default('groups'),
        map: z
          .record(z.string().min(1), z.string().min(1))
          .describe('Values of the claim and the groups of gateway.groups they give; of several, the first one here.'),
      })
      .describe('Which group somebody is of. Whoever is of none of these is refused.'),
    scopes: z
      .array(z.enum(keyScopes))
      .default([...defaultKeyScopes])
      .describe('What its tokens may be used for.'),
    end_user_claim: claimPath
      .nullable()
      .default(null)
      .describe('The claim that says for which person an application asks; null where none does.'),
  })
  .refine(
    ({ keys_url, keys_file }) => keys_url === null || keys_file === null,
    'keys_url and keys_file exclude another',
  )
  .refine(
    ({ keys_url, keys_file, issuer }) => keys_url !== null || keys_file !== null || isSafeAddress(issuer),
    'without keys_url and keys_file, issuer must be an https address; http is for loopback only',
  )
  .refine(({ stale_ms, refresh_ms }) => stale_ms >= refresh_ms, 'stale_ms must not be below refresh_ms')

export const identityOptions = z
  .strictObject({
    issuers: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,63}$/), issuerOptions)
      .default({})
      .refine((issuers) => {
        const names = Object.values(issuers).map(({ issuer }) => issuer)
        return new Set(names).size === names.length
      }, 'an issuer stands there twice')
      .describe('Whose tokens (JWT) are taken beside API keys, each under a name for people.'),
    anonymous: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'The group of whoever sends no credential; null where nobody may. A wrong one is never taken for none.',
      ),
    guesses: z
      .strictObject({
        most: z.int().min(1).max(1_000_000).default(20).describe('Credentials of one address that may be wrong.'),
        window_ms: z.int().min(1_000).max(3_600_000).default(60_000).describe('Milliseconds for which they count.'),
      })
      .prefault({})
      .describe('When wrong credentials are answered 429. A valid one is always answered.'),
  })
  .describe('Who is known, beside those who have an API key.')

export type IssuerOptions = z.infer<typeof issuerOptions>
export type IdentityOptions = z.infer<typeof identityOptions>
export type ClaimPath = z.infer<typeof claimPath>
