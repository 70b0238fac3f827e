import { z } from 'zod'

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
    query_rows: z.number().int().positive().default(100_000).describe('Most rows one query returns.'),
    query_bytes: z
      .number()
      .int()
      .positive()
      .default(32 * 1024 * 1024)
      .describe('Most bytes one query returns, counted as JSON.'),
    query_timeout_ms: z.number().int().positive().default(15_000).describe('Longest one query may run.'),
    python_timeout_ms: z.number().int().positive().default(60_000).describe('Longest one Python cell may run.'),
    javascript_timeout_ms: z.number().int().positive().default(10_000).describe('Longest one JavaScript job may run.'),
  })
  .describe('What the model can call.')

export type ToolOptions = z.infer<typeof toolOptions>
