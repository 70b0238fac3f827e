import { z } from 'zod'
import { sandboxLimits } from '../core/requested-limits.ts'

/** Settings of the tools a model is given, as they stand under `tools:` in the configuration. */
export const toolOptions = z
  .strictObject({
    preview_rows: z
      .number()
      .int()
      .positive()
      .default(20)
      .describe('Rows of a query result the model sees; code has them all.'),
    result_characters: z
      .number()
      .int()
      .min(500)
      .default(16_000)
      .describe('Most characters of one tool result that reach the model.'),
    python_timeout_ms: z
      .number()
      .int()
      .positive()
      .max(sandboxLimits.wall_ms.most)
      .default(60_000)
      .describe('Longest one Python cell may run, milliseconds.'),
    javascript_timeout_ms: z
      .number()
      .int()
      .positive()
      .max(sandboxLimits.wall_ms.most)
      .default(10_000)
      .describe('Longest one JavaScript job may run, milliseconds.'),
  })
  .describe('What the model can call.')

export type ToolOptions = z.infer<typeof toolOptions>
