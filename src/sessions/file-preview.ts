import { z } from 'zod'
import type { JsonValue } from '../core/json.ts'

/** What is kept of what a file holds as a table: `pii` of a column names the kinds of personal data that its first rows hold. */
const keptPreview = z.union([
  z.object({ unreadable: z.string() }),
  z.object({
    rows: z.int().min(0).nullable(),
    columns: z.array(z.object({ name: z.string(), type: z.string(), pii: z.array(z.string()) })),
    first_rows: z.array(z.array(z.string().nullable())),
    notes: z.array(z.string()),
  }),
])

export interface FilePreview {
  /** Null where that is not known. */
  readonly rows: number | null
  readonly columns: readonly { readonly name: string; readonly type: string; readonly pii: readonly string[] }[]
  readonly firstRows: readonly (readonly (string | null)[])[]
  /** How it was read, where another reader might read it otherwise. */
  readonly notes: readonly string[]
  /** Why there is no table; null where there is one. */
  readonly unreadable: string | null
}

/** Nobody has looked at it, or what is kept of it is of another form. */
const unknown = 'nobody has looked at what it holds'

export function readFilePreview(preview: JsonValue): FilePreview {
  const read = keptPreview.safeParse(preview)
  const none = { rows: null, columns: [], firstRows: [], notes: [] }
  if (!read.success) return { ...none, unreadable: unknown }
  if ('unreadable' in read.data) return { ...none, unreadable: read.data.unreadable }
  const { rows, columns, first_rows: firstRows, notes } = read.data
  return { rows, columns, firstRows, notes, unreadable: null }
}
