import { z } from 'zod'
import { databaseOptions } from '../databases/options.ts'
import { sqlPolicyOptions } from '../validators/sql/options.ts'

export const sourceOptions = z
  .strictObject({
    database: databaseOptions,
    policies: z
      .record(z.string().min(1), sqlPolicyOptions.prefault({}))
      .default({})
      .describe(
        'What each group may read; "default" is for groups not named. Without any, nothing is (but the sample).',
      ),
  })
  .describe('A database that may be asked.')

export type SourceOptions = z.infer<typeof sourceOptions>

/** The data sources of a configuration, by name. */
export interface SourcesConfig {
  readonly sources: Readonly<Record<string, SourceOptions>>
}
