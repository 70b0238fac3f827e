import { z } from 'zod'

export const ledgerOptions = z
  .strictObject({
    maximum_rows: z
      .int()
      .min(100)
      .max(5_000_000)
      .default(250_000)
      .describe('Rows of one table that answers about aggregate-only columns may be over; more are refused.'),
    maximum_groups: z
      .int()
      .min(1)
      .max(100_000)
      .default(1_000)
      .describe('Groups one statement with aggregate-only columns may make.'),
    maximum_answers: z
      .int()
      .min(1)
      .max(20_000)
      .default(2_000)
      .describe('Independent answers remembered per table and group of callers; after that only repetitions pass.'),
    maximum_cells: z
      .int()
      .min(10_000)
      .max(200_000_000)
      .default(20_000_000)
      .describe('Numbers the proof of one table may hold in memory, 4 bytes each.'),
    remember_days: z
      .int()
      .min(1)
      .max(36_500)
      .nullable()
      .default(null)
      .describe('Answers older than this are forgotten, and can be combined with new ones; null never forgets.'),
  })
  .describe('What is remembered of answers about aggregate-only columns, so that differences single nobody out.')

export type LedgerOptions = z.infer<typeof ledgerOptions>
