import { z } from 'zod'
import { configurableDrivers } from '../core/drivers.ts'
import { longestTimer } from '../core/longest-timer.ts'
import { detectionOptions } from './detection/options.ts'
import { sandboxLimits, type LimitName } from '../core/requested-limits.ts'

function limit(name: LimitName, value: number, description: string = sandboxLimits[name].text) {
  const { least, most, isWhole } = sandboxLimits[name]
  const number = isWhole ? z.number().int() : z.number()
  return number.min(least).max(most).default(value).describe(description)
}

export const sandboxLimitOptions = z
  .strictObject({
    wall_ms: limit('wall_ms', 30_000, 'Wall time of a run that asks for none, milliseconds'),
    wall_ceiling_ms: limit('wall_ms', 300_000, 'Longest wall time a run may ask for, milliseconds'),
    cpus: limit('cpus', 1, 'Processors a sandbox may use'),
    memory_mb: limit('memory_mb', 1024, 'Memory of one program before its allocations fail, MiB'),
    memory_reserve_mb: z
      .number()
      .int()
      .min(128)
      .max(sandboxLimits.memory_mb.most)
      .default(256)
      .describe('Memory on top for the interpreter, the supervisor and gVisor itself, MiB'),
    processes: limit('processes', 128, 'Processes and threads user code may have'),
    open_files: limit('open_files', 256),
    file_mb: limit('file_mb', 256),
    data_mb: limit('data_mb', 512, `${sandboxLimits.data_mb.text}; counts as memory`),
    temporary_mb: limit('temporary_mb', 128, `${sandboxLimits.temporary_mb.text}; counts as memory`),
    output_kb: limit('output_kb', 1024),
    result_kb: z.number().int().positive().default(16_384).describe('All displayed values of a run together, KiB'),
    results: z.number().int().positive().default(100).describe('Displayed values of a run'),
    table_rows: z.number().int().positive().default(200).describe('Rows of a displayed table'),
    pixels: z.number().int().positive().default(16_000_000).describe('Pixels of a displayed figure'),
    artifacts: z.number().int().positive().default(200).describe('Files listed as made by a run'),
  })
  .refine((limits) => limits.wall_ms <= limits.wall_ceiling_ms, 'wall_ms must not be above wall_ceiling_ms')

export const sandboxPoolOptions = z
  .strictObject({
    minimum_ready: z.number().int().min(0).default(1).describe('Warm sandboxes kept ready at least'),
    maximum_ready: z
      .number()
      .int()
      .min(0)
      .default(4)
      .describe('Warm sandboxes kept ready at most, when demand is high'),
    maximum: z.number().int().min(1).default(16).describe('Sandboxes alive at once, claimed ones included'),
    maximum_per_tenant: z.number().int().min(1).default(8).describe('Sandboxes one tenant may hold at once'),
    queue: z.number().int().min(0).default(64).describe('Claims that may wait for a sandbox'),
    queue_ms: z
      .number()
      .int()
      .min(1)
      .max(3_600_000)
      .default(30_000)
      .describe('How long a claim waits at most, milliseconds'),
    starts_at_once: z
      .number()
      .int()
      .min(1)
      .default(2)
      .describe('Sandboxes started at the same time while somebody waits or few stand ready; one otherwise'),
  })
  .refine((pool) => pool.minimum_ready <= pool.maximum_ready, 'minimum_ready must not be above maximum_ready')
  .refine((pool) => pool.maximum_ready <= pool.maximum, 'maximum_ready must not be above maximum')

const kubernetesOptions = z
  .strictObject({
    image: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Image of the sandbox as the nodes pull it, best with its digest; needed for this driver'),
    namespace: z
      .string()
      .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)
      .default('sallyport-sandboxes')
      .describe('Namespace that the Pods of sandboxes are made in, and nothing else is'),
    runtime_class: z.string().min(1).default('gvisor').describe('Name of the RuntimeClass whose handler is gVisor'),
    kubeconfig: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('File with the address and the credentials of the cluster; null for those of the Pod it runs in'),
    context: z.string().min(1).nullable().default(null).describe('Context of the kubeconfig; null for its current one'),
    start_ms: z
      .number()
      .int()
      .min(1000)
      .max(3_600_000)
      .default(60_000)
      .describe('How long a Pod may take until its containers run, milliseconds'),
    request_cpus: z
      .number()
      .min(0.002)
      .default(0.1)
      .describe('Processors that a sandbox is sure to get; the scheduler counts these, not its limit'),
    request_memory_mb: z.number().int().min(2).default(384).describe('Memory that a sandbox is sure to get, MiB'),
    longest_session_ms: z
      .number()
      .int()
      .min(60_000)
      .max(longestTimer)
      .default(86_400_000)
      .describe('A Pod older than this is ended by its node, whoever uses it, milliseconds'),
    server: z
      .url()
      .default('https://kubernetes.default.svc')
      .describe('Address of the API server as Pods reach it; a kubeconfig names its own'),
    pod_name: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'Name of the Pod that the service runs in, which then owns its sandboxes: only where both are in one namespace',
      ),
    pod_uid: z.string().min(1).nullable().default(null).describe('Uid of that Pod'),
  })
  .refine((given) => (given.pod_name === null) === (given.pod_uid === null), 'pod_name and pod_uid go together')
  .describe('Sandboxes as Pods, for the kubernetes driver')

export const sandboxOptions = z.strictObject({
  driver: z
    .enum(configurableDrivers)
    .default('auto')
    .describe('How sandboxes are started; auto is runsc where its walls are proven, else docker. serve: docker'),
  docker_socket: z.string().min(1).default('/var/run/docker.sock').describe('Where the Docker daemon listens'),
  runtime: z.string().min(1).default('sallyport-runsc').describe('Name gVisor is registered under with Docker'),
  image: z.string().min(1).nullable().default(null).describe('Image of the sandbox; null for the one set-up built'),
  runsc_path: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('The runsc binary for the runsc driver; null for the one set-up installed'),
  kubernetes: kubernetesOptions.prefault({}),
  snapshots: z
    .boolean()
    .default(true)
    .describe('Let the runsc driver start sandboxes from a checkpoint of a ready one'),
  sharing: z
    .enum(['read-only', 'none'])
    .default('read-only')
    .describe(
      'What sandboxes share: files of the image and a checkpoint, or nothing (runsc only; every start is slow)',
    ),
  idle_ms: z
    .number()
    .int()
    .min(1000)
    .max(longestTimer)
    .default(1_800_000)
    .describe('A sandbox unused for this long is destroyed, milliseconds'),
  sweep_ms: z
    .number()
    .int()
    .min(1000)
    .max(86_400_000)
    .default(60_000)
    .describe('How often leftovers are looked for, milliseconds'),
  interrupt_ms: z
    .number()
    .int()
    .min(0)
    .max(3_600_000)
    .default(100)
    .describe('How long code may take to heed an interrupt, milliseconds'),
  figures_ms: z
    .number()
    .int()
    .min(0)
    .max(3_600_000)
    .default(2000)
    .describe('How long the figures of a run that heeded its interrupt may take to be drawn, milliseconds'),
  kill_ms: z
    .number()
    .int()
    .min(1)
    .max(3_600_000)
    .default(40)
    .describe('How long ending its processes may take, milliseconds'),
  limits: sandboxLimitOptions.prefault({}),
  pool: sandboxPoolOptions.prefault({}),
  detection: detectionOptions.prefault({}),
})

export type SandboxOptions = z.infer<typeof sandboxOptions>
export type SandboxLimitOptions = z.infer<typeof sandboxLimitOptions>
