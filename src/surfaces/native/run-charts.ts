import type { RequestHandler } from 'express'
import type { FileDesk } from '../../sessions/file-desk.ts'
import { chartsOfRun, type ReadChartFile } from '../../sessions/results/run-charts.ts'
import { principalOf } from '../caller.ts'
import { toRunChart } from '../wire/run-charts.ts'
import { itemsOfRun, type RunResultsOptions } from './run-tables.ts'

/** Bytes of a file that is read as a chart. */
const largestFile = 8 * 1024 * 1024

/** `GET /v1/runs/{id}/charts`: what its calls have drawn, as data. */
export function listRunCharts(
  options: Pick<RunResultsOptions, 'conversations'>,
  desk: Pick<FileDesk, 'open'>,
): RequestHandler {
  return async (request, response) => {
    const { run, items } = await itemsOfRun(options, { id: String(request.params['id']), response })
    const principal = principalOf(response)
    const readFile: ReadChartFile = async (id) => {
      const opened = await desk.open(principal, id)
      if (opened === null || opened.file.bytes > largestFile) return null
      const pieces: Uint8Array[] = []
      for await (const piece of opened.content) pieces.push(piece)
      return Buffer.concat(pieces).toString('utf8')
    }
    const charts = await chartsOfRun(items, { run, readFile })
    response.setHeader('cache-control', 'no-store').json({ object: 'list', data: charts.map(toRunChart) })
  }
}
