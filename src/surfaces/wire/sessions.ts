import { z } from 'zod'
import { forEachLimit, rangeOf, type RequestedLimits } from '../../core/requested-limits.ts'
import type { SessionElsewhere } from '../../core/held-sessions.ts'
import type { SessionSummary } from '../../sessions/session-entry.ts'

const limits: z.ZodType<RequestedLimits> = z.strictObject(
  forEachLimit((name, { least, most, isWhole, text }) => {
    const error = `must be ${rangeOf(name)}`
    const number = isWhole ? z.int({ error }) : z.number({ error })
    return number.min(least, { error }).max(most, { error }).optional().describe(`${text}.`)
  }),
)

/** `POST /v1/sessions` */
export const sessionRequest = z.strictObject({
  sandbox: limits.nullish().describe('Limits of its sandbox; what is not named has its default.'),
})

/** The answer to `POST /v1/sessions`. */
export const sessionObject = z
  .object({
    id: z.string(),
    object: z.literal('session'),
    opened_at: z.string(),
    in_use: z.boolean(),
    expires_at: z.string().nullable(),
    sandbox: z.record(z.string(), z.number()),
  })
  .meta({ id: 'Session' })

export type SessionJson = z.infer<typeof sessionObject>

const sessionElsewhere = z
  .object({ id: z.string(), opened_at: z.string(), replica: z.string() })
  .meta({ id: 'SessionElsewhere' })

/** The answer to `GET /v1/sessions`. */
export const sessionList = z.object({
  object: z.literal('list'),
  data: z.array(sessionObject),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
  elsewhere: z
    .array(sessionElsewhere)
    .optional()
    .describe('On the first page, where several replicas serve: sessions of the caller that are open at other ones.'),
})

export type SessionElsewhereJson = z.infer<typeof sessionElsewhere>

export function toSessionElsewhere({ id, openedAt, replica }: SessionElsewhere): SessionElsewhereJson {
  return { id, opened_at: openedAt.toISOString(), replica }
}

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
