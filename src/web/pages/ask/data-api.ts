import { addressOf, getBlob, getJson, saveBlob } from '../../api/request.ts'
import type { Finding } from './turn/turn.ts'

/** A table that a call of a run came to, without its rows. */
export interface RunTable {
  readonly run: string
  readonly call: number
  readonly tool: string
  readonly columns: readonly {
    readonly name: string
    readonly type: string
    readonly masked: 'policy' | 'filter' | null
  }[]
  readonly rows: number
  readonly as_of: string | null
  readonly findings: readonly Finding[]
  /** `1,247 rows · email masked · truncated at 10,000 rows` */
  readonly note: string
}

export interface RunChart {
  readonly number: number
  readonly call: number | null
  readonly title: string | null
  /** The file that is its picture. */
  readonly picture: string | null
  /** Vega-Lite without its data; null where it is not here as data. */
  readonly spec: Readonly<Record<string, unknown>> | null
  readonly columns: readonly { readonly name: string; readonly title: string }[]
  readonly rows: readonly (readonly unknown[])[]
  readonly truncated: boolean
  readonly masked: boolean
  readonly refused: string | null
}

export interface FilePreview {
  readonly id: string
  readonly filename: string
  readonly rows: number | null
  readonly columns: readonly { readonly name: string; readonly type: string; readonly pii: readonly string[] }[]
  readonly first_rows: readonly (readonly (string | null)[])[]
  readonly notes: readonly string[]
  readonly unreadable: string | null
}

export interface DescribedSource {
  readonly name: string
  readonly kind: string
  readonly row_limit: number
  readonly freshness: { readonly as_of: string; readonly lag_ms: number | null } | null
  readonly tables: readonly {
    readonly name: string
    readonly comment: string | null
    readonly estimated_rows: number | null
    readonly columns: readonly {
      readonly name: string
      readonly type: string
      readonly comment: string | null
      readonly use: 'allow' | 'mask' | 'aggregate-only'
      readonly mask: string | null
      readonly pii: readonly string[]
    }[]
  }[]
}

const segment = encodeURIComponent

export const tablesOf = (run: string) =>
  getJson<{ readonly data: readonly RunTable[] }>(`/v1/runs/${segment(run)}/tables`)

export const rowsOf = (run: string, call: number, { from, to }: { readonly from: number; readonly to: number }) =>
  getJson<{ readonly data: readonly (readonly unknown[])[] }>(
    `/v1/runs/${segment(run)}/tables/${call}?offset=${from}&limit=${Math.max(1, to - from)}`,
  )

export const chartsOf = (run: string) =>
  getJson<{ readonly data: readonly RunChart[] }>(`/v1/runs/${segment(run)}/charts`)

export const previewOf = (file: string) => getJson<FilePreview>(`/v1/files/${segment(file)}/preview`)

export const describeSource = (name: string) => getJson<DescribedSource>(`/v1/sources/${segment(name)}`)

export async function saveTable(
  { run, call }: Pick<RunTable, 'run' | 'call'>,
  format: 'csv' | 'parquet',
): Promise<void> {
  const path = `/v1/runs/${segment(run)}/tables/${call}/content?format=${format}`
  saveBlob(await getBlob(path), `table-${call}.${format}`)
}

export async function saveFile(id: string, name: string): Promise<void> {
  saveBlob(await getBlob(`/v1/files/${segment(id)}/content`), name)
}

export async function saveExport(conversation: string, format: 'ipynb' | 'md' | 'html'): Promise<void> {
  saveBlob(
    await getBlob(`/v1/conversations/${segment(conversation)}/export?format=${format}`),
    `conversation.${format}`,
  )
}

/** A link of the service as an address of the origin that this page is of: the service may call itself by another name. */
export function ownAddress(link: string): string {
  const path = /\/v1\/(?:artifacts|files\/links)\/[^\s]+$/.exec(link)?.[0]
  return path === undefined ? '' : addressOf(path).href
}
