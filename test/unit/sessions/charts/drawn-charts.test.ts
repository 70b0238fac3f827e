import { compile, type TopLevelSpec } from 'vega-lite'
import { parse, View } from 'vega'
import { expressionInterpreter } from 'vega-interpreter'
import { expect, it } from 'vitest'
import type { JsonValue } from '../../../../src/core/json.ts'
import type { DataChart } from '../../../../src/sessions/charts/chart-data.ts'
import { figureCharts } from '../../../../src/sessions/charts/figure-charts.ts'
import { vegaLiteChart } from '../../../../src/sessions/charts/vega-lite-chart.ts'

const axes = { title: 'A', x_label: 'x', y_label: 'y' }
const days = ['2024-01-01T00:00:00', '2024-01-02T00:00:00']
const bars = { type: 'bar', ...axes, elements: days.map((label, at) => ({ label, group: 'g', value: at + 1 })) }
const line = {
  type: 'line',
  ...axes,
  x_scale: 'datetime',
  elements: [{ label: 'l', points: days.map((day) => [day, 2]) }],
}
const five = { minimum: 1, first_quartile: 2, median: 3, third_quartile: 4, maximum: 5 }

const figures: Readonly<Record<string, JsonValue>> = {
  'bars and a line of days': { type: 'superchart', title: 'A', elements: [bars, line] },
  'groups of bars': { type: 'bar', elements: ['a', 'b'].map((group) => ({ label: 'x', group, value: 1 })) },
  'groups of bars that lie down': {
    type: 'bar',
    elements: ['a', 'b'].map((group) => ({ label: 'x', group, orientation: 'horizontal', value: 1 })),
  },
  histogram: { type: 'bar', elements: [{ label: '0.5', group: 'n', value: 7, start: 0, end: 1 }] },
  points: {
    type: 'scatter',
    x_scale: 'log',
    y_scale: 'log',
    elements: [
      {
        label: 'p',
        points: [
          [1, 10],
          [10, 100],
        ],
      },
    ],
  },
  'a line along dates': { type: 'line', elements: [{ label: 'l', points: days.map((day, at) => [at, day]) }] },
  'a line along words': {
    type: 'line',
    elements: [
      {
        label: 'l',
        points: [
          [1, 'low'],
          [2, 'high'],
        ],
      },
    ],
  },
  'boxes without points beside them': { type: 'box', elements: [Object.assign({ label: 'x', outliers: [] }, five)] },
  parts: {
    type: 'pie',
    elements: [
      { label: 'a', value: 1 },
      { label: 'b', value: 3 },
    ],
  },
  boxes: {
    type: 'box',
    elements: ['a', 'b'].map((group) => Object.assign({ label: 'x', group, outliers: [9] }, five)),
  },
}
const written = vegaLiteChart({
  data: { values: [{ a: 1, b: 'x' }] },
  params: [{ name: 'factor', value: 2 }],
  transform: [{ calculate: 'datum.a * factor', as: 'more' }],
  mark: { type: 'point', tooltip: true },
  encoding: { x: { field: 'more', type: 'quantitative' }, y: { field: 'b', type: 'nominal' } },
})

/** What Vega draws of a chart as a page does: its expressions interpreted, its loader asked for nothing. */
async function drawn({
  spec,
  columns,
  rows,
}: DataChart): Promise<{ readonly svg: string; readonly asked: readonly string[] }> {
  const problems: string[] = []
  const said = (...words: readonly unknown[]) => void problems.push(words.join(' '))
  const logger = { level: () => logger, error: said, warn: said, info: () => logger, debug: () => logger } as never
  const records = rows.map((row) => Object.fromEntries(columns.map(({ name }, place) => [name, row[place]])))
  const { spec: vega } = compile({ ...spec, width: 200 } as unknown as TopLevelSpec, { logger })
  const load = async (address: string) => Promise.reject(new Error(address))
  const loader = { load, sanitize: load, http: load, file: load } as never
  const view = new View(parse(vega, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'none',
    loader,
    logger,
  } as never)
  if ('name' in (spec['data'] as object)) view.data('table', records)
  await view.runAsync()
  const svg = await view.toSVG()
  view.finalize()
  return { svg, asked: problems }
}

it.each([
  ...Object.entries(figures).map(([name, figure]) => [name, figureCharts(figure)[0]] as const),
  ['one that a program wrote', written] as const,
])('Vega draws %s, and has nothing to say about it', async (_name, chart) => {
  if (chart === undefined || chart.kind === 'refused') throw new Error(`it is refused: ${chart?.why}`)
  const { svg, asked } = await drawn(chart)
  expect(asked).toEqual([])
  expect(svg).toMatch(/aria-roledescription="(?:bar|rect|point|symbol|line|arc|rule)[^"]*"|<path [^>]*d="M/)
  expect(svg).not.toMatch(/href|NaN/)
})

it('of a chart that is refused for an address, Vega asks its loader for it', async () => {
  const spec = { data: { url: 'https://data.example/x.csv' }, mark: 'bar', encoding: { x: { field: 'a' } } } as const
  expect(vegaLiteChart(spec).kind).toBe('refused')
  const { asked } = await drawn({ kind: 'vega-lite', title: null, spec, columns: [], rows: [], isCut: false })
  expect(asked.join()).toContain('https://data.example/x.csv')
})
