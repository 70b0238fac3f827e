import { z } from 'zod'
import { leastLimits } from '../core/requested-limits.ts'

const mebibytes = (value: number, description: string) =>
  z.number().int().positive().default(value).describe(description)

export const sandboxLimitOptions = z
  .strictObject({
    wall_ms: z.number().int().min(10).default(30_000).describe('Wall time of a run that asks for none, milliseconds'),
    wall_ceiling_ms: z
      .number()
      .int()
      .min(10)
      .default(300_000)
      .describe('Longest wall time a run may ask for, milliseconds'),
    cpus: z.number().min(0.1).default(1).describe('Processors a sandbox may use'),
    memory_mb: mebibytes(1024, 'Memory of one program before its allocations fail, MiB'),
    memory_reserve_mb: mebibytes(256, 'Memory on top for the interpreter, the supervisor and gVisor itself, MiB'),
    processes: z
      .number()
      .int()
      .min(leastLimits.processes)
      .default(128)
      .describe('Processes and threads user code may have'),
    open_files: z.number().int().min(128).default(256).describe('Open files per process'),
    file_mb: mebibytes(256, 'Size of one file, MiB'),
    data_mb: mebibytes(512, 'Size of /mnt/data, MiB; counts as memory'),
    temporary_mb: mebibytes(128, 'Size of /tmp, MiB; counts as memory'),
    output_kb: z.number().int().positive().default(1024).describe('Text kept of each of stdout and stderr, KiB'),
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
    queue_ms: z.number().int().min(1).default(30_000).describe('How long a claim waits at most, milliseconds'),
    starts_at_once: z.number().int().min(1).default(2).describe('Sandboxes started at the same time'),
  })
  .refine((pool) => pool.minimum_ready <= pool.maximum_ready, 'minimum_ready must not be above maximum_ready')
  .refine((pool) => pool.maximum_ready <= pool.maximum, 'maximum_ready must not be above maximum')

export const sandboxOptions = z.strictObject({
  driver: z.enum(['docker', 'runsc']).default('docker').describe('How sandboxes are started'),
  docker_socket: z.string().min(1).default('/var/run/docker.sock').describe('Where the Docker daemon listens'),
  runtime: z.string().min(1).default('sallyport-runsc').describe('Name gVisor is registered under with Docker'),
  image: z.string().min(1).nullable().default(null).describe('Image of the sandbox; null for the one set-up built'),
  runsc_path: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('The runsc binary for the runsc driver; null for the one set-up installed'),
  snapshots: z
    .boolean()
    .default(true)
    .describe('Let the runsc driver start sandboxes from a checkpoint of a ready one'),
  idle_ms: z
    .number()
    .int()
    .min(1000)
    .default(1_800_000)
    .describe('A sandbox unused for this long is destroyed, milliseconds'),
  sweep_ms: z.number().int().min(1000).default(60_000).describe('How often leftovers are looked for, milliseconds'),
  interrupt_ms: z
    .number()
    .int()
    .min(0)
    .default(100)
    .describe('How long code may take to heed an interrupt, milliseconds'),
  figures_ms: z
    .number()
    .int()
    .min(0)
    .default(2000)
    .describe('How long the figures of a run that heeded its interrupt may take to be drawn, milliseconds'),
  kill_ms: z.number().int().min(1).default(40).describe('How long ending its processes may take, milliseconds'),
  limits: sandboxLimitOptions.prefault({}),
  pool: sandboxPoolOptions.prefault({}),
})

export type SandboxOptions = z.infer<typeof sandboxOptions>
export type SandboxLimitOptions = z.infer<typeof sandboxLimitOptions>
