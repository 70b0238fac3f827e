import { z } from 'zod'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export const telemetryOptions = z
  .strictObject({
    log_level: z.enum(logLevels).default('info').describe('What the service writes to its log on standard error.'),
    audit: z.boolean().default(true).describe('Keep the hash-chained audit trail.'),
    audit_file: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Where the audit trail is kept; null for audit.jsonl in the state directory.'),
  })
  .describe('Log, metrics and audit trail.')

export type TelemetryOptions = z.infer<typeof telemetryOptions>
