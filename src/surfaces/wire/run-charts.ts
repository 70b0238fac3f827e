import { z } from 'zod'
import type { RunChart } from '../../sessions/results/run-charts.ts'

const runChart = z
  .object({
    run: z.string(),
    object: z.literal('run.chart'),
    number: z.int().min(1).describe('From 1, in the order of the run.'),
    call: z.int().nullable().describe('The call of the run that drew it, as tables name theirs.'),
    title: z.string().nullable(),
    kind: z.enum(['bar', 'line', 'scatter', 'pie', 'box', 'layers', 'vega-lite', 'refused']),
    picture: z.string().nullable().describe('The file that is its picture: GET /v1/files/{id}/content.'),
    spec: z
      .record(z.string(), z.json())
      .nullable()
      .describe(
        'Vega-Lite that loads nothing; its data is {"name": "table"}: the rows, by the names of their columns.',
      ),
    columns: z.array(
      z.object({
        name: z.string(),
        title: z.string().describe('For people.'),
        type: z.enum(['quantitative', 'temporal', 'nominal']),
      }),
    ),
    rows: z.array(z.array(z.json())),
    truncated: z.boolean().describe('Were rows left out, because there are too many?'),
    masked: z.boolean().describe('Did a filter replace something in what its call came to?'),
    refused: z.string().nullable().describe('Why it is not here as data; null where it is.'),
  })
  .meta({ id: 'RunChart' })

/** `GET /v1/runs/{id}/charts` */
export const runChartList = z.object({ object: z.literal('list'), data: z.array(runChart) })

export function toRunChart({ run, number, call, picture, chart, isMasked }: RunChart) {
  const { title, kind } = chart
  const about = { run, object: 'run.chart', number, call, title, kind, picture, masked: isMasked } as const
  if (chart.kind === 'refused') {
    return { ...about, spec: null, columns: [], rows: [], truncated: false, refused: chart.why }
  }
  const { spec, columns, rows, isCut } = chart
  return {
    ...about,
    spec,
    columns: columns.map(({ name, title: of, type }) => ({ name, title: of, type })),
    rows,
    truncated: isCut,
    refused: null,
  }
}
