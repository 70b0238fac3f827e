import { z } from 'zod'
import { longestTimer } from '../core/longest-timer.ts'
import { Secret } from '../core/secret.ts'
import { ledgerOptions } from './differencing/options.ts'
import { hasTwoMarks, readingShape, sameMarks } from './reading/options.ts'

/** Settings of the embedded sample database and of the shadow, as they stand in the configuration file. */
export const embeddedDatabaseOptions = z
  .strictObject({
    memory_mb: z
      .int()
      .min(512)
      .max(8192)
      .default(1500)
      .describe('Memory at which the process of the embedded database is ended, MiB.'),
    open_ms: z
      .int()
      .min(5_000)
      .max(900_000)
      .default(300_000)
      .describe('Longest start of the embedded database, milliseconds; the first start builds the sample data.'),
  })
  .describe('The sample shop in an embedded PostgreSQL (PGlite), in a process of its own.')

export const shadowOptions = z
  .strictObject({
    memory_mb: z
      .int()
      .min(384)
      .max(8192)
      .default(1200)
      .describe('Memory at which the process that analyzes statements is ended, MiB.'),
    timeout_ms: z
      .int()
      .min(50)
      .max(60_000)
      .default(2000)
      .describe('Longest analysis of one statement, milliseconds; a longer one is refused.'),
  })
  .describe('The schema-only database in which statements are analyzed and never run.')

export const queryOptions = z
  .strictObject({
    maximum_rows: z.int().min(1).max(1_000_000).default(10_000).describe('Rows a query returns at most.'),
    maximum_mb: z
      .number()
      .min(1 / 1024)
      .max(1024)
      .default(32)
      .describe('Rows as JSON a query returns at most, MiB.'),
    timeout_ms: z.int().min(10).max(3_600_000).default(30_000).describe('Longest run of a query, milliseconds.'),
  })
  .describe('Limits of a query.')

export const databasesOptions = z
  .strictObject({
    query: queryOptions.prefault({}),
    embedded: embeddedDatabaseOptions.prefault({}),
    shadow: shadowOptions.prefault({}),
    ledger: ledgerOptions.prefault({}),
  })
  .describe('The data that may be asked about.')

const postgresqlUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
  .transform((value) => new Secret(value))

const sourceShadowOptions = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('embedded') }).describe('An embedded PostgreSQL in a process of its own.'),
    z
      .strictObject({
        kind: z.literal('postgresql'),
        url: postgresqlUrl.describe(
          "A scratch server of the replica's major version; the role may create databases and nothing else.",
        ),
      })
      .describe('A database made anew on a PostgreSQL server, which holds the schema and no rows.'),
  ])
  .default({ kind: 'embedded' })
  .describe('Where statements on this source are analyzed.')

/** What the kinds of database servers have in common. */
const serverOptions = {
  connections: z.int().min(1).max(200).default(4).describe('Connections held at most.'),
  maximum_lag_ms: z
    .int()
    .min(0)
    .max(longestTimer)
    .nullable()
    .default(null)
    .describe('A server further behind than this, milliseconds, is not asked; null asks it whatever its lag.'),
  heartbeat_query: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'One value: milliseconds since the last heartbeat the replica has seen. Without it the lag of PostgreSQL is estimated, and that of MySQL unknown.',
    ),
  time_zone: z
    .string()
    .regex(/^[A-Za-z0-9_+/:-]{1,64}$/, 'must be the name of a time zone, such as Europe/Berlin')
    .nullable()
    .default(null)
    .describe("Time zone of days, current_date and date_trunc; null for the database's own."),
  allow_primary: z
    .boolean()
    .default(false)
    .describe('Accept a server that is no replica: for PostgreSQL no standby, for MySQL not read_only.'),
  accept_excess: z
    .boolean()
    .default(false)
    .describe('Serve although the role can do more than read what it should; logged at every start.'),
}

const postgresqlOptions = z
  .strictObject({
    kind: z.literal('postgresql'),
    url: postgresqlUrl.describe('Address and role of the replica: postgresql://role:password@host:port/database.'),
    further_urls: z
      .array(postgresqlUrl)
      .default([])
      .describe('More replicas of the same primary; each statement goes to the one least behind.'),
    ...serverOptions,
    date_order: z
      .enum(['YMD', 'DMY', 'MDY'])
      .nullable()
      .default(null)
      .describe("How dates of text columns that are not ISO are read; null for the database's own."),
    shadow: sourceShadowOptions,
  })
  .describe('A PostgreSQL server, best a hot standby.')

const fileTableOptions = z
  .strictObject({
    path: z.string().min(1).describe('The file on the host of the service.'),
    ...readingShape,
  })
  .refine(hasTwoMarks, sameMarks)
  .describe('A file as a table.')

export type FileTable = z.infer<typeof fileTableOptions>

const tableName = z
  .string()
  .regex(/^[\p{L}_][\p{L}\p{M}\p{N}_]{0,62}$/u, 'must be letters, digits and _, and begin with no digit')

const filesOptions = z
  .strictObject({
    kind: z.literal('files'),
    tables: z
      .record(tableName, fileTableOptions)
      .refine((tables) => Object.keys(tables).length > 0, 'must name at least one table')
      .refine(
        (tables) => new Set(Object.keys(tables).map((name) => name.toLowerCase())).size === Object.keys(tables).length,
        'must not name two tables that differ in capitals only',
      )
      .describe('Tables by name.'),
    load_ms: z
      .int()
      .min(100)
      .max(3_600_000)
      .default(120_000)
      .describe(
        'Longest time that reading all files may take, milliseconds; at most sandbox.limits.wall_ceiling_ms counts.',
      ),
  })
  .describe('CSV, JSON, Parquet and Excel files, asked through DuckDB in a sandbox.')

const mysqlOptions = z
  .strictObject({
    kind: z.literal('mysql'),
    url: z
      .string()
      .regex(/^(mysql|mariadb):\/\/[^/]+\/[^/?]+/, 'must look like mysql://account:password@host:port/database')
      .transform((value) => new Secret(value))
      .describe(
        'Address, account and default database: mysql://account:password@host:port/database; ?ssl=true asks for TLS with a valid certificate.',
      ),
    ...serverOptions,
  })
  .describe('A MySQL or MariaDB server, best a replica; its gate is weaker than that of PostgreSQL.')

/** Where the rows of one data source are. */
export const databaseOptions = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sample') }).describe('The sample shop.'),
  postgresqlOptions,
  filesOptions,
  mysqlOptions,
])

export type DatabaseOptions = z.infer<typeof databaseOptions>

/** The options of a source that is a database server. */
export type ServerOptions = Extract<DatabaseOptions, { readonly kind: 'postgresql' | 'mysql' }>

export type DatabasesOptions = z.infer<typeof databasesOptions>
