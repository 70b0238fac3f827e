import { z } from 'zod'

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
  })
  .describe('The app for browsers, /app/.')

export type WebOptions = z.infer<typeof webOptions>
