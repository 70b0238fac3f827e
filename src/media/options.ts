import { z } from 'zod'

/** The processes that decode pictures, which all endpoints share. */
export const decodersOptions = z.strictObject({
  processes: z.int().min(1).max(64).default(2).describe('Processes, each of which decodes one picture at a time.'),
  waiting: z
    .int()
    .min(0)
    .max(10_000)
    .default(64)
    .describe('Pictures that may wait for a process; one more is answered 503.'),
  deadline_ms: z
    .int()
    .min(100)
    .max(600_000)
    .default(10_000)
    .describe('Milliseconds that one picture may take, and that it may wait before.'),
  memory_mb: z
    .int()
    .min(64)
    .max(65_536)
    .default(512)
    .describe('Memory of a process for a picture, its pixels and the library, MiB; it is ended where it wants more.'),
  pictures_per_process: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe('Pictures after which a process gives way to a new one.'),
})

export type DecodersSettings = z.infer<typeof decodersOptions>
