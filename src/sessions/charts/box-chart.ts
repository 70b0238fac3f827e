import type { JsonValue } from '../../core/json.ts'
import { isObject, listOf, mostChartRows, textOf, type ChartColumn, type DataChart, type Json } from './chart-data.ts'

const allMeasures = ['minimum', 'first_quartile', 'median', 'third_quartile', 'maximum', 'outlier'] as const
type Measure = (typeof allMeasures)[number]

/** Boxes by what they show, drawn of their five numbers: the values behind them are not there. */
export function boxChart(part: Json, title: string | null): DataChart {
  const boxes = listOf(part['elements']).filter(isObject)
  // Of values that are not there, no scale could be made.
  const hasOutliers = boxes.some((box) => listOf(box['outliers']).length > 0)
  const measures = allMeasures.filter((measure) => measure !== 'outlier' || hasOutliers)
  const all: (readonly JsonValue[])[] = []
  for (const box of boxes) {
    const row = (of: (measure: Measure) => JsonValue) => [
      box['label'] ?? null,
      textOf(box['group']) ?? '',
      ...measures.map(of),
    ]
    all.push(row((measure) => box[measure] ?? null))
    for (const outlier of listOf(box['outliers'])) {
      all.push(row((measure) => (measure === 'outlier' ? outlier : null)))
    }
  }
  const hasGroups = new Set(all.map((row) => row[1])).size > 1
  const columns: readonly ChartColumn[] = [
    { name: 'box', title: 'box', type: 'nominal' },
    { name: 'group', title: 'group', type: 'nominal' },
    ...measures.map((name) => ({ name, title: name.replace('_', ' '), type: 'quantitative' }) as const),
  ]
  const y = (field: Measure): Json => ({
    field,
    type: 'quantitative',
    title: textOf(part['y_label']),
    scale: { zero: false },
  })
  const group: Json = hasGroups
    ? { xOffset: { field: 'group' }, color: { field: 'group', type: 'nominal', title: null } }
    : {}
  return {
    kind: 'box',
    title,
    spec: {
      data: { name: 'table' },
      width: 'container',
      encoding: { x: { field: 'box', type: 'nominal', title: textOf(part['x_label']), sort: null }, ...group },
      layer: [
        { mark: { type: 'rule' }, encoding: { y: y('minimum'), y2: { field: 'maximum' } } },
        {
          mark: { type: 'bar', size: 24, opacity: 0.6, tooltip: true },
          encoding: { y: y('first_quartile'), y2: { field: 'third_quartile' } },
        },
        { mark: { type: 'tick', size: 24, thickness: 2 }, encoding: { y: y('median') } },
        ...(hasOutliers ? [{ mark: { type: 'point', tooltip: true }, encoding: { y: y('outlier') } }] : []),
      ],
    },
    columns,
    rows: all.slice(0, mostChartRows),
    isCut: all.length > mostChartRows,
  }
}
