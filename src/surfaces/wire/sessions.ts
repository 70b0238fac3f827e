import { z } from 'zod'
import { forEachLimit, type RequestedLimits } from '../../core/requested-limits.ts'
import type { SessionSummary } from '../../sessions/session-store.ts'

const limits: z.ZodType<RequestedLimits> = z.strictObject(
  forEachLimit((_, { least, isWhole, text }) =>
    (isWhole ? z.int() : z.number()).min(least).optional().describe(`${text}.`),
  ),
)

/** `POST /v1/sessions` */
export const sessionRequest = z.strictObject({
  sandbox: limits.nullish().describe('Limits of its sandbox; what is not named has its default.'),
})

const sessionObject = z.object({
  id: z.string(),
  object: z.literal('session'),
  opened_at: z.string(),
  in_use: z.boolean(),
  expires_at: z.string().nullable(),
  sandbox: z.record(z.string(), z.number()),
})

export type SessionJson = z.infer<typeof sessionObject>

/** The answer to `GET /v1/sessions`. */
export const sessionList = z.object({ object: z.literal('list'), data: z.array(sessionObject) })

export function toSession(session: SessionSummary): SessionJson {
  const { id, openedAt, inUse, expiresAt, limits: asked } = session
  const sandbox: { readonly [name: string]: number } = Object.fromEntries(
    Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  return {
    id,
    object: 'session',
    opened_at: openedAt.toISOString(),
    in_use: inUse,
    expires_at: expiresAt?.toISOString() ?? null,
    sandbox,
  }
}
