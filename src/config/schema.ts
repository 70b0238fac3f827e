import { z } from 'zod'
import { cliOptions } from '../cli/options.ts'
import { sandboxOptions } from '../sandbox/options.ts'
import { telemetryOptions } from '../telemetry/options.ts'
import { codeValidatorOptions } from '../validators/options.ts'

/** The whole configuration: each folder describes its own part. `stateDirectory` is where the default depends on. */
export function createConfigSchema(stateDirectory: string) {
  return z.strictObject({
    state_directory: z
      .string()
      .min(1)
      .default(stateDirectory)
      .describe('Where keys, the sample database and the audit trail are kept.'),
    sandbox: sandboxOptions.prefault({}),
    code: codeValidatorOptions.prefault({}),
    telemetry: telemetryOptions.prefault({}),
    cli: cliOptions.prefault({}),
  })
}

export type Config = z.infer<ReturnType<typeof createConfigSchema>>
