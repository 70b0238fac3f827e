import type { JsonValue } from '../../core/json.ts'

type Chart = Readonly<Record<string, JsonValue>>

const isObject = (value: JsonValue | undefined): value is Chart =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const elementsOf = ({ elements }: Chart): readonly JsonValue[] => (Array.isArray(elements) ? elements : [])

const axes = ['x_label', 'y_label', 'x_unit', 'y_unit'] as const
const pointAxes = ['x_ticks', 'x_tick_labels', 'x_scale', 'y_ticks', 'y_tick_labels', 'y_scale'] as const

/** Every member that the Python client takes without asking whether it is there (`charts.py` of e2b-code-interpreter 2.11). */
function withMembers(chart: Chart, names: readonly string[]): Chart {
  return { ...Object.fromEntries(names.map((name) => [name, null])), ...chart }
}

/** No pairs, as in space: the clients know no such chart. */
const isInSpace = (chart: Chart): boolean =>
  elementsOf(chart).some(
    (element) =>
      isObject(element) &&
      Array.isArray(element['points']) &&
      element['points'].some((point) => !Array.isArray(point) || point.length !== 2),
  )

function toBox(element: JsonValue): JsonValue {
  if (!isObject(element)) return element
  const { minimum = null, maximum = null, ...rest } = element
  return { ...rest, min: minimum, max: maximum }
}

/** A figure as data in the form that the clients know; null for what is none. */
export function toChart(value: JsonValue | undefined): JsonValue {
  if (!isObject(value)) return null
  const chart = withMembers(value, ['title'])
  const unknown = { ...withMembers(chart, axes), type: 'unknown', elements: [] }
  switch (chart['type']) {
    case 'line':
    case 'scatter':
      return isInSpace(chart) ? unknown : withMembers(chart, [...axes, ...pointAxes])
    case 'bar':
      return withMembers(chart, axes)
    case 'pie':
      return chart
    case 'box':
      return { ...withMembers(chart, axes), type: 'box_and_whisker', elements: elementsOf(chart).map(toBox) }
    case 'superchart':
      return { ...chart, elements: elementsOf(chart).map((element) => toChart(element)) }
    default:
      return unknown
  }
}
