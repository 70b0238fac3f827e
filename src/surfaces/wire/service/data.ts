import { z } from 'zod'
import { noBody, noParams, plainId, route } from '../../openapi/contract.ts'
import { conversationSearchRequest, conversationSearchResult } from '../conversation-searches.ts'
import { filePreview } from '../file-preview.ts'
import { runChartList } from '../run-charts.ts'
import { rowsQuery, runTable, runTableList, tableContentQuery } from '../run-tables.ts'
import { describedSource, sourceList } from '../sources.ts'
import { conversationObject } from './history.ts'

const idParams = z.strictObject({ id: plainId })
const get = { method: 'get', params: noParams, query: noParams, body: noBody, status: 200 } as const
const ofCaller = { ...get, params: idParams, errors: ['not-found'], access: 'sessions' } as const
const tables = '/v1/runs/{id}/tables'
const tableParams = z.strictObject({
  id: plainId.describe('Of the run, or of its response: run_…, resp_….'),
  call: plainId.describe('Its number.'),
})

/** What there is to ask about, and what runs have come to, as data. */
export const dataContracts = [
  route({
    ...get,
    id: 'sources.list',
    path: '/v1/sources',
    summary: 'The data sources that the caller may ask in SQL.',
    answer: sourceList,
    errors: [],
    access: 'sql',
  }),
  route({
    ...get,
    id: 'sources.show',
    path: '/v1/sources/{name}',
    summary: 'Tables and columns of a source as the policy of the caller’s group shows them, and how fresh they are.',
    params: z.strictObject({ name: plainId }),
    answer: describedSource,
    errors: ['not-found', 'forbidden', 'refused', 'database-unavailable', 'deadline-exceeded', 'query-failed'],
    access: 'sql',
  }),
  route({
    ...ofCaller,
    id: 'files.preview',
    path: '/v1/files/{id}/preview',
    summary: 'What a file holds as a table: its columns, kinds of personal data in them, and first rows.',
    answer: filePreview,
    errors: ['not-found', 'refused', 'sandbox-unavailable', 'deadline-exceeded'],
  }),
  route({
    ...ofCaller,
    id: 'runs.tables',
    path: tables,
    summary: 'What the calls of a run have come to as tables, without their rows.',
    answer: runTableList,
  }),
  route({
    ...ofCaller,
    id: 'runs.table',
    path: `${tables}/{call}`,
    summary: 'Rows of a table of a run, as they were screened when the run came to them.',
    params: tableParams,
    query: rowsQuery,
    answer: runTable,
  }),
  route({
    ...ofCaller,
    id: 'runs.download',
    path: `${tables}/{call}/content`,
    summary: 'All of a table of a run as a file of CSV or Parquet.',
    params: tableParams,
    query: tableContentQuery,
    answer: z.string(),
    answerType: '*/*',
  }),
  route({
    ...ofCaller,
    id: 'runs.charts',
    path: '/v1/runs/{id}/charts',
    summary: 'What the calls of a run have drawn, as data: Vega-Lite with its rows.',
    params: z.strictObject({ id: tableParams.shape.id }),
    answer: runChartList,
  }),
  route({
    ...get,
    id: 'conversations.search',
    method: 'post',
    path: '/v1/conversations/searches',
    summary: 'In which of the caller’s conversations something was said, newest first.',
    body: conversationSearchRequest,
    answer: conversationSearchResult(conversationObject),
    errors: [],
    access: 'sessions',
  }),
]
