import { z } from 'zod'
import { tableFormats } from '../../core/table-format.ts'

const columnTypes = 'text|integer|hugeint|double|boolean|date|time|timestamp|timestamptz'

const columnType = z
  .string()
  .regex(
    new RegExp(`^(${columnTypes}|decimal\\(\\d{1,2}, ?\\d{1,2}\\))$`),
    `must be one of ${columnTypes.replaceAll('|', ', ')}, decimal(width,scale)`,
  )

/**
 * How a file is read as a table, where that cannot be known from the file. The reader in the sandbox image has the same
 * names (`sandbox-images/python/reader/sallyport/settings.py`).
 */
export const readingShape = {
  format: z
    .enum(tableFormats)
    .nullable()
    .default(null)
    .describe('What the file is; null tells it by the ending of its name.'),
  header: z
    .boolean('must be true or false')
    .default(true)
    .describe('Does the first line of the table name its columns?'),
  skip_rows: z
    .int('must be a whole number')
    .min(0)
    .max(100_000)
    .nullable()
    .default(null)
    .describe('Lines above the table, blank ones counted; null leaves out blank lines and a "sep=" line.'),
  delimiter: z
    .string()
    .regex(/^([^"\r\n]|tab|none)$/u, 'must be one character, tab or none')
    .nullable()
    .default(null)
    .describe('Mark between the values of a CSV, or none for one column; null looks at the first line.'),
  encoding: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}$/, 'must be the name of an encoding, like windows-1252')
    .nullable()
    .default(null)
    .describe('Encoding of a text; null is UTF-8, or what its byte order mark says.'),
  sheet: z
    .string()
    .min(1)
    .max(255)
    .nullable()
    .default(null)
    .describe('Name of the sheet of a workbook; null is the first that is not hidden.'),
  hidden: z
    .boolean('must be true or false')
    .default(true)
    .describe('Are the hidden rows and columns of a workbook read too?'),
  decimal: z.enum(['.', ',']).default('.').describe('Mark before the fraction of a number in a text.'),
  thousands: z
    .enum([',', '.', ' ', "'", '_', '\u00a0', '\u202f', '\u2019'])
    .nullable()
    .default(null)
    .describe('Mark between the thousands of a number in a text; null is none.'),
  null_values: z
    .array(z.string().min(1).max(100))
    .max(100)
    .default([])
    .describe('Words that stand for a missing value, beside the empty cell; spaces around them do not count.'),
  date_format: z
    .string()
    .regex(/^(?=.*%[dmYybBj])(%[dmYybBjHMSIpf]|[^%"\r\n])+$/u, 'must be written as %d/%m/%Y is')
    .max(100)
    .nullable()
    .default(null)
    .describe('How dates are written in a CSV, like %d/%m/%Y; null is ISO, or the only reading of a whole column.'),
  types: z
    .record(z.string().min(1).max(1_000), columnType)
    .default({})
    .describe('Types of columns, which are then not guessed; a value that a type would not hold whole is refused.'),
} as const

/** Are the marks of the fraction and of the thousands two different ones? */
export function hasTwoMarks({ decimal, thousands }: { readonly decimal: string; readonly thousands: string | null }) {
  return decimal !== thousands
}

export const sameMarks = 'decimal and thousands cannot be the same mark'

export const readingOptions = z.strictObject(readingShape).refine(hasTwoMarks, sameMarks)

export type Reading = z.infer<typeof readingOptions>
