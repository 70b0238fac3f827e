import { z } from 'zod'
import { isLoopbackHost } from '../admin/options.ts'

const address = /^(?:unix:(\/.+)|(?:\[([0-9a-fA-F:]+)\]|([^:[\]/\s]+)):(\d{1,5}))$/

/** The path of a socket in `unix:/PATH`; null for a host and a port. */
export const socketPath = (listen: string): string | null => address.exec(listen)?.[1] ?? null

function isAddress(listen: string): boolean {
  const found = address.exec(listen)
  return found !== null && Number(found[4] ?? 0) <= 65_535
}

const tlsOptions = z.strictObject({
  certificate_file: z.string().min(1).describe('Certificate that is shown to Envoy, PEM.'),
  key_file: z.string().min(1).describe('Key of that certificate, PEM.'),
  client_ca_file: z.string().min(1).describe('Authorities of which Envoy has to show a certificate, PEM.'),
})

export type EnvoyTlsOptions = z.infer<typeof tlsOptions>

/** Whoever is answered here is told what a filter of Envoy is told: keys are tried, and what was hidden is put back. */
const reachesOthers = ({ listen, tls }: { readonly listen: string; readonly tls: EnvoyTlsOptions | null }): boolean => {
  const [, , v6, host = v6] = address.exec(listen) ?? []
  return tls === null && isAddress(listen) && host !== undefined && !isLoopbackHost(host)
}

export const envoyRoles = ['ext-authz', 'ext-proc'] as const

export const envoyOptions = z
  .strictObject({
    roles: z
      .array(z.enum(envoyRoles))
      .default([])
      .describe(
        'Services of Envoy that are served beside HTTP: ext-authz decides by the head of a request, ext-proc by all of it.',
      ),
    listen: z
      .string()
      .refine(isAddress, 'must be unix:/PATH or HOST:PORT')
      .default('127.0.0.1:9090')
      .describe('Where Envoy asks: unix:/PATH, or HOST:PORT, which beyond loopback needs envoy.tls.'),
    tls: tlsOptions.nullable().default(null).describe('How connections of Envoy are encrypted; null is plain gRPC.'),
    upstream: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Name of the upstream whose models Envoy stands in front of; has to be there with any role.'),
  })
  .refine(({ roles, upstream }) => roles.length === 0 || upstream !== null, {
    path: ['upstream'],
    message: 'has to name the upstream that Envoy stands in front of',
  })
  .refine((options) => !reachesOthers(options), {
    path: ['tls'],
    message: 'has to be there where envoy.listen can be reached from other machines',
  })
  .describe("Envoy's filters, for models behind an Envoy.")

export type EnvoyOptions = z.infer<typeof envoyOptions>
