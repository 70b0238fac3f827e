import { z } from 'zod'
import { sandboxLimits } from '../../core/requested-limits.ts'

const mostWall = sandboxLimits.wall_ms.most

export const isolateOptions = z
  .strictObject({
    memory_mb: z
      .int()
      .min(8)
      .max(4096)
      .default(128)
      .describe('Heap of one isolate, MiB; the process is ended at three times that.'),
    wall_ms: z
      .int()
      .min(10)
      .max(mostWall)
      .default(5_000)
      .describe('Wall time of a run that asks for none, milliseconds'),
    wall_ceiling_ms: z
      .int()
      .min(10)
      .max(mostWall)
      .default(30_000)
      .describe('Longest wall time a run may ask for, milliseconds'),
    output_kb: z.int().min(1).default(256).describe('Text kept of each of stdout and stderr, KiB'),
    result_kb: z.int().min(1).default(1024).describe('The value of a run, KiB as JSON'),
    ready: z.int().min(0).default(1).describe('Warm processes that have served nobody yet'),
    maximum: z.int().min(1).default(8).describe('Processes alive at once'),
    queue_ms: z
      .int()
      .min(1)
      .max(3_600_000)
      .default(10_000)
      .describe('How long a claim waits for a process at most, milliseconds'),
    sessions_per_isolate: z
      .int()
      .min(1)
      .default(100)
      .describe(
        'Sessions of one tenant that an isolate may see, each in a context of its own; 1 for none but the first',
      ),
    jobs_per_process: z.int().min(1).default(1_000).describe('A process is ended after this many runs'),
  })
  .refine((options) => options.wall_ms <= options.wall_ceiling_ms, 'wall_ms must not be above wall_ceiling_ms')
  .describe('Light JavaScript in isolated-vm, each tenant in processes of its own.')

export type IsolateOptions = z.infer<typeof isolateOptions>
