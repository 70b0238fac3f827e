import { z } from 'zod'
import { originsOfFile } from '../../../core/stored-files.ts'
import type { RequestedLimits } from '../../../core/requested-limits.ts'
import type { ContainerFacts, ContainerFile, ContainerWish } from '../../../sessions/container-facts.ts'
import { containerFileIdOf } from '../responses/response-ids.ts'

/** What OpenAI's clients ask of the memory of a container, MiB. */
const memoryLimits = { '1g': 1_024, '4g': 4_096, '16g': 16_384, '64g': 65_536 } as const

export const memoryLimit = z
  .enum(['1g', '4g', '16g', '64g'], { error: 'must be 1g, 4g, 16g or 64g' })
  .nullish()
  .describe('Memory of one program; more than the group may ask for is refused.')

export const networkPolicy = z
  .looseObject({ type: z.literal('disabled', { error: 'must be {"type":"disabled"}: there is no network' }) })
  .nullish()

export const fileIds = z
  .array(z.string().regex(/^file_[0-9a-f]{32}$/, { error: 'must be an id of a file of POST /v1/files' }))
  .max(20, { error: 'must hold at most 20 files' })
  .nullish()

export const limitsOf = (limit: z.infer<typeof memoryLimit>): RequestedLimits =>
  limit == null ? {} : { memory_mb: memoryLimits[limit] }

const anchor = z.literal('last_active_at', { error: 'must be last_active_at' })
const minutes = z.int({ error: 'must be a whole number' }).min(1, { error: 'must be at least 1' }).max(525_600)

/** `POST /v1/containers` */
export const containerRequest = z.strictObject({
  name: z.string().min(1, { error: 'must not be empty' }).max(200),
  expires_after: z.strictObject({ anchor, minutes }).nullish().describe('How long it may be unused; 20 minutes.'),
  file_ids: fileIds,
  memory_limit: memoryLimit,
  network_policy: networkPolicy,
})

const defaultMinutes = 20

export function wishOf(body: z.infer<typeof containerRequest>): ContainerWish {
  return {
    name: body.name,
    idleMilliseconds: (body.expires_after?.minutes ?? defaultMinutes) * 60_000,
    limits: limitsOf(body.memory_limit),
    fileIds: body.file_ids ?? [],
  }
}

/** `POST /v1/containers/{id}/files` in JSON; a form has the file itself, or this as a field. */
export const addFileRequest = z.strictObject({
  file_id: z.string().regex(/^file_[0-9a-f]{32}$/, { error: 'must be an id of a file of POST /v1/files' }),
})

/** The same as the document of the service says it. */
export const containerFileForm = z.strictObject({
  file: z.string().meta({ format: 'binary' }).optional(),
  file_id: addFileRequest.shape.file_id.optional(),
})

const seconds = (time: Date): number => Math.floor(time.getTime() / 1_000)

/** OpenAI's container, with what has become of its sandboxes beside. */
export function toContainer({ id, name, made, used, isOpen, idleMilliseconds, limits, sandboxesLost }: ContainerFacts) {
  const memory = Object.entries(memoryLimits).find(([, mebibytes]) => mebibytes === limits.memory_mb)
  return {
    id,
    object: 'container',
    name,
    created_at: seconds(made),
    last_active_at: seconds(used),
    status: isOpen ? 'running' : 'expired',
    expires_after: { anchor: 'last_active_at', minutes: Math.round(idleMilliseconds / 60_000) },
    memory_limit: memory?.[0] ?? null,
    network_policy: { type: 'disabled' },
    sallyport: { sandboxes_lost: sandboxesLost, ...(sandboxesLost === 0 ? {} : { message: lostMessage }) },
  }
}

const lostMessage =
  'A sandbox of this container was lost, and its variables with it. Files that are kept are in the next one; others are gone. POST /v1/conversations/{id}/replay with this container makes again what a conversation had made there.'

export function toContainerFile({ stored, path, source }: ContainerFile, container: string) {
  return {
    id: containerFileIdOf(stored.id),
    object: 'container.file',
    bytes: stored.bytes,
    container_id: container,
    created_at: seconds(stored.made),
    path: `/mnt/data/${path}`,
    source,
    origins: originsOfFile(stored),
  }
}
