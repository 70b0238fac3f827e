import { z } from 'zod'
import { priorities, type SandboxAlert, type SandboxTrace } from '../../../core/detection-facts.ts'
import { isPrintable } from '../../../core/is-printable.ts'
import type { SeenPool, SeenSandbox, SeenSandboxes } from '../../../core/sandbox-operations.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'

const sandboxId = z.string().regex(/^(?:sbx-[0-9a-f]{16}|isolate-\d{1,10})$/, 'must be the id of a sandbox')
const milliseconds = z.int().min(0)

export const sandboxPool = z
  .strictObject({
    ready: z.int(),
    starting: z.int(),
    claimed: z.int(),
    waiting: z.int().describe('Claims that wait for a sandbox.'),
    maximum: z.int().describe('sandbox.pool.maximum'),
    maximum_ready: z.int().describe('sandbox.pool.maximum_ready'),
  })
  .meta({ id: 'SandboxPool' })

const sandbox = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['container', 'isolate']),
    driver: z.string(),
    state: z
      .enum(['ready', 'idle', 'running', 'ending'])
      .describe('ready: nobody has it yet. idle: somebody has it, and nothing runs in it.'),
    kernel: z
      .string()
      .nullable()
      .describe('The line by which its own kernel says that it is gVisor; null for an isolate, which has none.'),
    origin: z.enum(['cold', 'snapshot']).nullable(),
    holder: z.string().nullable().describe('Whom it was handed to: the id of a caller, or of what runs for it.'),
    age_ms: milliseconds,
    held_ms: milliseconds.nullable(),
    idle_ms: milliseconds.nullable(),
    memory_mb: z.int(),
    cpus: z.number(),
    processes: z.int(),
  })
  .meta({ id: 'SeenSandbox' })

const state = z.strictObject({
  driver: z.strictObject({
    name: z.string().nullable().describe('null where auto is configured and nothing was chosen yet.'),
    why: z.string().nullable().describe('Why auto has chosen it; null where it has not.'),
    gvisor: z
      .enum(['proven', 'unproven', 'failed'])
      .describe(
        'proven: the last proof of the walls held, and the kernel of each container below has said that it is gVisor. unproven: there is no container to ask, or one that does not say so. failed: the last proof did not hold.',
      ),
    fault: z.string().nullable().describe('Why the last proof of the walls did not hold.'),
    missing_walls: z.array(z.string()).describe('What it cannot give on this host, one sentence each.'),
  }),
  pool: sandboxPool.nullable().describe('null before the first sandbox was asked for.'),
  draining: z.boolean().describe('Are claims refused, since an operator has drained the sandboxes?'),
})

export const listSandboxes = route({
  id: 'sandboxes.list',
  method: 'get',
  path: '/admin/v1/sandboxes',
  summary: 'The sandboxes of the process that is asked, with what proves that they are in gVisor.',
  params: noParams,
  query: noParams,
  body: noBody,
  status: 200,
  answer: state.extend({ data: z.array(sandbox) }),
  errors: [],
})

export const endSandbox = route({
  id: 'sandboxes.end',
  method: 'delete',
  path: '/admin/v1/sandboxes/{id}',
  summary: 'The sandbox is ended, whoever has it; what runs in it ends, and says that an operator ended it.',
  params: z.strictObject({ id: sandboxId }),
  query: noParams,
  body: noBody,
  status: 204,
  answer: noBody,
  errors: ['not-found'],
})

const alert = z
  .strictObject({
    at: z.iso.datetime().describe('By the clock of the sandbox, in UTC.'),
    holder: z.string().nullable().describe('Who had the sandbox.'),
    cell: z.int().nullable().describe('Which of its programs ran, or was the last, from 1; null before the first.'),
    rule: z.string(),
    priority: z.enum(priorities),
    tags: z.array(z.string()),
    output: z.string().describe('A sentence with what the sandbox did in it: text that the code in it chose.'),
    fields: z.record(z.string(), z.string()),
    suppressed: z.int().describe('Alerts of this rule that were held back since the last one.'),
    ended: z.boolean().describe('Was the sandbox ended for it?'),
  })
  .meta({ id: 'SandboxAlert' })

