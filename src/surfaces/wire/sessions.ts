import { z } from 'zod'
import { leastLimits, type RequestedLimits } from '../../core/requested-limits.ts'
import type { SessionSummary } from '../../sessions/session-store.ts'

const whole = (least: number, description: string) => z.int().min(least).optional().describe(description)

const limits: z.ZodType<RequestedLimits> = z.strictObject({
  wall_ms: whole(leastLimits.wall_ms, 'Wall time of a run, milliseconds.'),
  cpus: z.number().min(leastLimits.cpus).optional().describe('Processors.'),
  memory_mb: whole(leastLimits.memory_mb, 'Memory of one program, MiB.'),
  processes: whole(leastLimits.processes, 'Processes and threads.'),
  open_files: whole(leastLimits.open_files, 'Open files per process.'),
  file_mb: whole(leastLimits.file_mb, 'Size of one file, MiB.'),
  data_mb: whole(leastLimits.data_mb, 'Size of /mnt/data, MiB.'),
  temporary_mb: whole(leastLimits.temporary_mb, 'Size of /tmp, MiB.'),
  output_kb: whole(leastLimits.output_kb, 'Text kept of each of stdout and stderr, KiB.'),
})

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
