import { z } from 'zod'
import { priorities } from '../../core/detection-facts.ts'

export const detectionOptions = z
  .strictObject({
    mode: z
      .enum(['off', 'on'])
      .default('off')
      .describe(
        'Listen to the calls that code makes in its sandbox; with on, a sandbox that cannot be heard is refused',
      ),
    rules: z
      .array(z.string().min(1))
      .default([])
      .describe('Files of rules in the form of Falco, beside the rules that come with Sallyport'),
    own_rules: z.boolean().default(true).describe('Hold the rules that come with Sallyport'),
    kill_at: z
      .enum(priorities)
      .nullable()
      .default(null)
      .describe('An alert as grave as this ends its sandbox; null where none does'),
  })
  .describe('Detection of what code in a sandbox has no reason to do')

export type DetectionOptions = z.infer<typeof detectionOptions>
