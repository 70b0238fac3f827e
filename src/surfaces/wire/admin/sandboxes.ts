import { z } from 'zod'
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
