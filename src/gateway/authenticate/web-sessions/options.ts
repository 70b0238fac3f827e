import { z } from 'zod'
import { Secret } from '../../../core/secret.ts'

const oidcOptions = z
  .strictObject({
    issuer: z
      .string()
      .min(1)
      .describe(
        'The name in gateway.identity.issuers of the provider: who is of which group, and with which scopes, stands there.',
      ),
    name: z.string().min(1).max(60).default('your organisation').describe('What the sign-in page calls it.'),
    client_id: z.string().min(1).max(500).describe('The service as the provider knows it.'),
    client_secret: z
      .string()
      .min(1)
      .transform((value) => new Secret(value))
      .nullable()
      .default(null)
      .describe('What the provider knows the service by; null for a public client, which PKCE alone protects.'),
    scopes: z
      .array(z.string().regex(/^[!#-[\]-~]{1,100}$/))
      .default(['openid', 'profile'])
      .refine((scopes) => scopes.includes('openid'), 'must have openid')
      .describe('What the provider is asked for; one of them brings the claim of groups with most providers.'),
  })
  .describe('Signing in at an identity provider of OpenID Connect.')

export type OidcOptions = z.infer<typeof oidcOptions>

export const webOptions = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Is the app for browsers served, and may people sign in to it?'),
    session_ms: z
      .int()
      .min(60_000)
      .max(2_147_483_647)
      .default(43_200_000)
      .describe('Milliseconds after which somebody signs in again.'),
    link_ms: z
      .int()
      .min(10_000)
      .max(86_400_000)
      .default(900_000)
      .describe('Milliseconds for which a link that signs in once can be taken.'),
    print_links: z
      .boolean()
      .default(true)
      .describe('Does serve print links that sign in once, one for the app and one for operators?'),
    link_group: z
      .string()
      .min(1)
      .default('default')
      .describe('The group of whoever signs in by a link that the service printed at its start.'),
    questions: z
      .array(z.string().trim().min(1).max(300))
      .max(12)
      .default([])
      .describe('Questions that the app offers to whoever begins a conversation; a scripted model has its own.'),
    oidc: oidcOptions.nullable().default(null),
  })
  .describe('The app for browsers, /app/.')
