import { z } from 'zod'
import { longestTimer } from '../../core/longest-timer.ts'

const maskName = z.enum(['null', 'hash', 'partial', 'bucket', 'year', 'month'])

const columnRule = z
  .union([
    z.literal('allow'),
    z.literal('deny'),
    z.literal('aggregate-only'),
    z.strictObject({ mask: maskName.describe('How the value leaves.') }),
  ])
  .describe('What the column may be used for.')

const relationRule = z.union([
  z.literal('*').describe('Every column.'),
  z.array(z.string().min(1)).min(1).describe('These columns; the others are denied.'),
  z.strictObject({
    columns: z.record(z.string().min(1), columnRule).default({}).describe('Rules by column.'),
    other_columns: columnRule.default('deny').describe('Rule of the columns not named.'),
    entity_key: z.string().min(1).optional().describe('Column that counts as one person or thing in group sizes.'),
    row_key: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Column that tells rows of one entity apart; needed where an entity has several with aggregate-only values.',
      ),
  }),
])

export const sqlPolicyOptions = z
  .strictObject({
    relations: z
      .record(z.string().min(1), relationRule)
      .default({})
      .describe('Tables and views that may be read, as table or schema.table. What is not named is refused.'),
    row_limit: z.int().min(1).max(1_000_000).default(10_000).describe('Rows an answer may hold.'),
    maximum_mb: z
      .number()
      .min(1 / 1024)
      .nullable()
      .default(null)
      .describe('Rows as JSON an answer may hold, MiB; null for what databases.query allows, never more.'),
    timeout_ms: z
      .int()
      .min(10)
      .max(longestTimer)
      .nullable()
      .default(null)
      .describe('Longest run of a statement, milliseconds; null for what databases.query allows, never more.'),
    maximum_cost: z
      .number()
      .min(1)
      .nullable()
      .default(null)
      .describe("Highest cost in the planner's units; null for what sql.maximum_cost allows, never more."),
    functions: z
      .array(z.string().min(1))
      .default([])
      .describe('Functions allowed beside the built-in list, by signature: schema.name(argument types).'),
    minimum_group_size: z
      .int()
      // A sum and a variance of two members are two equations about two values.
      .min(3)
      .max(10_000)
      .default(5)
      .describe('Fewest distinct entities in a group that shows an aggregate-only column.'),
    differencing_ledger: z
      .boolean()
      .default(true)
      .describe(
        'Remember which groups were answered about with aggregate-only columns, and refuse what would show a smaller one in combination.',
      ),
    search_path: z
      .array(z.string().min(1))
      .min(1)
      .default(['public'])
      .describe('Schemas searched for table names without one.'),
  })
  .describe('What may be read of a data source.')

export type SqlPolicyOptions = z.infer<typeof sqlPolicyOptions>

export const sqlGateOptions = z
  .strictObject({
    maximum_kb: z.int().min(1).max(1024).default(64).describe('Longest statement as UTF-8, KiB.'),
    maximum_depth: z.int().min(10).max(1_000).default(200).describe('Deepest nesting of the syntax tree.'),
    maximum_nodes: z.int().min(50).max(200_000).default(20_000).describe('Nodes of the syntax tree.'),
    maximum_relations: z.int().min(1).max(1_000).default(64).describe('Tables, subqueries and functions in FROM.'),
    maximum_set_operations: z.int().min(0).max(1_000).default(64).describe('UNION, INTERSECT and EXCEPT.'),
    maximum_literal_kb: z.int().min(1).max(1024).default(16).describe('Longest literal, KiB.'),
    maximum_value_kb: z
      .int()
      .min(1)
      .max(16_384)
      .default(96)
      .describe('Largest value that repeat, lpad, rpad, format or array_fill may make, KiB.'),
    maximum_series: z
      .int()
      .min(1)
      .max(100_000_000)
      .default(1_000_000)
      .describe('Longest series with constant ends that generate_series may make.'),
    maximum_cartesian_rows: z
      .int()
      .min(1)
      .max(1_000_000_000_000)
      .default(100_000_000)
      .describe('Rows, as the catalog estimates, that relations joined without a condition may make.'),
    maximum_cost: z
      .number()
      .min(1)
      .default(10_000_000)
      .describe("Highest cost in the planner's units where the source can EXPLAIN."),
    deadline_ms: z.int().min(50).max(60_000).default(2_000).describe('Longest time one check may take, milliseconds.'),
    memory_mb: z.int().min(64).max(4_096).default(256).describe('Heap of the process that checks, MiB.'),
    cache_entries: z.int().min(0).max(1_000_000).default(2_000).describe('Verdicts remembered.'),
  })
  .describe('Limits of the gate that SQL passes through.')

export type SqlGateOptions = z.infer<typeof sqlGateOptions>