const figures = z
  .strictObject({
    messages: z.int().describe('Of its kernel, since its start.'),
    bytes: z.int(),
    told: z.int().describe('Bytes of what the relay told of it.'),
    alerts: z.int(),
    suppressed: z.int().describe('Alerts that were counted and not told.'),
    lost: z.int().describe('Messages that its kernel could not send, and those that could not be read.'),
    malformed: z.int(),
  })
  .meta({ id: 'TraceFigures' })

export const traceSandbox = route({
  id: 'sandboxes.trace',
  method: 'get',
  path: '/admin/v1/sandboxes/{id}/trace',
  summary: 'What detection has heard of a sandbox, be it over: its last alerts, and what its kernel has told.',
  params: z.strictObject({ id: sandboxId }),
  query: noParams,
  body: noBody,
  status: 200,
  answer: z.strictObject({
    id: z.string(),
    over: z.boolean().describe('Is nothing more to come?'),
    unheard: z.boolean().describe('Has it ended because nobody heard it any more?'),
    figures: figures.nullable().describe('At most a second old; null where none came yet.'),
    alerts: z.array(alert).describe('The last 50, the newest last.'),
  }),
  errors: ['not-found'],
})

const why = z
  .string()
  .min(1)
  .max(500)
  .refine(isPrintable, 'must be one line that can be shown')
  .optional()
  .describe('Why, in one line: for the audit trail.')

export const drainSandboxes = route({
  id: 'sandboxes.drain',
  method: 'post',
  path: '/admin/v1/sandboxes/drain',
  summary:
    'From now on the process hands out no sandbox: what is ready is removed, what somebody has lives on until they leave it.',
  params: noParams,
  query: noParams,
  body: z.strictObject({ why }),
  status: 200,
  answer: state,
  errors: [],
  told: ['why'],
})

export const resumeSandboxes = route({
  id: 'sandboxes.resume',
  method: 'post',
  path: '/admin/v1/sandboxes/resume',
  summary: 'The process hands out sandboxes again.',
  params: noParams,
  query: noParams,
  body: z.strictObject({ why }),
  status: 200,
  answer: state,
  errors: [],
  told: ['why'],
})

export type SandboxPoolJson = z.infer<typeof sandboxPool>
export type SandboxesStateJson = z.infer<typeof state>
export type SandboxesJson = z.infer<typeof listSandboxes.answer>

export type SandboxTraceJson = z.infer<typeof traceSandbox.answer>

export function toTrace(id: string, { isOver, isUnheard, figures: counted, alerts }: SandboxTrace): SandboxTraceJson {
  return { id, over: isOver, unheard: isUnheard, figures: counted && { ...counted }, alerts: alerts.map(toAlert) }
}

function toAlert({ at, tenant, cell, rule, priority, tags, output, fields, suppressed, ended }: SandboxAlert) {
  const moment = new Date(at).toISOString()
  return {
    at: moment,
    holder: tenant,
    cell,
    rule,
    priority,
    tags: [...tags],
    output,
    fields: { ...fields },
    suppressed,
    ended,
  }
}

export function toPool({ maximumReady, ...counts }: SeenPool): SandboxPoolJson {
  return { ...counts, maximum_ready: maximumReady }
}

export function toSandboxesState({ driver, pool: counted, isDraining, sandboxes }: SeenSandboxes): SandboxesStateJson {
  const { name, why: reason, proof, fault, missingWalls } = driver
  const containers = sandboxes.filter(({ kind }) => kind === 'container')
  const isSaid = containers.length > 0 && containers.every(({ kernel }) => kernel?.includes('gVisor') === true)
  const gvisor = proof === 'failed' ? proof : proof === 'stands' && isSaid ? 'proven' : 'unproven'
  return {
    driver: { name, why: reason, gvisor, fault, missing_walls: [...missingWalls] },
    pool: counted && toPool(counted),
    draining: isDraining,
  }
}

export function toSandboxes(seen: SeenSandboxes): SandboxesJson {
  return { ...toSandboxesState(seen), data: seen.sandboxes.map(toSandbox) }
}

function toSandbox({ ageMilliseconds, heldMilliseconds, idleMilliseconds, limits, ...rest }: SeenSandbox) {
  return {
    ...rest,
    age_ms: Math.round(ageMilliseconds),
    held_ms: heldMilliseconds === null ? null : Math.round(heldMilliseconds),
    idle_ms: idleMilliseconds === null ? null : Math.round(idleMilliseconds),
    memory_mb: limits.memoryMegabytes,
    cpus: limits.cpus,
    processes: limits.processes,
  }
}
