import { z } from 'zod'
import { keyScopes } from '../../core/key-scopes.ts'
import { signInWays } from '../../core/web-sessions.ts'
import { noBody, noParams, route } from '../openapi/contract.ts'

const credentialText = z.string().regex(/^[!-~]{1,12000}$/, 'must be one word')

/** By what somebody signs in. */
export const signInRequest = z
  .strictObject({
    link: credentialText.optional().describe('What stands behind link= in a link that signs in once.'),
    key: credentialText.optional().describe('An API key, where there is no link.'),
  })
  .refine(({ link, key }) => (link === undefined) !== (key === undefined), 'must have one of link and key')
  .meta({ id: 'SignInRequest' })

const webSessionObject = z
  .object({
    object: z.literal('web.session'),
    principal: z.string().describe('Who asks, as the audit trail has it.'),
    group: z.string(),
    scopes: z.array(z.enum(keyScopes)),
    models: z.array(z.string()).describe('Models that may be asked, by name.'),
    sources: z.array(z.string()).describe('Data sources that may be asked, by name.'),
    profiles: z
      .object({
        filter: z.string().describe('Of everything that leaves.'),
        privacy: z.string().nullable().describe('Of what is hidden from models of upstreams; null hides nothing.'),
        calls: z.string().nullable().describe('Of the content of calls that are passed on; null filters nothing.'),
      })
      .describe('Names of the profiles of the group.'),
    signed_in_by: z.enum(signInWays).nullable().describe('null for whoever sends an API key with each request.'),
    expires_at: z.iso.datetime().nullable().describe('When the session of the browser is over.'),
    label: z.string().nullable().describe('What is said before every answer, as that the model is scripted.'),
    questions: z.array(z.string()).describe('What may be asked to begin with, for whoever does not know what to ask.'),
    permits: z
      .object({
        shares: z.boolean().describe('May a conversation be shared with a group?'),
        anonymous_shares: z.boolean().describe('And with whoever has the link?'),
      })
      .describe('What this installation permits.'),
  })
  .meta({ id: 'WebSession' })

export type WebSessionObject = z.infer<typeof webSessionObject>

const signInObject = z
  .object({
    object: z.literal('web.sign_in'),
    oidc: z
      .object({ name: z.string().describe('For people.'), start: z.string().describe('The path where it begins.') })
      .nullable()
      .describe('null where there is no identity provider.'),
  })
  .meta({ id: 'WebSignIn' })

export type WebSignInObject = z.infer<typeof signInObject>

const get = { method: 'get', params: noParams, query: noParams, body: noBody, status: 200, errors: [] } as const

/** What the app for browsers asks of the listener that served it: `/v1`, or `/admin/v1` of the operators'. */
export const webContractsAt = (prefix: '/v1' | '/admin/v1') => ({
  ways: route({
    ...get,
    id: 'web.ways',
    path: `${prefix}/web/sign-in`,
    summary: 'How people sign in to the app.',
    answer: signInObject,
    access: 'open',
  }),
  show: route({
    ...get,
    id: 'web.show',
    path: `${prefix}/web/session`,
    summary: 'Who is signed in, and what they may ask.',
    answer: webSessionObject,
    access: 'key',
  }),
  begin: route({
    ...get,
    id: 'web.begin',
    method: 'post',
    path: `${prefix}/web/session`,
    summary: 'Signs a browser in by a link or an API key: the session is a cookie of the answer.',
    body: signInRequest,
    answer: webSessionObject,
    access: 'open',
  }),
  end: route({
    ...get,
    id: 'web.end',
    method: 'delete',
    path: `${prefix}/web/session`,
    summary: 'Signs the browser out.',
    status: 204,
    answer: noBody,
    access: 'open',
  }),
  startOidc: route({
    ...get,
    id: 'web.start-oidc',
    path: `${prefix}/web/oidc/start`,
    summary: 'Sends a browser to the identity provider.',
    status: 303,
    answer: noBody,
    errors: ['not-found'],
    access: 'open',
  }),
  finishOidc: route({
    ...get,
    id: 'web.finish-oidc',
    path: `${prefix}/web/oidc/callback`,
    summary: 'Where the identity provider sends a browser back to: it goes on to the app, signed in or told why not.',
    query: z.object({ code: z.string().optional(), state: z.string().optional() }),
    status: 303,
    answer: noBody,
    errors: ['not-found'],
    access: 'open',
  }),
})
