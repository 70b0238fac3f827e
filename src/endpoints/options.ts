import { z } from 'zod'
import { Secret } from '../core/secret.ts'
import { baseUrl, tlsOptions } from '../outgoing/options.ts'

const second = 1_000

/** Headers that a key cannot stand in: they belong to one connection or say how a body is framed (RFC 9110, 7.6.1). */
const framing = /^(?:connection|content-.*|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/

const headerName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'must be the name of a header in lower case')
  .refine((name) => !framing.test(name), 'says how a body is framed, or belongs to one connection')

const price = z.int().min(0).max(1_000_000_000)

const breakerOptions = z.strictObject({
  failures: z.int().min(1).max(1_000).default(5).describe('Failed calls in a row after which no more are sent.'),
  open_ms: z
    .int()
    .min(100)
    .max(600 * second)
    .default(10 * second)
    .describe('Milliseconds until one call is sent again to see whether the endpoint is back.'),
})

const side = z.int().min(1).max(65_535).default(4_096)

const pictureOptions = z.strictObject({
  width: side.describe('Pixels from left to right.'),
  height: side.describe('Pixels from top to bottom.'),
  count: z.int().min(1).max(1_000).default(8).describe('Pictures in one body.'),
  pixels: z
    .int()
    .min(1)
    .max(268_435_456)
    .default(16_777_216)
    .describe('Pixels of all frames of all pictures of a body together.'),
  ratio: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe('How many times its bytes the pixels of a picture may unpack to.'),
  frames: z.int().min(1).max(1_000).default(1).describe('Frames of a GIF or a WebP that is drawn anew.'),
  metadata: z
    .enum(['strip', 'refuse', 'keep'])
    .default('strip')
    .describe('What is done about EXIF, comments and the like.'),
  mode: z
    .enum(['re-encode', 'as-is'])
    .default('re-encode')
    .describe('Whether the endpoint gets a picture drawn anew, or as it came.'),
})

/** An inference service of one's own that calls are passed on to as its OpenAPI document says, and in no other way. */
export const endpointOptions = z.strictObject({
  document: z
    .string()
    .min(1)
    .describe('File with the OpenAPI 3.0 or 3.1 document of the endpoint, JSON or YAML: what it says is what passes.'),
  base_url: baseUrl.describe('Address below which the paths of the document stand.'),
  api_key: z
    .string()
    .min(1)
    .regex(/^[!-~]+$/, 'must be printable ASCII without spaces')
    .transform((value) => new Secret(value))
    .optional()
    .describe('Key of the endpoint, which no caller sees.'),
  api_key_header: headerName
    .default('authorization')
    .describe('Header that the key is sent in; authorization has "Bearer " before it.'),
  price: price.nullable().default(null).describe('Each call that is answered, in millionths of the currency.'),
  operations: z
    .record(z.string().min(1).max(200), z.strictObject({ price: price.describe('Of this operation.') }))
    .default({})
    .describe('Prices of single operations, by their operationId.'),
  body_limit_kb: z.number().min(1).max(524_288).default(1_024).describe('A request body, after decompression, KiB.'),
  body_ratio: z
    .int()
    .min(1)
    .max(1_000)
    .default(20)
    .describe('How many times its compressed bytes a request body may unpack to.'),
  pictures: pictureOptions
    .prefault({})
    .describe('Pictures that an operation of the document takes, as its body or in it.'),
  forms: z
    .strictObject({ parts: z.int().min(1).max(10_000).default(64).describe('Parts of one form.') })
    .prefault({})
    .describe('Forms that an operation of the document takes.'),
  json_depth: z.int().min(1).max(128).default(32).describe('Lists and objects within one another.'),
  json_values: z.int().min(1).max(1_000_000).default(50_000).describe('Names and elements of one body together.'),
  address_kb: z.number().min(0.1).max(16).default(4).describe('The path with its query, KiB.'),
  concurrency: z.int().min(1).max(10_000).default(4).describe('Calls that the endpoint has at the same time.'),
  waiting: z.int().min(0).max(100_000).default(64).describe('Calls that may wait for it; one more is answered 503.'),
  waiting_per_caller: z.int().min(1).max(100_000).default(16).describe('Of those, the calls of one caller.'),
  wait_ms: z
    .int()
    .min(1)
    .max(600 * second)
    .default(10 * second)
    .describe('Milliseconds that a call waits for its turn.'),
  timeout_ms: z
    .int()
    .min(10)
    .max(3_600 * second)
    .default(30 * second)
    .describe('Milliseconds until all of the answer is there.'),
  answer_limit_kb: z.number().min(1).max(1_048_576).default(16_384).describe('An answer, KiB.'),
  breaker: breakerOptions.prefault({}).describe('When calls are no longer sent to an endpoint that fails.'),
  tls: tlsOptions.prefault({}).describe('How an https endpoint is trusted.'),
})

export const endpointsOptions = z
  .record(z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be lower-case letters, digits, _ and -'), endpointOptions)
  .default({})
  .describe('Inference services that are called at /endpoints/NAME, by name.')

export type EndpointOptions = z.infer<typeof endpointOptions>
export type EndpointsOptions = z.infer<typeof endpointsOptions>
