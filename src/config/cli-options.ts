import { z } from 'zod'

export const outputFormats = ['text', 'json', 'stream-json', 'markdown', 'csv', 'table'] as const

export type OutputFormat = (typeof outputFormats)[number]

export const cliOptions = z
  .strictObject({
    output: z.enum(outputFormats).default('text').describe('How answers are written to standard output.'),
    save_directory: z
      .string()
      .min(1)
      .default('sallyport-output')
      .describe('Folder where charts and files are saved, relative to the working directory.'),
    maximum_file_mb: z
      .number()
      .min(1 / 1024)
      .default(1024)
      .describe('Largest file --data and standard input take, MiB; never more than a sandbox can hold.'),
    preview_lines: z.int().min(0).max(1000).default(12).describe('Lines of code shown while it runs; 0 shows none.'),
    table_rows: z.int().min(1).max(100_000).default(20).describe('Rows of a table shown as text.'),
  })
  .describe('The command line.')
