import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../../src/core/json.ts'
import type { DataChart, Json } from '../../../../src/sessions/charts/chart-data.ts'
import { figureCharts } from '../../../../src/sessions/charts/figure-charts.ts'

const axes = { title: 'Revenue per month', x_label: null, y_label: 'thousand EUR' }
const months = ['2024-01-01T00:00:00', '2024-02-01T00:00:00', '2024-03-01T00:00:00']
const bars = {
  type: 'bar',
  ...axes,
  elements: months.map((label, place) => ({ label, group: 'month', value: 10 + place })),
}
const line = {
  type: 'line',
  ...axes,
  x_scale: 'datetime',
  elements: [{ label: 'mean', points: months.map((month, place) => [month, place === 0 ? null : place]) }],
}

const oneOf = (figure: JsonValue) => {
  const [chart, ...more] = figureCharts(figure)
  expect(more).toEqual([])
  return chart
}

describe('figures as charts', () => {
  it('draw bars and a line of the same axes in one, months as wide as months', () => {
    const chart = oneOf({ type: 'superchart', title: 'Revenue per month', elements: [bars, line] })
    expect(chart).toMatchObject({
      kind: 'layers',
      title: 'Revenue per month',
      columns: [
        { name: 'layer' },
        { name: 'series' },
        { name: 'x', type: 'temporal' },
        { name: 'y', title: 'thousand EUR' },
      ],
      rows: [
        ['bar', 'month', months[0], 10],
        ['bar', 'month', months[1], 11],
        ['bar', 'month', months[2], 12],
        ['line', 'mean', months[0], null],
        ['line', 'mean', months[1], 1],
        ['line', 'mean', months[2], 2],
      ],
      spec: {
        data: { name: 'table' },
        layer: [
          { transform: [{ filter: { field: 'layer', equal: 'bar' } }], encoding: { x: { timeUnit: 'yearmonth' } } },
          { mark: { type: 'line' }, encoding: { color: { field: 'series' } } },
        ],
      },
    })
  })

  it('lay bars down that lie in the figure, with the names of its axes where they stand there', () => {
    const elements = [
      { label: 'Kitchen', group: 'margin', orientation: 'horizontal', value: 3 },
      { label: 'Garden', group: 'margin', orientation: 'horizontal', value: 2 },
    ]
    const lying = { type: 'bar', title: 'Margin', x_label: 'thousand EUR', y_label: 'category', elements }
    expect(oneOf(lying)).toMatchObject({
      columns: [{}, {}, { name: 'x', title: 'category' }, { name: 'y', title: 'thousand EUR' }],
      spec: {
        encoding: {
          x: { field: 'y', type: 'quantitative', title: 'thousand EUR' },
          y: { field: 'x', type: 'nominal', title: 'category', sort: null, scale: { reverse: true } },
        },
      },
    })
    const half = { ...lying, elements: [elements[0] ?? {}, { label: 'Garden', group: 'margin', value: 2 }] }
    expect(oneOf(half)).toMatchObject({ spec: { encoding: { x: { field: 'x' }, y: { field: 'y' } } } })
  })

  it('have their axes the way round that the figure has them: its first bar is below the second, unless it was turned', () => {
    const scalesOf = (figure: object) => {
      const { x, y } = (oneOf(figure as JsonValue) as DataChart).spec['encoding'] as Record<'x' | 'y', Json>
      return [x['scale'], y['scale']]
    }
    const lying = (places: readonly (string | number)[]) => ({
      type: 'bar',
      elements: places.map((label, at) => ({ label, group: 'n', orientation: 'horizontal', value: at })),
    })
    const turned = { reverse: true }
    expect(scalesOf(lying(['a', 'b']))).toEqual([undefined, turned])
    expect(scalesOf({ ...lying(['a', 'b']), y_inverted: true })).toEqual([undefined, undefined])
    expect(scalesOf({ ...lying(['a', 'b']), x_inverted: true })).toEqual([turned, turned])
    expect(scalesOf({ ...lying(['2024-01-01', '2024-01-02']), y_inverted: true })).toEqual([undefined, turned])
    const standing = { type: 'bar', elements: [{ label: 'a', group: 'n', value: 1 }] }
    expect(scalesOf(standing)).toEqual([undefined, undefined])
    expect(scalesOf({ ...standing, x_inverted: true, y_inverted: true })).toEqual([turned, turned])
    const depth = { type: 'line', y_scale: 'log', y_inverted: true, elements: [{ label: 'd', points: [[1, 2]] }] }
    expect(scalesOf(depth)).toEqual([undefined, { type: 'log', reverse: true }])
    const words = { type: 'line', elements: [{ label: 'd', points: [[1, 'low']] }] }
    expect(scalesOf(words)).toEqual([undefined, turned])
  })

  it('keep the order of categories, put groups side by side, and histograms between their edges', () => {
    const grouped = {
      type: 'bar',
      elements: [
        { label: 'b', group: 'one', value: 2 },
        { label: 'a', group: 'two', value: 1 },
      ],
    }
    expect(oneOf(grouped)).toMatchObject({
      kind: 'bar',
      spec: { encoding: { x: { type: 'nominal', sort: null }, xOffset: { field: 'series' } } },
    })
    const histogram = { type: 'bar', elements: [{ label: '0.5', group: 'n', value: 7, start: 0, end: 1 }] }
    expect(oneOf(histogram)).toMatchObject({
      rows: [['bar', 'n', 0, 1, 7]],
      spec: { encoding: { x: { type: 'quantitative', bin: 'binned' }, x2: { field: 'end' } } },
    })
  })

  it('draw points, parts and boxes, and axes apart from each other', () => {
    const scatter = {
      type: 'scatter',
      y_scale: 'log',
      elements: [
        {
          label: 'p',
          points: [
            [1, 10],
            [2, 100],
          ],
        },
      ],
    } as const
    expect(oneOf(scatter)).toMatchObject({
      kind: 'scatter',
      spec: { encoding: { x: { type: 'quantitative' }, y: { scale: { type: 'log' } } } },
    })
    const pie = { type: 'pie', elements: [{ label: 'a', value: 3, angle: 90, radius: 1 }] }
    expect(oneOf(pie)).toMatchObject({ kind: 'pie', rows: [['a', 3]] })
    const numbers = { minimum: 1, first_quartile: 2, median: 3, third_quartile: 4, maximum: 5 }
    const box = { type: 'box', elements: [{ label: 'a', ...numbers, outliers: [9] }] }
    expect(oneOf(box)).toMatchObject({
      kind: 'box',
      rows: [
        ['a', '', 1, 2, 3, 4, 5, null],
        ['a', '', null, null, null, null, null, 9],
      ],
    })
    const apart = figureCharts({
      type: 'superchart',
      title: null,
      elements: [bars, pie, { ...line, y_label: 'other' }],
    })
    expect(apart.map(({ kind }) => kind)).toEqual(['bar', 'pie', 'line'])
  })

  it('say of what has no form as data that its picture shows it', () => {
    const space = { type: 'scatter', title: 'Space', elements: [{ label: 'p', points: [[1, 2, 3]] }] }
    for (const figure of [space, { type: 'unknown', title: 'Space', elements: [] }]) {
      expect(oneOf(figure)).toMatchObject({ kind: 'refused', title: 'Space', why: expect.stringContaining('picture') })
    }
    expect(figureCharts('anything')).toEqual([])
    expect(figureCharts({ type: 'superchart', elements: 'x' })).toEqual([])
  })
})
