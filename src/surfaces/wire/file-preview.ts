import { z } from 'zod'
import type { FilePreview } from '../../sessions/file-preview.ts'

/** `GET /v1/files/{id}/preview` */
export const filePreview = z
  .object({
    id: z.string(),
    object: z.literal('file.preview'),
    filename: z.string(),
    rows: z.int().min(0).nullable().describe('Null where that is not known.'),
    columns: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        pii: z.array(z.string()).describe('Kinds of personal data that values of its first rows are of.'),
      }),
    ),
    first_rows: z
      .array(z.array(z.string().nullable()))
      .describe('Screened as any output is: what the profile of the group hides is replaced.'),
    notes: z.array(z.string()).describe('How it was read, where another reader might read it otherwise.'),
    unreadable: z.string().nullable().describe('Why there is no table; null where there is one.'),
  })
  .meta({ id: 'FilePreview' })

export function toFilePreview(
  { id, name }: { readonly id: string; readonly name: string },
  { rows, columns, firstRows, notes, unreadable }: FilePreview,
): z.infer<typeof filePreview> {
  return {
    id,
    object: 'file.preview',
    filename: name,
    rows,
    columns: columns.map(({ name: of, type, pii }) => ({ name: of, type, pii: [...pii] })),
    first_rows: firstRows.map((row) => [...row]),
    notes: [...notes],
    unreadable,
  }
}
