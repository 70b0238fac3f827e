import { z } from 'zod'
import type { JsonValue } from '../core/json.ts'

const line = z
  .string()
  .max(4_000)
  .transform((text) => text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\s]+/gu, ' ').trim())

/** What the reader in a sandbox says of a file; it is trusted no more than the file. */
export const tablePreview = z.union([
  z.object({ name: z.string(), unreadable: line }),
  z.object({
    name: z.string(),
    rows: z.int().min(0).nullable(),
    columns: z.array(z.object({ name: line, type: line, note: line.nullable() })).max(20_000),
    first: z.array(z.array(line.nullable())).max(100),
    notes: z.array(line).max(1_000),
  }),
])

export type TablePreview = z.infer<typeof tablePreview>

/** Sentences on how the table was read, for people and for a model. */
export function previewNotes(preview: TablePreview): readonly string[] {
  if ('unreadable' in preview) return [`cannot be read as a table: ${preview.unreadable}`]
  const columns = preview.columns.flatMap(({ name, note }) => (note === null ? [] : [`${name}: ${note}`]))
  return [...preview.notes, ...columns]
}

const shownColumns = 200

/** A table in a few lines for a model: what is in it, how it was read, and the call that gives the same table. */
export function describeTable(preview: TablePreview, path: string, settings: SettingsShown): string {
  const call = readCall(path, settings)
  if ('unreadable' in preview) {
    return `${previewNotes(preview).join('; ')}. Clean it in Python, or try ${call} with another setting.`
  }
  const { rows, columns, first } = preview
  const shown = columns.slice(0, shownColumns).map(({ name, type }) => `${name} (${type})`)
  const more = columns.length > shown.length ? `, and ${columns.length - shown.length} more` : ''
  return [
    `${rows === null ? '' : `${rows} ${rows === 1 ? 'row' : 'rows'}, `}${columns.length} ${columns.length === 1 ? 'column' : 'columns'}: ${shown.join(', ')}${more}`,
    ...previewNotes(preview).map((note) => `note: ${note}`),
    `read it with ${call}, which gives these types and values; other readers guess types anew and may change values`,
    'first rows:',
    ...first.map((row) =>
      row
        .slice(0, shownColumns)
        .map((cell) => cell ?? '')
        .join(' | '),
    ),
  ].join('\n')
}

/** Settings that differ from their defaults, by name. */
export type SettingsShown = Readonly<Record<string, JsonValue>>

/** `from sallyport import read_table; read_table('/mnt/data/x.csv', encoding='gbk')` */
export function readCall(path: string, settings: SettingsShown): string {
  const given = Object.entries(settings).map(([name, value]) => `, ${name}=${toPython(value)}`)
  return `\`from sallyport import read_table; read_table(${toPython(`/mnt/data/${path}`)}${given.join('')})\``
}

function toPython(value: JsonValue): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  // A text of JSON is one of Python.
  return JSON.stringify(value)
}
