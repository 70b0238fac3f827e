// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import { segment } from '../call.ts'
import type { CallOptions, Transport } from '../transport.ts'
import type { Finding, JsonValue } from './shared.ts'

export interface RunExplanationCallsItemReadsItem {
  readonly id: string
  readonly call: number | null
  readonly tool: string | null
  readonly origin: 'operator' | 'user' | 'model' | 'tool' | 'row' | 'file' | 'web' | 'unknown'
}

export interface RunExplanationCallsItem {
  /** From 1 on, in the order of the run. */
  readonly call: number | null
  readonly tool: string
  readonly outcome: 'asked' | 'refused' | 'planned' | 'put-back'
  readonly rules: readonly string[]
  /** What was asked, by which data, and what came of it. */
  readonly sentence: string
  readonly ran: boolean
  /** What the model had read that the call may come of, as on the audit trail; `call` is the one that gave it. */
  readonly reads: readonly RunExplanationCallsItemReadsItem[]
}

export interface RunExplanationLineageItem {
  readonly id: string
  readonly kind: 'read' | 'sandbox' | 'file' | 'artifact' | 'turn'
  /** What it was made of: user and operator are trusted; model, tool, row, file and web are what others may have written; unknown is what nobody has followed. */
  readonly origins: readonly ('operator' | 'user' | 'model' | 'tool' | 'row' | 'file' | 'web' | 'unknown')[]
  readonly made_of: readonly string[]
}

export interface RunExplanation {
  readonly id: string
  readonly object: 'run.explanation'
  readonly conversation: string
  readonly status: 'running' | 'completed' | 'incomplete' | 'failed' | 'cancelled' | 'interrupted'
  readonly calls: readonly RunExplanationCallsItem[]
  /** What everything in the run was made of; null where the run has not ended. */
  readonly lineage: readonly RunExplanationLineageItem[] | null
}

export interface RunTableFactsColumnsItem {
  readonly name: string
  readonly type: string
  /** Are its values others than those of the data? By a rule of the policy, or where a filter replaced some. */
  readonly masked: 'policy' | 'filter' | null
}

export interface RunTableFacts {
  readonly run: string
  readonly object: 'run.table'
  /** Its place among the calls of the run, from 1: what a mark of an answer names as `run`. */
  readonly call: number
  readonly tool: string
  /** What ran; null where the group may not see it. */
  readonly statement: string | null
  /** The file below /mnt/data that programs of the session find it in. */
  readonly file: string | null
  readonly columns: readonly RunTableFactsColumnsItem[]
  /** Rows that can be had here. */
  readonly rows: number
  /** Rows that the call came to. */
  readonly total_rows: number
  /** Which limit cut it: of rows, of bytes of a source, or of what filters look at. Null where none did. */
  readonly truncated: 'rows' | 'bytes' | 'characters' | null
  /** The state of the data; null for what was not read of a source. */
  readonly as_of: string | null
  /** What a filter replaced or cut in all that the call came to. */
  readonly findings: readonly Finding[]
  /** All of that in one line: "1,247 rows · email masked · truncated at 10,000 rows". */
  readonly note: string
}

export interface RunsTablesAnswer {
  readonly object: 'list'
  readonly data: readonly RunTableFacts[]
}

export interface RunTableColumnsItem {
  readonly name: string
  readonly type: string
  /** Are its values others than those of the data? By a rule of the policy, or where a filter replaced some. */
  readonly masked: 'policy' | 'filter' | null
}

