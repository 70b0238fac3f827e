import type { Screener, ScreenedPart } from '../gateway/screen/screener.ts'
import { screenTable } from '../gateway/screen/values.ts'
import type { FilePreview } from '../sessions/file-preview.ts'

/** A preview as the profile of its reader's group lets rows out: values of its first rows, names of its columns and the reader's notes, which quote both. */
export async function screenPreview(
  preview: FilePreview,
  screener: Screener,
  signal: AbortSignal,
): Promise<FilePreview> {
  const { columns, firstRows, notes, unreadable } = preview
  const whole = { columns, rows: firstRows, totalRows: firstRows.length }
  const screened = await screenTable(whole, screener, signal)
  const texts = [...notes, unreadable ?? ''].map((text): ScreenedPart => ({ text, provenance: 'file' }))
  const said = await screener.texts(texts, signal)
  return {
    ...preview,
    columns: columns.map(({ type, pii }, place) => ({ name: screened.columns[place]?.name ?? '', type, pii })),
    firstRows: screened.rows.map((row) => row.map((value) => (typeof value === 'string' ? value : null))),
    notes: said.slice(0, notes.length),
    unreadable: unreadable === null ? null : (said.at(-1) ?? ''),
  }
}
