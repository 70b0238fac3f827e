import { extname } from 'node:path'
import { z } from 'zod'
import { ServiceError } from '../core/errors.ts'
import { originsOfFile, type Files, type StoredFile } from '../core/stored-files.ts'
import { attachStored } from './attach-file.ts'
import { isTable } from './describe-content.ts'
import { describeTable } from './describe-table.ts'
import type { SessionFile } from './session-file.ts'

/** What is kept with a file of the look that was taken at it as a table. */
const keptPreview = z.looseObject({
  rows: z.int().nullable(),
  columns: z.array(z.looseObject({ name: z.string(), type: z.string() })),
  first_rows: z.array(z.array(z.string().nullable())),
  notes: z.array(z.string()),
})

/**
 * A stored file as a session's file, described by the look that was taken at it when it came. Throws `invalid-file` for one that is larger than a session
 * takes; what opens it rejects with `not-found` where it was deleted.
 */
export async function storedFile(
  files: Pick<Files, 'open'>,
  stored: StoredFile,
  maximumBytes: number,
): Promise<SessionFile> {
  const { id, principal, name, bytes, preview } = stored
  const open = async function* (): AsyncGenerator<Uint8Array> {
    const content = await files.open(principal, id)
    if (content === null) throw new ServiceError('not-found', `The file "${name.slice(0, 100)}" was deleted.`)
    yield* content
  }
  const file = { ...(await attachStored({ bytes, open }, { name, maximumBytes })), origins: originsOfFile(stored) }
  const looked = keptPreview.safeParse(preview)
  if (!looked.success || !isTable(extname(name).toLowerCase())) return file
  const { rows, columns, first_rows: first, notes } = looked.data
  const shown = columns.map(({ name: column, type }) => ({ name: column, type, note: null }))
  return { ...file, description: describeTable({ name, rows, columns: shown, first, notes }, file.path, {}) }
}
