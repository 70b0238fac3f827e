import type { RequestHandler, Response } from 'express'
import type { Conversations, KeptItem } from '../../core/conversations.ts'
import { ServiceError } from '../../core/errors.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { sendBytes, sendPieces } from '../../http/send-body.ts'
import { tablesOfRun, type RunTable } from '../../sessions/results/run-tables.ts'
import { rowsAsParquet } from '../../sessions/rows-as-parquet.ts'
import { defuseTable } from '../../text/defuse-formulas.ts'
import { rowsAsCsv } from '../../text/rows-as-csv.ts'
import { principalOf } from '../caller.ts'
import {
  rowsQueryText,
  runTablePieces,
  tableContentQuery,
  toRunTableFacts,
  type TableFormat,
} from '../wire/run-tables.ts'

export interface RunResultsOptions {
  readonly conversations: () => Promise<Conversations>
  /** Are cells that begin formulas defused in CSV? */
  readonly defusesFormulas: boolean
  /** How long a caller may take none of its answer. */
  readonly stallMilliseconds: number
}

/** What is kept of a run of this caller's, by its id or by that of its response. Throws `not-found` for any other. */
export async function itemsOfRun(
  { conversations }: Pick<RunResultsOptions, 'conversations'>,
  { id, response }: { readonly id: string; readonly response: Response },
): Promise<{ readonly run: string; readonly items: readonly KeptItem[] }> {
  const run = id.replace(/^resp_(?=[0-9a-f]{32}$)/, 'run_')
  const items = await (await conversations()).runItems(principalOf(response).id, run)
  if (items !== null) return { run, items }
  throw new ServiceError('not-found', `There is no run "${id.slice(0, 100)}" of yours.`, {
    advice: 'Items of GET /v1/conversations/{id}/items name their runs.',
  })
}

/** `GET /v1/runs/{id}/tables`: what its calls came to as tables, without rows. */
export function listRunTables(options: RunResultsOptions): RequestHandler {
  return async (request, response) => {
    const { items } = await itemsOfRun(options, { id: String(request.params['id']), response })
    const data = tablesOfRun(items).map(toRunTableFacts)
    response.setHeader('cache-control', 'no-store').json({ object: 'list', data })
  }
}

/** `GET /v1/runs/{id}/tables/{call}`: rows of one of them, as they were screened when the run came to them. */
export function showRunTable(options: RunResultsOptions): RequestHandler {
  return async (request, response) => {
    const { offset = 0, limit = 100 } = parseRequest(rowsQueryText, request.query)
    const table = await tableOf(request.params, response, options)
    response.status(200).setHeader('cache-control', 'no-store').type('json')
    await sendPieces(response, runTablePieces(table, { offset, limit }), options.stallMilliseconds)
  }
}

/** `GET /v1/runs/{id}/tables/{call}/content`: all of its rows that are kept, as a file. */
export function runTableContent(options: RunResultsOptions): RequestHandler {
  return async (request, response) => {
    const { format } = parseRequest(tableContentQuery, request.query)
    const table = await tableOf(request.params, response, options)
    const content = await contentOf(table, format, options)
    response.status(200).set({
      'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.apache.parquet',
      'content-disposition': `attachment; filename="table-${table.call}.${format}"`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    })
    await sendBytes(response, content, options.stallMilliseconds)
  }
}

async function tableOf(
  { id, call }: Readonly<Record<string, string | readonly string[]>>,
  response: Response,
  options: RunResultsOptions,
): Promise<RunTable> {
  const { run, items } = await itemsOfRun(options, { id: String(id), response })
  const table = tablesOfRun(items).find((each) => String(each.call) === String(call))
  if (table !== undefined) return table
  throw new ServiceError('not-found', `The run has no table of a call "${String(call).slice(0, 20)}".`, {
    advice: `GET /v1/runs/${run}/tables lists those it has.`,
  })
}

async function contentOf(
  { table }: RunTable,
  format: TableFormat,
  { defusesFormulas }: Pick<RunResultsOptions, 'defusesFormulas'>,
): Promise<Buffer> {
  if (format === 'csv') {
    const csv = Buffer.from(rowsAsCsv(table))
    return defusesFormulas ? defuseTable(csv) : csv
  }
  const parquet = rowsAsParquet(table)
  if (parquet !== null) return parquet.content
  throw new ServiceError('not-found', 'The table has no column, so it is no file of Parquet.', {
    advice: 'Take it as CSV: format=csv.',
  })
}
