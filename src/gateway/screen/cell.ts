import type { JsonValue } from '../../core/json.ts'
import type { CellResult, DisplayItem } from '../../core/result.ts'
import type { FilterPart } from '../../filters/filter.ts'
import type { Screener } from './screener.ts'
import { screenJson, screenTable } from './values.ts'

const textForms = ['text', 'html', 'markdown', 'svg', 'latex'] as const

async function screenItem(item: DisplayItem, screener: Screener, signal: AbortSignal): Promise<DisplayItem> {
  const forms = textForms.filter((form) => item[form] !== undefined)
  const texts = await screener.texts(
    forms.map((form) => ({ text: item[form] ?? '', provenance: 'tool' })),
    signal,
  )
  const screened: { -readonly [Key in keyof DisplayItem]: DisplayItem[Key] } = { isMain: item.isMain }
  for (const [index, form] of forms.entries()) screened[form] = texts[index] ?? ''
  // Pictures are pixels: what they show is not read. PDF is withheld, since its text is compressed.
  if (item.png !== undefined) screened.png = item.png
  if (item.jpeg !== undefined) screened.jpeg = item.jpeg
  if (item.json !== undefined) screened.json = await screenJson(item.json, screener, signal)
  if (item.chart !== undefined) screened.chart = await screenJson(item.chart, screener, signal)
  if (item.data !== undefined) screened.data = await screenTable(item.data, screener, signal)
  return screened
}

/** Everything a run says, in every form it says it. */
export async function screenCell(cell: CellResult, screener: Screener, signal: AbortSignal): Promise<CellResult> {
  const { error } = cell
  const texts = [
    cell.stdout.text,
    cell.stderr.text,
    error?.name ?? '',
    error?.value ?? '',
    error?.traceback ?? '',
    cell.notice ?? '',
  ]
  const parts: FilterPart[] = [...texts, ...cell.artifacts.map((artifact) => artifact.path)].map((text) => ({
    text,
    provenance: 'tool',
  }))
  const [stdout = '', stderr = '', name = '', value = '', traceback = '', notice = '', ...paths] = await screener.texts(
    parts,
    signal,
  )
  const results: DisplayItem[] = []
  for (const item of cell.results) results.push(await screenItem(item, screener, signal))
  return {
    ...cell,
    stdout: { ...cell.stdout, text: stdout },
    stderr: { ...cell.stderr, text: stderr },
    error: error === null ? null : { name, value, traceback },
    notice: cell.notice === null ? null : notice,
    artifacts: cell.artifacts.map((artifact, index) => ({ ...artifact, path: paths[index] ?? '' })),
    results,
  }
}

/** Rows of a query, for interfaces that hand out tables without an agent. */
export async function screenRows(
  result: {
    readonly columns: readonly { readonly name: string; readonly type: string }[]
    readonly rows: readonly (readonly JsonValue[])[]
  },
  screener: Screener,
  signal: AbortSignal,
): Promise<Pick<typeof result, 'columns' | 'rows'>> {
  const { columns, rows } = await screenTable({ ...result, totalRows: result.rows.length }, screener, signal)
  return { columns, rows }
}
