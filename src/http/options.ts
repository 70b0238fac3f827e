import { z } from 'zod'
import { isNetwork } from './caller-address.ts'

const tlsOptions = z.strictObject({
  certificate_file: z.string().min(1).describe('Certificate of the service and those that lead to its authority, PEM.'),
  key_file: z.string().min(1).describe('Key of that certificate, PEM.'),
  client_ca_file: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Authorities of which every caller has to show a certificate, PEM; null asks for none.'),
  minimum_version: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe('The oldest TLS that is spoken.'),
  reload_ms: z
    .int()
    .min(100)
    .max(86_400_000)
    .default(10_000)
    .describe('Milliseconds between two looks at the files; others are taken without a restart.'),
})

export type TlsOptions = z.infer<typeof tlsOptions>

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text

const corsOptions = z
  .strictObject({
    origins: z
      .array(z.string().refine(isOrigin, 'must be an origin like https://app.example.com: scheme, host and port alone'))
      .max(100)
      .default([])
      .describe('Origins whose pages may call the service from a browser, each in full; without any, none.'),
    max_age_ms: z
      .int()
      .min(0)
      .max(86_400_000)
      .default(600_000)
      .describe('Milliseconds for which a browser keeps what it was allowed.'),
  })
  .describe('Which pages may call the service from a browser.')

const idempotencyOptions = z
  .strictObject({
    keep_ms: z
      .int()
      .min(1_000)
      .max(86_400_000)
      .default(3_600_000)
      .describe('Milliseconds for which the answer to a request with an Idempotency-Key is kept.'),
    maximum_per_caller: z.int().min(1).max(100_000).default(1_000).describe('Keys of one caller at the same time.'),
    maximum_mb: z
      .number()
      .min(1)
      .max(4_096)
      .default(64)
      .describe('Answers kept, MiB; of the oldest beyond it only is known that they were given.'),
  })
  .describe('How answers are kept for requests that are repeated.')

export type CorsOptions = z.infer<typeof corsOptions>

export const httpOptions = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 is every interface.'),
    port: z.int().min(0).max(65_535).default(8080).describe('Port to listen on; 0 is any free one.'),
    tls: tlsOptions.nullable().default(null).describe('How connections are encrypted; null is plain HTTP.'),
    base_url: z
      .url({ protocol: /^https?$/ })
      .nullable()
      .default(null)
      .describe('How callers reach the service, for links in answers; null is the address listened on.'),
    trusted_proxies: z
      .array(z.string().refine(isNetwork, 'must be an address or a network, like 10.0.0.0/8'))
      .default([])
      .describe('Proxies whose X-Forwarded-For says where a request comes from; nobody else is believed.'),
    base_path: z
      .string()
      .regex(/^(?:\/[A-Za-z0-9][A-Za-z0-9._~-]{0,63}){1,8}$/, 'must be a path like /sallyport, with no / at its end')
      .nullable()
      .default(null)
      .describe(
        'The path below which everything is served, as a proxy that does not take it away sends it; null is the root. /livez, /readyz and /metrics are at the root, too.',
      ),
    cors: corsOptions.prefault({}),
    idempotency: idempotencyOptions.prefault({}),
    body_limit_mb: z
      .number()
      .min(1 / 1024)
      .max(100)
      .default(1)
      .describe('A request body, after decompression, MiB.'),
    model_body_limit_mb: z
      .number()
      .min(1 / 1024)
      .max(512)
      .default(32)
      .describe('The body of a call that is passed on to a model, after decompression, MiB.'),
    header_timeout_ms: z
      .int()
      .min(1_000)
      .max(120_000)
      .default(10_000)
      .describe('Milliseconds a caller has to send the headers.'),
    request_timeout_ms: z
      .int()
      .min(1_000)
      .max(600_000)
      .default(30_000)
      .describe('Milliseconds a caller has to send the whole request.'),
    maximum_connections: z.int().min(1).max(100_000).default(1_000).describe('Connections at the same time.'),
    heartbeat_ms: z
      .int()
      .min(100)
      .max(60_000)
      .default(15_000)
      .describe('Milliseconds between comments on a silent stream.'),
    reader_timeout_ms: z
      .int()
      .min(1_000)
      .max(600_000)
      .default(30_000)
      .describe('Milliseconds a caller may take nothing of an answer that waits for it; then it is let go.'),
    drain_grace_ms: z
      .int()
      .min(0)
      .max(120_000)
      .default(3_000)
      .describe('Milliseconds of a shutdown in which /readyz says 503 and requests are still answered.'),
    drain_ms: z
      .int()
      .min(0)
      .max(600_000)
      .default(30_000)
      .describe('Milliseconds running requests have when the service shuts down.'),
    artifact_ttl_ms: z
      .int()
      .min(1_000)
      .max(86_400_000)
      .default(900_000)
      .describe('Milliseconds the link to a chart is valid.'),
    artifact_mb: z
      .number()
      .min(1)
      .max(4096)
      .default(128)
      .describe('Charts kept for links, MiB; of those of whoever has the most, the oldest go first.'),
    mcp: z
      .strictObject({
        hosts: z
          .array(
            z
              .string()
              .regex(/^(?:[a-z0-9][a-z0-9.-]{0,252}|\[[0-9a-f:.]+\])$/, 'must be the name of a host in lower case'),
          )
          .default([])
          .describe('Names of hosts in whose name /mcp is asked, beside localhost, host and that of base_url.'),
        origins: z
          .array(
            z
              .string()
              .regex(/^(?:[a-z0-9][a-z0-9.-]{0,252}|\[[0-9a-f:.]+\])$/, 'must be the name of a host in lower case'),
          )
          .default([])
          .describe('Names of hosts whose pages may ask /mcp from a browser, beside those.'),
        progress_ms: z
          .int()
          .min(100)
          .max(60_000)
          .default(5_000)
          .describe('Milliseconds between two notices that a call of a tool goes on.'),
      })
      .prefault({})
      .describe('Tools over the Model Context Protocol.'),
    table_rows: z.int().min(1).max(1_000).default(20).describe('Rows of a table that an answer shows.'),
  })
  .describe('The HTTP interface.')

export type HttpOptions = z.infer<typeof httpOptions>
