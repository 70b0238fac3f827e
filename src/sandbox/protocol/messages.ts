import { z } from 'zod'
import { sandboxLanguages } from '../../core/languages.ts'
import { parseUntrustedJson } from '../../core/json.ts'
import { protocolFault } from './frames.ts'

// What the supervisor may say; PROTOCOL.md beside the image describes each member. Unknown members are dropped.
const id = z.number().int().min(1).max(2_147_483_647)
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const sentence = z.string().max(4096)
const language = z.enum(sandboxLanguages)
const status = z.union([z.object({ exited: count }), z.object({ signaled: count })]).nullable()
const file = z.object({ path: z.string().min(1).max(4096), bytes: count, modified_ms: z.number() })

const worker = z.object({
  language,
  pid: count,
  uid: count,
  version: sentence.nullish(),
  preimported: z.array(sentence).max(64).nullish(),
  limits: z.record(z.string().max(64), z.number().nullable()).nullish(),
})

const done = z.object({
  type: z.literal('done'),
  id,
  reason: z.enum(['completed', 'raised', 'interrupted', 'worker-died']),
  error: z
    .object({ name: z.string().max(4096), value: z.string().max(262_144), traceback: z.string().max(524_288) })
    .nullable(),
  evidence: z.enum(['memory', 'processes', 'disk', 'file-size']).nullable(),
  status,
  worker_alive: z.boolean(),
  still_running: z.boolean(),
  processes_found: count,
  processes_left: count,
  threads_left: count,
  artifacts: z.array(file).max(10_000),
  artifacts_refused: count,
  truncated: z.array(z.string().max(64)).max(32),
  output_bytes: z.object({ stdout: count, stderr: count }),
  measured: z.object({
    peak_resident_bytes: count.nullish(),
    peak_tasks: z.number().min(0).nullish(),
    minimum_disk_free_bytes: z.number().min(0).nullish(),
    tmpfs_bytes: z.number().min(0).nullish(),
    cpu_ms: z.number().nullish(),
  }),
  run_ms: z.number(),
})

const ready = z.object({
  type: z.literal('ready'),
  version: z.literal(1),
  supervisor: z.object({
    pid: count,
    uid: count,
    gid: count,
    groups: z.array(count).max(64),
    no_new_privileges: z.boolean(),
    capabilities: z.string().regex(/^[0-9a-f]{1,32}$/),
  }),
  keeper: z.object({ pid: count, uid: count }).nullable(),
  workers: z.array(worker).max(8),
  gvisor: sentence.nullable(),
  kernel: z.unknown(),
  interfaces: z.array(z.string().max(64)).max(256),
  mounts: z
    .array(z.object({ path: z.string().max(256), bytes: count, uid: count, mode: count, noexec: z.boolean() }))
    .max(64),
  unix_ms: z.number(),
})

const message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('need-keeper') }),
  ready,
  z.object({ type: z.literal('started'), id, worker }),
  z.object({ type: z.literal('output'), id, stream: z.enum(['stdout', 'stderr']), text: z.string().max(65_536) }),
  z.object({
    type: z.literal('display'),
    id,
    index: count,
    main: z.boolean(),
    item: z.record(z.string(), z.unknown()).nullish(),
    stream: z.number().int().min(2_147_483_648).max(4_294_967_295).nullish(),
    bytes: count.nullish(),
  }),
  z.object({
    type: z.literal('exceeded'),
    id,
    what: z.enum(['output', 'memory']),
    measured: z.number(),
    limit: z.number(),
  }),
  z.object({ type: z.literal('heeded'), id }),
  done,
  z.object({ type: z.literal('worker-lost'), language, status }),
  z.object({ type: z.literal('keeper-lost') }),
  z.object({ type: z.literal('killed'), id, processes_left: count, keeper: z.boolean() }),
  z.object({ type: z.literal('credit'), id, bytes: count }),
  z.object({ type: z.literal('stored'), id, file }),
  z.object({ type: z.literal('content'), id, file }),
  z.object({ type: z.literal('end'), stream: z.number().int().min(1).max(4_294_967_295), bytes: count }),
  z.object({
    type: z.literal('listed'),
    id,
    files: z.array(file).max(10_000),
    more: z.boolean(),
    refused: count,
    truncated: z.boolean(),
  }),
  z.object({ type: z.literal('deleted'), id }),
  z.object({
    type: z.literal('stats'),
    id,
    processes: count,
    tasks: count,
    resident_bytes: count,
    tmpfs_bytes: count,
    disk_free_bytes: count,
    uptime_ms: z.number(),
  }),
  z.object({ type: z.literal('pong'), id, unix_ms: z.number() }),
  z.object({ type: z.literal('failed'), id, code: z.string().max(64), message: sentence }),
  z.object({ type: z.literal('fatal'), message: sentence }),
])

export type SupervisorMessage = z.infer<typeof message>
export type DoneMessage = z.infer<typeof done>
export type ReadyMessage = z.infer<typeof ready>
export type WireFile = z.infer<typeof file>
export type MessageOf<Type extends SupervisorMessage['type']> = Extract<SupervisorMessage, { type: Type }>

/** Throws `sandbox-lost` for anything the protocol does not know. */
export function parseMessage(payload: Buffer): SupervisorMessage {
  let value: unknown
  try {
    value = parseUntrustedJson(payload.toString('utf8'))
  } catch {
    throw protocolFault('a control frame that is not JSON')
  }
  const parsed = message.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw protocolFault(`a message that is not in it (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`)
}
