import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../../src/core/json.ts'
import { mostChartRows } from '../../../../src/sessions/charts/chart-data.ts'
import { vegaLiteChart } from '../../../../src/sessions/charts/vega-lite-chart.ts'
import { verifies } from '../../../support/verifies.ts'

const values = [
  { month: 'Jan', sales: 3, note: null },
  { month: 'Feb', sales: 4 },
]
const bar = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  title: 'Sales: a survey',
  config: { view: { stroke: null } },
  data: { values },
  mark: 'bar',
  encoding: { x: { field: 'month', type: 'nominal' }, y: { field: 'sales', type: 'quantitative' } },
}

/** The chart with something else at a place, `encoding.x.axis`. */
function changed(path: string, value: JsonValue): JsonValue {
  const spec = structuredClone(bar) as Record<string, JsonValue>
  const names = path.split('.')
  let at = spec
  for (const name of names.slice(0, -1)) at = (at[name] ??= {}) as Record<string, JsonValue>
  at[names.at(-1) ?? ''] = value
  return spec
}

describe('Vega-Lite that a program wrote', () => {
  it('is drawn of its values, without hints to other programs', () => {
    expect(vegaLiteChart(bar)).toEqual({
      kind: 'vega-lite',
      title: 'Sales: a survey',
      spec: { data: { name: 'table' }, title: bar.title, mark: 'bar', encoding: bar.encoding },
      columns: [
        { name: 'month', title: 'month', type: 'nominal' },
        { name: 'sales', title: 'sales', type: 'quantitative' },
        { name: 'note', title: 'note', type: 'quantitative' },
      ],
      rows: [
        ['Jan', 3, null],
        ['Feb', 4, null],
      ],
      isCut: false,
    })
  })

  it('may keep its data under a name, as Altair writes them, and in its layers', () => {
    const named = { ...bar, data: { name: 'data-1' }, datasets: { 'data-1': values } }
    expect(vegaLiteChart(named)).toMatchObject({
      kind: 'vega-lite',
      rows: [
        ['Jan', 3, null],
        ['Feb', 4, null],
      ],
    })
    const { data, ...rest } = named
    const layers = { layer: [{ ...rest, data }], datasets: named.datasets }
    expect(vegaLiteChart(layers)).toMatchObject({
      spec: { layer: [{ data: { values } }] },
      rows: [
        ['Jan', 3, null],
        ['Feb', 4, null],
      ],
    })
  })

  const computed: readonly string[] = [
    'datum.sales * 2 > 3 && datum["month"] != \'a(b)\'',
    'datum.sales / 1e6 + 2.5e-3',
    "if(isValid(datum.sales), format(datum.sales, '.2f'), null)",
    "timeFormat(toDate(datum.month), '%B %Y')",
  ]
  it.each(computed)('may compute: %s', (calculate) => {
    expect(vegaLiteChart(changed('transform', [{ calculate, as: 'more' }]))).toMatchObject({ kind: 'vega-lite' })
  })

  const refused: Readonly<Record<string, [JsonValue, string]>> = {
    'data from an address': [changed('data', { url: 'https://data.example/x.csv' }), 'not loaded'],
    'data by another name': [changed('data', { name: 'elsewhere' }), 'not loaded'],
    'data of a generator': [changed('data', { sequence: { start: 0, stop: 1e12 } }), 'not loaded'],
    'a layer of an address': [{ layer: [{ data: { url: '/v1/models' }, mark: 'bar' }] }, 'not loaded'],
    'data to look up': [changed('transform', [{ lookup: 'a', from: { data: { url: 'x' }, key: 'b' } }]), 'not loaded'],
    'a link': [changed('encoding.href', { value: 'https://example.org' }), 'links to an address'],
    'a link of a mark': [changed('mark', { type: 'bar', href: 'https://example.org' }), 'links to an address'],
    'a picture': [changed('mark', 'image'), 'pictures'],
    'a picture of a layer': [{ layer: [{ mark: { type: 'image' } }], data: { values } }, 'pictures'],
    'a place of a picture': [changed('encoding.url', { field: 'month' }), 'loads an address'],
    'a filling by address': [changed('mark', { type: 'bar', fill: 'url(#x)' }), 'names an address'],
    'colours of its data': [changed('encoding.color', { field: 'month', scale: null }), 'colours'],
    'a field of a form': [changed('params', [{ name: 'p', bind: { input: 'text', element: '#x' } }]), 'form'],
    'an event with a condition': [
      changed('params', [{ name: 'p', select: { type: 'point', on: 'click[event.x]' } }]),
      'event',
    ],
    'a function that asks for data': [changed('transform', [{ calculate: "data('other')", as: 'x' }]), 'calls "data"'],
    'a function that writes': [changed('transform', [{ filter: "modify('d', 1)" }]), 'calls "modify"'],
    'a regular expression': [changed('transform', [{ filter: 'test(/(a+)+/, datum.month)' }]), 'calls "test"'],
    'a method': [changed('transform', [{ calculate: 'datum.month.repeat(9)', as: 'x' }]), 'calls a method'],
    'a constructor of a number': [changed('transform', [{ calculate: '1e5.constructor', as: 'x' }]), 'constructor'],
    'a name behind a number': [changed('transform', [{ calculate: '1e5window', as: 'x' }]), 'names "window"'],
    'a constructor': [changed('transform', [{ calculate: 'datum.constructor', as: 'x' }]), 'constructor'],
    'a name of the page': [changed('encoding.x.axis', { labelExpr: 'window' }), 'names "window"'],
    'an event of the page': [changed('mark', { type: 'bar', width: { expr: 'event' } }), 'names "event"'],
    'Vega itself': [
      { $schema: 'https://vega.github.io/schema/vega/v6.json', marks: [], mark: 'bar' },
      'something else',
    ],
    'no chart': [[1, 2], 'no chart'],
    'more values than are drawn': [
      changed('data', { values: Array.from({ length: mostChartRows + 1 }, () => 1) }),
      'values',
    ],
  }
  it.each(Object.entries(refused))('is not drawn with %s', (_what, [spec, why]) => {
    verifies('clients.charts-inert')
    expect(vegaLiteChart(spec)).toMatchObject({ kind: 'refused', why: expect.stringContaining(why) })
  })

  it('is not followed into depths that no chart has', () => {
    const deep = Array.from({ length: 100 }).reduce<JsonValue>((inner) => ({ layer: [inner] }), { mark: 'bar' })
    expect(vegaLiteChart(deep)).toMatchObject({ kind: 'refused', why: expect.stringContaining('deeper') })
  })
})