export interface RunTable {
  readonly run: string
  readonly object: 'run.table'
  /** Its place among the calls of the run, from 1: what a mark of an answer names as `run`. */
  readonly call: number
  readonly tool: string
  /** What ran; null where the group may not see it. */
  readonly statement: string | null
  /** The file below /mnt/data that programs of the session find it in. */
  readonly file: string | null
  readonly columns: readonly RunTableColumnsItem[]
  /** Rows that can be had here. */
  readonly rows: number
  /** Rows that the call came to. */
  readonly total_rows: number
  /** Which limit cut it: of rows, of bytes of a source, or of what filters look at. Null where none did. */
  readonly truncated: 'rows' | 'bytes' | 'characters' | null
  /** The state of the data; null for what was not read of a source. */
  readonly as_of: string | null
  /** What a filter replaced or cut in all that the call came to. */
  readonly findings: readonly Finding[]
  /** All of that in one line: "1,247 rows · email masked · truncated at 10,000 rows". */
  readonly note: string
  readonly offset: number
  /** Rows from `offset` on, as they were screened when the run came to them. */
  readonly data: readonly (readonly JsonValue[])[]
  readonly has_more: boolean
}

export interface RunChartColumnsItem {
  readonly name: string
  /** For people. */
  readonly title: string
  readonly type: 'quantitative' | 'temporal' | 'nominal'
}

export interface RunChart {
  readonly run: string
  readonly object: 'run.chart'
  /** From 1, in the order of the run. */
  readonly number: number
  /** The call of the run that drew it, as tables name theirs. */
  readonly call: number | null
  readonly title: string | null
  readonly kind: 'bar' | 'line' | 'scatter' | 'pie' | 'box' | 'layers' | 'vega-lite' | 'refused'
  /** The file that is its picture: GET /v1/files/{id}/content. */
  readonly picture: string | null
  /** Vega-Lite that loads nothing; its data is {"name": "table"}: the rows, by the names of their columns. */
  readonly spec: { readonly [name: string]: JsonValue } | null
  readonly columns: readonly RunChartColumnsItem[]
  readonly rows: readonly (readonly JsonValue[])[]
  /** Were rows left out, because there are too many? */
  readonly truncated: boolean
  /** Did a filter replace something in what its call came to? */
  readonly masked: boolean
  /** Why it is not here as data; null where it is. */
  readonly refused: string | null
}

export interface RunsChartsAnswer {
  readonly object: 'list'
  readonly data: readonly RunChart[]
}

export interface RunsTableQuery {
  /** The first row, from 0. */
  readonly offset?: number | undefined
  /** Of rows at most; 100 without it. */
  readonly limit?: number | undefined
}

export interface RunsDownloadQuery {
  /** csv: UTF-8 with a header; parquet: with the types of the source, each value to its digit. */
  readonly format: 'csv' | 'parquet'
}

/** Of the operations `runs.*`. */
export class Runs {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Why calls of a run were asked about or refused, in a sentence each, and what everything in it was made of. Wants a key with the scope sessions. */
  explain(id: string, options: CallOptions = {}): Promise<RunExplanation> {
    return this.#transport.json({ method: 'GET', path: `/v1/runs/${segment(id)}/explanation` }, options)
  }

  /** What the calls of a run have come to as tables, without their rows. Wants a key with the scope sessions. */
  tables(id: string, options: CallOptions = {}): Promise<RunsTablesAnswer> {
    return this.#transport.json({ method: 'GET', path: `/v1/runs/${segment(id)}/tables` }, options)
  }

  /** Rows of a table of a run, as they were screened when the run came to them. Wants a key with the scope sessions. */
  table(id: string, call: string, query: RunsTableQuery = {}, options: CallOptions = {}): Promise<RunTable> {
    return this.#transport.json({ method: 'GET', path: `/v1/runs/${segment(id)}/tables/${segment(call)}`, query }, options)
  }

  /** All of a table of a run as a file of CSV or Parquet. Wants a key with the scope sessions. */
  download(id: string, call: string, query: RunsDownloadQuery, options: CallOptions = {}): Promise<Response> {
    return this.#transport.bytes({ method: 'GET', path: `/v1/runs/${segment(id)}/tables/${segment(call)}/content`, query }, options)
  }

  /** What the calls of a run have drawn, as data: Vega-Lite with its rows. Wants a key with the scope sessions. */
  charts(id: string, options: CallOptions = {}): Promise<RunsChartsAnswer> {
    return this.#transport.json({ method: 'GET', path: `/v1/runs/${segment(id)}/charts` }, options)
  }
}
