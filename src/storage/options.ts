import { z } from 'zod'
import { Secret } from '../core/secret.ts'

const days = (text: string) =>
  z.int().min(1).max(36_500).nullable().default(400).describe(`${text} after as many days; null never forgets.`)

const retentionOptions = z
  .strictObject({
    revoked_keys_days: days('Revoked API keys are forgotten, and suspensions that are over,'),
    owned_ids_days: days('Who made which id at an upstream is forgotten, and nobody may name it any more,'),
    conversations_days: z
      .int()
      .min(1)
      .max(36_500)
      .nullable()
      .default(30)
      .describe(
        'Values that were hidden in conversations which a provider keeps are forgotten so many days after the last one of them; null never forgets.',
      ),
    reports_days: z
      .int()
      .min(1)
      .max(36_500)
      .nullable()
      .default(90)
      .describe(
        'Reports of what was missed or wrongly hidden are forgotten, with the texts in them, so many days after they were made; null never forgets.',
      ),
    history_days: z
      .int()
      .min(1)
      .max(36_500)
      .nullable()
      .default(90)
      .describe(
        "Conversations with the service's own model are forgotten, with their runs and the files of these, so many days after they were last used; null never forgets.",
      ),
    files_days: z
      .int()
      .min(1)
      .max(36_500)
      .nullable()
      .default(90)
      .describe(
        'Files that callers have uploaded are forgotten so many days after they came; null keeps them until they expire or are deleted.',
      ),
    approvals_days: z
      .int()
      .min(1)
      .max(36_500)
      .nullable()
      .default(90)
      .describe(
        'What people were asked to allow is forgotten, with the text of it, so many days after its end; null never forgets.',
      ),
  })
  .describe('How long the storage remembers what is not in force, by its kind.')

export type RetentionOptions = z.infer<typeof retentionOptions>

export const storageOptions = z
  .strictObject({
    kind: z.enum(['embedded', 'postgresql']).default('embedded').describe('A file of SQL, or a PostgreSQL server.'),
    path: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('File of the embedded kind, on a local disk; null is sallyport.db in the state directory.'),
    url: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
      .transform((value) => new Secret(value))
      .nullable()
      .default(null)
      .describe('Server of the kind postgresql: postgresql://role:password@host:port/database.'),
    connections: z
      .int()
      .min(1)
      .max(100)
      .default(4)
      .describe('Connections to a PostgreSQL server, at most; quotas have two more.'),
    timeout_ms: z
      .int()
      .min(100)
      .max(600_000)
      .default(10_000)
      .describe('Longest wait for the storage, milliseconds; then what was asked of it is refused.'),
    quotas_url: z
      .string()
      .regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://')
      .transform((value) => new Secret(value))
      .nullable()
      .default(null)
      .describe('Redis server for what callers use: redis://:password@host:port/0; null keeps it in the storage.'),
    lease_ms: z
      .int()
      .min(1_000)
      .max(3_600_000)
      .default(30_000)
      .describe(
        'A process that has not said for so long that it lives is taken for dead by others of the storage, milliseconds: what it ran is interrupted, and it ends its sandboxes before it goes on.',
      ),
    replica: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/, 'must be a name of letters, digits, dots, lines and underscores')
      .nullable()
      .default(null)
      .describe(
        'What this process is called where another one says who has a session, as the name of its pod; null takes the number of its lease.',
      ),
    retention: retentionOptions.prefault({}),
  })
  .refine(({ kind, url }) => (kind === 'postgresql') === (url !== null), {
    message: 'is for the kind postgresql, which needs it',
    path: ['url'],
  })
  .refine(({ kind, path }) => kind === 'embedded' || path === null, {
    message: 'is for the kind embedded',
    path: ['path'],
  })
  .describe('Where the service keeps what it has to remember: API keys and who made what at an upstream.')

export type StorageOptions = z.infer<typeof storageOptions>

/** What of the configuration says where the storage is. */
export interface StorageConfig {
  readonly storage: StorageOptions
  readonly state_directory: string
  /** Days after which recorded decisions and what callers said of them are forgotten; where it is not given, never. */
  readonly feedback?: { readonly retention_days: number } | null
}
