import { z } from 'zod'
import { Secret } from '../core/secret.ts'

/** What happens to a request whose line cannot be written: it is refused, or goes on and the line is counted as lost. */
export const auditFailures = ['refuse', 'continue'] as const

export type AuditFailure = (typeof auditFailures)[number]

/** Which decisions of policy stand on the trail. */
const auditedDecisions = ['all', 'refused'] as const

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const headerName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'must be the name of a header in lower case')

/** Where spans go, as it stands under `telemetry.traces`. */
export const tracesOptions = z
  .strictObject({
    endpoint: z
      .url({ protocol: /^https?$/ })
      .refine((url) => !/[?#]|\/\/[^/]*@/.test(url), 'must have no user, query or fragment')
      .describe('Address that takes spans by OTLP over HTTP as JSON, with its path: http://127.0.0.1:4318/v1/traces.'),
    headers: z
      .record(
        headerName,
        z
          .string()
          .min(1)
          .transform((value) => new Secret(value)),
      )
      .default({})
      .describe('Headers that the receiver wants, by a file or a variable.'),
    sample_ratio: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe('Part of the traces that is kept, from 0 to 1; a trace that a trusted proxy began is kept as it says.'),
    service_name: z.string().min(1).max(200).default('sallyport').describe('Name of the service in its spans.'),
  })
  .describe('Spans of requests by OpenTelemetry.')

export type TracesOptions = z.infer<typeof tracesOptions>

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
    audit_failure: z
      .enum(auditFailures)
      .default('refuse')
      .describe(
        'What a service does while the trail cannot be written: refuse all requests, or continue, count what is lost and say so.',
      ),
    audit_decisions: z
      .enum(auditedDecisions)
      .default('all')
      .describe('Which decisions of policy stand on the trail: all, or only those that refused.'),
    audit_rotate_mb: z
      .int()
      .min(1)
      .max(1_048_576)
      .nullable()
      .default(256)
      .describe('A file of the trail with so many MiB is full, and the trail goes on in another; null for never.'),
    audit_keep_days: z
      .int()
      .min(1)
      .max(36_500)
      .nullable()
      .default(null)
      .describe('Full files are let go so many days after their last line, which the trail tells; null keeps them.'),
    audit_checkpoint_file: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Where signed checkpoints are kept too, best on another machine: they show a trail that was cut.'),
    traces: tracesOptions
      .nullable()
      .default(null)
      .describe('Where spans of requests go by OpenTelemetry, without any text of theirs; null for none.'),
  })
  .describe('Log, metrics, audit trail and spans.')

export type TelemetryOptions = z.infer<typeof telemetryOptions>
