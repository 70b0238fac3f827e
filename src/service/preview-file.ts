import { createPiiFilter } from '../filters/pii/pii-filter.ts'
import type { FilterContext } from '../filters/filter.ts'
import type { JsonValue } from '../core/json.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { PreviewFile } from '../sessions/file-desk.ts'
import { previewNotes, type TablePreview } from '../sessions/describe-table.ts'
import { previewTables } from './table-previews.ts'

interface PreviewParts {
  /** Claims a sandbox for a tenant. */
  readonly claim: (tenant: string, signal: AbortSignal) => Promise<Sandbox>
  readonly timeoutMilliseconds: number
}

/** Rows that are looked at for personal data, and those of them that are shown. */
const [lookedAtRows, shownRows] = [50, 3]

/** Says what a table holds, by the reader that queries and programs use, in a sandbox of its own that ends with it. */
export function createPreviewFile({ claim, timeoutMilliseconds }: PreviewParts): PreviewFile {
  const filter = createPiiFilter()
  return async ({ principal, name, open }, signal, room) => {
    await using sandbox = await claim(principal.id, room)
    await sandbox.files.put(name, open(), signal)
    const options = { timeoutMilliseconds, signal, rows: lookedAtRows }
    const [preview] = await previewTables(sandbox, [{ name, settings: {} }], options)
    if (preview === undefined) return null
    const context: FilterContext = { direction: 'inbound', group: principal.group, executedSql: [] }
    const kinds = async (texts: readonly string[], label: string): Promise<readonly string[]> => {
      const parts = texts.map((text) => ({ text, label, siblings: texts, provenance: 'file' as const }))
      const findings = parts.length === 0 ? [] : await filter.inspect(parts, context, signal)
      return [...new Set(findings.map(({ category }) => category))].toSorted()
    }
    return previewJson(preview, kinds)
  }
}

type KindsIn = (texts: readonly string[], label: string) => Promise<readonly string[]>

/** A preview as it is kept with its file: `pii` of a column names the kinds of personal data that its first rows hold. */
async function previewJson(preview: TablePreview, kinds: KindsIn): Promise<JsonValue> {
  if ('unreadable' in preview) return { unreadable: preview.unreadable }
  const { rows, columns, first } = preview
  const said = await Promise.all(
    columns.map(async ({ name, type }, index) => {
      const texts = first.flatMap((row) => row[index] ?? [])
      return { name, type, pii: await kinds(texts, name) }
    }),
  )
  return { rows, columns: said, first_rows: first.slice(0, shownRows), notes: previewNotes(preview) }
}
