import { z } from 'zod'

/** Addresses that nobody reaches from another machine. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

export const adminOptions = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Are the routes for operators served?'),
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address they listen on, apart from the service’s own; another than loopback needs http.tls.'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .nullable()
      .default(null)
      .describe('Port they listen on; null is the one after http.port, and any free one where that is any.'),
    names: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9.-]{0,252}$/, 'must be a host name in lower case, without a port'))
      .default([])
      .describe('Names by which they are asked beside localhost, loopback and host; no other Host is answered.'),
  })
  .describe('The routes for operators, /admin/v1. Every one of them wants a key with the scope admin.')

export type AdminOptions = z.infer<typeof adminOptions>
