import { z } from 'zod'
import { Secret } from '../../core/secret.ts'
import { tokenizerNames } from '../../core/model-call.ts'
import { baseUrl, tlsOptions } from '../../outgoing/options.ts'
import { priceOptions } from '../price-options.ts'

const second = 1_000

/**
 * Headers that no list of the configuration can let through: they belong to one connection (RFC 9110, 7.6.1), say how a
 * body is framed, or are somebody's credentials.
 */
const neverPassed: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-api-key',
  'x-request-id',
])

const headerName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'must be the name of a header in lower case')
  .refine((name) => !neverPassed.has(name), 'is never passed on: it belongs to one connection or to one caller')

export const modelName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[!-~]+$/, 'must be printable ASCII without spaces')
  .refine((name) => !/^analyst(?::|$)/.test(name), "is the name of the service's own model")

const nameAtUpstream = z.string().min(1).max(200)

/** What a request can ask of a model beyond writing. */
export const abilities = ['tools', 'pictures', 'sound', 'files', 'json', 'reasoning'] as const

export type Ability = (typeof abilities)[number]

const modelSettings = z.strictObject({
  name: nameAtUpstream.optional().describe('As the upstream knows the model; without it, as callers do.'),
  price: priceOptions.optional(),
  tokenizer: z
    .enum([...tokenizerNames, 'bytes'])
    .optional()
    .describe(
      "What texts are counted by before they are sent; without it OpenAI's for its models, and bytes for others.",
    ),
  picture_tokens: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe(
      'The most input tokens that a picture is; without it the most that the provider documents of any of its models.',
    ),
  context_tokens: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe(
      'The most input tokens of a request, which one is held to that brings a file or goes on where another ended.',
    ),
  abilities: z
    .array(z.enum(abilities))
    .optional()
    .describe('What the model takes, by which routes choose; without it, everything.'),
})

/** A name for where upstreams stand: eu, us-east. */
const regionName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and -')

/** One upstream: a provider, or an endpoint of one's own, that models of its own names are asked at. */
export const upstreamOptions = z.strictObject({
  kind: z
    .enum(['openai', 'anthropic'])
    .describe('The API that is spoken: openai for every OpenAI-compatible endpoint, anthropic for Messages.'),
  base_url: baseUrl.describe('Address of the upstream up to and including /v1.'),
  api_key: z
    .string()
    .min(1)
    .transform((value) => new Secret(value))
    .optional()
    .describe("Key of the upstream; endpoints of one's own often need none."),
  models: z
    .union([
      z.array(modelName).min(1),
      z.record(modelName, z.union([nameAtUpstream, modelSettings])).refine((names) => Object.keys(names).length > 0),
    ])
    .describe(
      'Names that callers ask for; a mapping gives the name that the upstream knows a model by, or {name, price} of it.',
    ),
  chat_limit: z
    .enum(['max_completion_tokens', 'max_tokens'])
    .default('max_completion_tokens')
    .describe(
      'The member by which Chat Completions are given the output limit of a group; older servers know max_tokens only.',
    ),
  documents: z
    .enum(['keep', 'send'])
    .default('keep')
    .describe(
      'Where `documents` of a request go: keep holds them against the answer alone, send gives them to the upstream, too, whose template has to know them.',
    ),
  region: regionName
    .nullable()
    .default(null)
    .describe('Where what is sent there is read: privacy profiles hide by it.'),
  request_headers: z
    .array(headerName)
    .default([])
    .describe('Headers of a caller that go to the upstream, beyond those that the API needs.'),
  response_headers: z
    .array(headerName)
    .default([])
    .describe('Headers of the upstream that go to the caller, beyond those that the API needs.'),
  timeout_ms: z
    .int()
    .min(100)
    .max(3_600 * second)
    .default(60 * second)
    .describe('Milliseconds until the upstream has begun its answer, with what a call waits for a connection.'),
  idle_timeout_ms: z
    .int()
    .min(100)
    .max(3_600 * second)
    .default(60 * second)
    .describe('Milliseconds an answer that has begun may stay silent.'),
  first_token_timeout_ms: z
    .int()
    .min(100)
    .max(3_600 * second)
    .default(300 * second)
    .describe(
      'Milliseconds until a stream has brought something of its answer, and between any two such events: comments and pings bring nothing.',
    ),
  answer_limit_mb: z.number().min(1).max(1_024).default(64).describe('An answer that is not streamed, MiB.'),
  connections: z.int().min(1).max(10_000).default(256).describe('Connections to the upstream at the same time.'),
  waiting: z
    .int()
    .min(0)
    .max(100_000)
    .default(1_024)
    .describe('Calls that may wait for one of the connections; one more is answered 503.'),
  tls: tlsOptions.prefault({}).describe('How an https upstream is trusted.'),
})

export const upstreamsOptions = z
  .record(z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be lower-case letters, digits, _ and -'), upstreamOptions)
  .default({})
  .describe('Providers whose models are served by passing calls on, by name.')

export type ModelSettings = z.infer<typeof modelSettings>
export type UpstreamOptions = z.infer<typeof upstreamOptions>
export type UpstreamsOptions = z.infer<typeof upstreamsOptions>
