import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../../src/core/json.ts'
import { vegaLiteChart } from '../../../../src/sessions/charts/vega-lite-chart.ts'
import { verifies } from '../../../support/verifies.ts'

const rows = (count: number) => Array.from({ length: count }, (_, at) => ({ a: at, b: at % 3, list: [1, 2, 3] }))
const x = { field: 'a', type: 'quantitative' }
const points = { mark: 'point', encoding: { x } }
const of = (spec: object, count = 100): JsonValue => ({ data: { values: rows(count) }, ...points, ...spec })
const whyNot = (spec: JsonValue): string | null => {
  const chart = vegaLiteChart(spec)
  return chart.kind === 'refused' ? chart.why : null
}
const many = Array.from({ length: 200 }, () => 'a')
const deep = JSON.parse(`${'['.repeat(50)}1${']'.repeat(50)}`) as JsonValue

describe('a chart that would keep a page from answering', () => {
  it.each([
    ['ticks without end', of({ encoding: { x: { ...x, axis: { tickCount: 1e9 } } } }), 'tickCount'],
    ['ticks of an interval', of({ encoding: { x: { ...x, axis: { tickCount: 'millisecond' } } } }), 'tickCount'],
    [
      'ticks of an expression',
      of({ encoding: { x: { ...x, axis: { tickCount: { expr: '1000 * 1000' } } } } }),
      'tickCount',
    ],
    ['the most bins', of({ encoding: { x: { ...x, bin: { maxbins: 1e9 } } } }), 'maxbins'],
    ['bins of no width', of({ encoding: { x: { ...x, bin: { step: 1e-9 } } } }), 'bins'],
    ['bins of width 0', of({ encoding: { x: { ...x, bin: { step: 0 } } } }), 'bins'],
    [
      'bins of what is computed',
      of({
        transform: [{ calculate: 'datum.a * 1000000000', as: 'c' }],
        encoding: { x: { field: 'c', bin: { step: 1 } } },
      }),
      'bins',
    ],
    ['bins of a scale', of({ encoding: { x: { ...x, scale: { bins: { stop: 1e9, step: 1 } } } } }), 'bins'],
    ['a tower', of({ height: 1e9 }), 'height'],
    [
      'colours without end',
      of({ encoding: { color: { ...x, scale: { scheme: { name: 'viridis', count: 1e9 } } } } }),
      'count',
    ],
    ['a curve of many points', of({ transform: [{ density: 'a', steps: 1e9 }] }), 'steps'],
    ['a curve for each row', of({ transform: [{ density: 'a', groupby: ['a'] }] }, 1_000), 'marks'],
    ['quantiles without end', of({ transform: [{ quantile: 'a', step: 1e-12 }] }), 'marks'],
    ['quantiles of no step', of({ transform: [{ quantile: 'a', step: 0 }] }), 'marks'],
    ['values that are filled in', of({ transform: [{ impute: 'a', key: 'b', keyvals: { stop: 1e9 } }] }), 'marks'],
    ['a steep curve', of({ transform: [{ regression: 'a', on: 'b', method: 'poly', order: 1e6 }] }), 'order'],
    ['a smooth curve', of({ transform: [{ loess: 'a', on: 'b' }] }, 6_000), 'smooths'],
    ['rows times columns', of({ transform: [{ fold: many }] }, 1_000), 'marks'],
    ['lists of lists', of({ transform: Array.from({ length: 9 }, () => ({ flatten: ['list'] })) }), 'marks'],
    ['lists without end', of({ data: { values: [{ deep }] }, transform: [{ flatten: ['deep'] }] }), 'marks'],
    [
      'letters',
      of({
        transform: [{ calculate: "split(datum.t, '')", as: 'l' }, { flatten: ['l'] }, { flatten: ['l'] }],
        data: { values: [{ t: 'x'.repeat(500) }] },
      }),
      'marks',
    ],
    ['a view for each row', of({ encoding: { x, row: { field: 'a' } } }, 101), 'views'],
    [
      'a view for each computed value',
      of({ transform: [{ calculate: 'datum.a', as: 'c' }], encoding: { x, facet: { field: 'c' } } }, 101),
      'views',
    ],
    ['views of views', { data: { values: rows(9) }, repeat: { row: many, column: many }, spec: points }, 'views'],
    ['layers of all rows', of({ mark: undefined, layer: Array.from({ length: 30 }, () => points) }, 5_000), 'marks'],
    ['a view in a view', { data: { values: rows(101) }, facet: { row: { field: 'a' } }, spec: points }, 'views'],
  ] as readonly (readonly [string, JsonValue, string])[])('is refused for %s, with the reason', (_what, spec, why) => {
    verifies('clients.charts-bounded')
    expect(whyNot(JSON.parse(JSON.stringify(spec)))).toContain(why)
  })

  it.each([
    ['as many rows as a chart has', of({}, 50_000)],
    [
      'bins and ticks as people want them',
      of({ encoding: { x: { ...x, bin: { step: 5 }, axis: { tickCount: 20 } } } }),
    ],
    ['small views beside each other', of({ encoding: { x, row: { field: 'b' } } }, 5_000)],
    ['a curve for each group', of({ transform: [{ filter: 'datum.a > 3' }, { density: 'a', steps: 500 }] })],
    ['columns as rows', of({ transform: [{ fold: ['a', 'b'] }] }, 5_000)],
    [
      'an order of lines, and bars of a width',
      of({ mark: { type: 'bar', width: { band: 0.7 } }, encoding: { x, order: { field: 'a' } } }),
    ],
    ['a height by its categories', of({ height: { step: 20 } })],
    ['layers with rows of their own', { layer: [of({}, 20_000), of({}, 20_000)] }],
  ])('is none where it has %s', (_what, spec) => {
    expect(whyNot(spec)).toBeNull()
  })
})
