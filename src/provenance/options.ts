import { z } from 'zod'

export const provenanceModes = ['enforce', 'shadow'] as const
export type ProvenanceMode = (typeof provenanceModes)[number]

export const provenanceOptions = z
  .strictObject({
    mode: z
      .enum(provenanceModes)
      .default('enforce')
      .describe('enforce: a person is asked about what data may have chosen. shadow: that is only told, and runs.'),
    groups: z
      .record(z.string().min(1), z.enum(provenanceModes))
      .default({})
      .describe('The mode of single groups, by name.'),
  })
  .describe('What data may choose of what the analyst does: no table and no code.')

export type ProvenanceOptions = z.infer<typeof provenanceOptions>
