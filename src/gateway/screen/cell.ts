import type { JsonValue } from '../../core/json.ts'
import type { CellResult, DisplayItem, TableData } from '../../core/result.ts'
import type { Finding } from '../../core/verdict.ts'
import { ResultCap } from './result-cap.ts'
import type { ScreenedPart, Screener } from './screener.ts'
import { screenJson, screenTable } from './values.ts'

/** The forms of a display that are text, with what a reader's program makes of each. */
const textForms = { text: null, html: 'html', markdown: 'markdown', svg: 'html', latex: null } as const
type TextForm = keyof typeof textForms
const formNames = Object.keys(textForms) as TextForm[]

async function screenItem(
  item: DisplayItem,
  { screener, cap, signal }: { readonly screener: Screener; readonly cap: ResultCap; readonly signal: AbortSignal },
): Promise<DisplayItem> {
  const forms = formNames.filter((form) => item[form] !== undefined)
  const parts = forms.map((name): ScreenedPart => {
    const form = textForms[name]
    return { text: cap.text(item[name] ?? ''), provenance: 'tool', ...(form === null ? {} : { form }) }
  })
  const texts = await screener.texts(parts, signal)
  const screened: { -readonly [Key in keyof DisplayItem]: DisplayItem[Key] } = { isMain: item.isMain }
  for (const [index, form] of forms.entries()) screened[form] = texts[index] ?? ''
  // Pictures are pixels: what they show is not read. PDF is withheld, since its text is compressed.
  if (item.png !== undefined) screened.png = item.png
  if (item.jpeg !== undefined) screened.jpeg = item.jpeg
  if (item.json !== undefined) screened.json = await screenJson(cap.value(item.json), screener, signal)
  if (item.chart !== undefined) screened.chart = await screenJson(cap.value(item.chart), screener, signal)
  if (item.data !== undefined) screened.data = await screenTable(cutTable(item.data, cap), screener, signal)
  return screened
}

/** The table with the rows that fit under the cap; its whole number of rows stays. */
export function cutTable(table: TableData, cap: ResultCap): TableData {
  const rows = cap.rows(table.rows)
  return rows.length === table.rows.length ? table : { ...table, rows }
}

/** Everything a run says, in every form it says it, with what was replaced or cut in `findings`. */
export async function screenCell(
  cell: CellResult,
  screener: Screener,
  {
    signal,
    cap = new ResultCap(screener.maximumResultCharacters),
  }: { readonly signal: AbortSignal; readonly cap?: ResultCap },
): Promise<CellResult> {
  const { error } = cell
  const texts = [
    cell.stdout.text,
    cell.stderr.text,
    error?.name ?? '',
    error?.value ?? '',
    error?.traceback ?? '',
    cell.notice ?? '',
  ]
  const parts = [...texts, ...cell.artifacts.map((artifact) => artifact.path)].map((text): ScreenedPart => ({
    text: cap.text(text),
    provenance: 'tool',
  }))
  const [stdout = '', stderr = '', name = '', value = '', traceback = '', notice = '', ...paths] = await screener.texts(
    parts,
    signal,
  )
  const results: DisplayItem[] = []
  for (const item of cell.results) results.push(await screenItem(item, { screener, cap, signal }))
  const cut = cap.finding()
  return {
    ...cell,
    stdout: { ...cell.stdout, text: stdout },
    stderr: { ...cell.stderr, text: stderr },
    error: error === null ? null : { name, value, traceback },
    notice: cell.notice === null ? null : notice,
    artifacts: cell.artifacts.map((artifact, index) => ({ ...artifact, path: paths[index] ?? '' })),
    results,
    truncated: cut === null ? cell.truncated : [...cell.truncated, 'result'],
    findings: [...screener.takeFindings(), ...(cut === null ? [] : [cut])],
  }
}

/** Rows of a query, for interfaces that hand out tables without an agent, with what was replaced or cut. */
export async function screenRows(
  result: {
    readonly columns: readonly { readonly name: string; readonly type: string }[]
    readonly rows: readonly (readonly JsonValue[])[]
  },
  screener: Screener,
  signal: AbortSignal,
): Promise<
  Pick<typeof result, 'columns' | 'rows'> & {
    /** Places of the columns in which something was replaced, from 0. */
    readonly replaced: readonly number[]
    readonly isCut: boolean
    readonly findings: readonly Finding[]
  }
> {
  const cap = new ResultCap(screener.maximumResultCharacters)
  const whole = { columns: result.columns, rows: result.rows, totalRows: result.rows.length }
  const { columns, rows, replaced = [] } = await screenTable(cutTable(whole, cap), screener, signal)
  const cut = cap.finding()
  const findings = [...screener.takeFindings(), ...(cut === null ? [] : [cut])]
  return { columns, rows, replaced, isCut: cut !== null, findings }
}
