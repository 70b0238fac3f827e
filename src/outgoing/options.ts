import { z } from 'zod'

/** Where another service is reached: nothing that belongs to one request or is a credential. */
export const baseUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/[?#]|\/\/[^/]*@/.test(url), 'must have no user, query or fragment')

/** How a connection to another service is trusted. */
export const tlsOptions = z
  .strictObject({
    ca_file: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Certificates to trust instead of the usual ones, PEM.'),
    certificate_file: z.string().min(1).nullable().default(null).describe('Certificate to show to the server, PEM.'),
    key_file: z.string().min(1).nullable().default(null).describe('Key of that certificate, PEM.'),
    server_name: z.string().min(1).nullable().default(null).describe('Name that the certificate has to hold.'),
  })
  .refine(({ certificate_file, key_file }) => (certificate_file === null) === (key_file === null), {
    error: 'certificate_file and key_file go together',
  })

export type TlsOptions = z.infer<typeof tlsOptions>
