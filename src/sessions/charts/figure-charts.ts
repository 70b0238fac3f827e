import type { JsonValue } from '../../core/json.ts'
import {
  isObject,
  listOf,
  mostChartRows,
  textOf,
  type ChartColumn,
  type DataChart,
  type Json,
  type NoChart,
} from './chart-data.ts'
import { boxChart } from './box-chart.ts'

/** Kinds that may share a pair of axes, in the order in which a figure tells them. */
const layered = ['bar', 'line', 'scatter'] as const
type Layered = (typeof layered)[number]

const isLayered = (kind: JsonValue | undefined): kind is Layered => layered.some((each) => each === kind)

/**
 * A figure of a program as charts of Vega-Lite: one for each pair of axes. `figure` is what the sandbox says of it, screened: `{type, title, x_label,
 * y_label, elements}`, or a `superchart` of several.
 */
export function figureCharts(figure: JsonValue): readonly (DataChart | NoChart)[] {
  if (!isObject(figure)) return []
  const parts = figure['type'] === 'superchart' ? listOf(figure['elements']).filter(isObject) : [figure]
  const title = textOf(figure['title'])
  return sameAxes(parts).map((axes) => chartOf(axes, title))
}

/** Bars, lines and points with the same names of their axes, one behind the other, were drawn into the same ones. */
function sameAxes(parts: readonly Json[]): readonly (readonly Json[])[] {
  const groups: Json[][] = []
  for (const part of parts) {
    const last = groups.at(-1)
    if (last !== undefined && areTogether(last.at(-1) ?? {}, part)) last.push(part)
    else groups.push([part])
  }
  return groups
}

function areTogether(before: Json, next: Json): boolean {
  const [one, other] = [before['type'], next['type']]
  if (!isLayered(one) || !isLayered(other) || layered.indexOf(one) >= layered.indexOf(other)) return false
  return ['title', 'x_label', 'y_label'].every((name) => (before[name] ?? null) === (next[name] ?? null))
}

function chartOf(axes: readonly Json[], figureTitle: string | null): DataChart | NoChart {
  const [first = {}] = axes
  const title = textOf(first['title']) ?? figureTitle
  if (first['type'] === 'pie') return pieChart(first, title)
  if (first['type'] === 'box') return boxChart(first, title)
  const layers = axes.map(layerOf).filter((layer) => layer !== null)
  if (layers.length < axes.length || layers.every(({ rows }) => rows.length === 0)) {
    return { kind: 'refused', title, why: 'what the figure shows has no form as data; its picture shows it' }
  }
  const [xLabel, yLabel] = [textOf(first['x_label']), textOf(first['y_label'])]
  // Lines and points behind bars that lie down would have to be turned with them.
  const isFlat = layers.length === 1 && layers[0]?.isFlat === true
  const [xTitle, yTitle] = isFlat ? [yLabel, xLabel] : [xLabel, yLabel]
  const [isXInverted, isYInverted] = [first['x_inverted'] === true, first['y_inverted'] === true]
  // Matplotlib has the first place of an axis at its bottom, and Vega-Lite the first category at its top.
  const isNominal = placeType(layers) === 'nominal'
  const turned = isFlat
    ? { places: isYInverted !== isNominal, values: isXInverted }
    : { places: isXInverted, values: isYInverted !== (valueType(layers) === 'nominal') }
  return layeredChart(layers, { title, xTitle, yTitle, isFlat, turned })
}

interface Layer {
  readonly kind: Layered
  /** Series, place, end of the place, value. */
  readonly rows: readonly (readonly [string, JsonValue, JsonValue, JsonValue])[]
  readonly xScale: string | null
  readonly yScale: string | null
  /** Do all of its bars lie down? Their places are along the vertical axis then. */
  readonly isFlat: boolean
}

/** Null for what is in space, or is none of the kinds. */
function layerOf(part: Json): Layer | null {
  const kind = part['type']
  if (!isLayered(kind)) return null
  const scales = { xScale: textOf(part['x_scale']), yScale: textOf(part['y_scale']), isFlat: false }
  const elements = listOf(part['elements']).filter(isObject)
  if (kind === 'bar') {
    const rows = elements.map(
      ({ label = null, group, start, end, value = null }) =>
        [textOf(group) ?? '', start ?? label, end ?? null, value] as const,
    )
    const isFlat = elements.length > 0 && elements.every(({ orientation }) => orientation === 'horizontal')
    return { kind, rows, ...scales, isFlat }
  }
  const points = elements.flatMap(({ label, points: of }) =>
    listOf(of).map((point) => [textOf(label) ?? '', listOf(point)] as const),
  )
  if (points.some(([, point]) => point.length !== 2)) return null
  const rows = points.map(([series, [x = null, y = null]]) => [series, x, null, y] as const)
  return { kind, rows, ...scales }
}

const isoDate = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/

/** The axis of places and that of values. */
interface Axes {
  readonly title: string | null
  readonly xTitle: string | null
  readonly yTitle: string | null
  readonly isFlat: boolean
  /** Which of the two axes goes the other way round than Vega-Lite has it. */
  readonly turned: { readonly places: boolean; readonly values: boolean }
}

const reversed: Json = { scale: { reverse: true } }

function layeredChart(layers: readonly Layer[], { title, xTitle, yTitle, isFlat, turned }: Axes): DataChart {
  const kinds = layers.map(({ kind }) => kind)
  const type = placeType(layers)
  const yType = valueType(layers)
  const all = layers.flatMap(({ kind, rows }) =>
    rows.map(([series, x, end, y]) => [kind, series, placed(x, type), placed(end, type), placed(y, yType)]),
  )
  const rows = all.slice(0, mostChartRows)
  const hasEnds = rows.some((row) => row[3] !== null)
  const columns: readonly ChartColumn[] = [
    { name: 'layer', title: 'kind', type: 'nominal' },
    { name: 'series', title: 'series', type: 'nominal' },
    { name: 'x', title: xTitle ?? 'x', type },
    { name: 'end', title: 'end', type },
    { name: 'y', title: yTitle ?? 'y', type: yType },
  ]
  const shown = columns.map(({ name }) => name !== 'end' || hasEnds)
  const unit = type === 'temporal' && kinds.includes('bar') ? unitOf(rows.map((row) => row[2] ?? null)) : {}
  const valueScale = {
    ...(layers.some(({ yScale: scale }) => scale === 'log') ? { type: 'log' } : {}),
    ...(turned.values ? { reverse: true } : {}),
  }
  const yScale: Json = Object.keys(valueScale).length === 0 ? {} : { scale: valueScale }
  const seriesOf = (kind: Layered): number => new Set(rows.flatMap((row) => (row[0] === kind ? [row[1]] : []))).size
  const isCrowded = rows.length > 1_000
  const layer = kinds.map((kind): Json => {
    const several = seriesOf(kind) > 1 || kinds.length > 1
    const color = several ? { color: { field: 'series', type: 'nominal', title: null } } : {}
    const [along, up] = isFlat ? ['y', 'x'] : ['x', 'y']
    const isBeside = kind === 'bar' && seriesOf(kind) > 1 && type === 'nominal'
    const beside = isBeside
      ? { [`${along}Offset`]: { field: 'series', ...(isFlat && turned.places ? reversed : {}) } }
      : {}
    const end = kind === 'bar' && hasEnds ? { [`${along}2`]: { field: 'end' } } : {}
    return {
      ...(kinds.length === 1 ? {} : { transform: [{ filter: { field: 'layer', equal: kind } }] }),
      mark: markOf(kind, isCrowded),
      encoding: {
        [along]: {
          field: 'x',
          type,
          title: xTitle,
          ...unit,
          ...(type === 'nominal' ? { sort: null } : {}),
          ...(turned.places ? reversed : {}),
          ...(kind === 'bar' && hasEnds ? { bin: 'binned' } : {}),
        },
        [up]: { field: 'y', type: yType, title: yTitle, ...(yType === 'nominal' ? { sort: null } : {}), ...yScale },
        ...color,
        ...beside,
        ...end,
      },
    }
  })
  const drawn = layer.length === 1 ? (layer[0] ?? {}) : { layer }
  return {
    kind: kinds.length === 1 ? (kinds[0] ?? 'layers') : 'layers',
    title,
    spec: { data: { name: 'table' }, width: 'container', ...drawn },
    columns: columns.filter((_column, place) => shown[place]),
    rows: rows.map((row) => row.filter((_value, place) => shown[place])),
    isCut: rows.length < all.length,
  }
}

function markOf(kind: Layered, isCrowded: boolean): Json {
  if (kind === 'bar') return { type: 'bar', tooltip: true }
  if (kind === 'scatter') return { type: 'point', filled: true, tooltip: true }
  return { type: 'line', point: !isCrowded, tooltip: true }
}

/** What the places along the axis are, all layers together. */
function placeType(layers: readonly Layer[]): ChartColumn['type'] {
  const places = layers.flatMap(({ rows }) => rows.map(([, x]) => x)).filter((x) => x !== null)
  if (layers.some(({ xScale }) => xScale === 'categorical')) return 'nominal'
  const isBar = layers.every(({ kind, rows }) => kind === 'bar' && rows.every(([, , end]) => end === null))
  if (places.length > 0 && places.every((x) => typeof x === 'string' && isoDate.test(x))) return 'temporal'
  if (isBar) return 'nominal'
  return places.every((x) => typeof x === 'number' || (typeof x === 'string' && /^-?\d+(?:\.\d+)?$/.test(x)))
    ? 'quantitative'
    : 'nominal'
}

/** What the values are: most are numbers; lines may go along dates or categories, too. */
function valueType(layers: readonly Layer[]): ChartColumn['type'] {
  const values = layers.flatMap(({ rows }) => rows.map(([, , , y]) => y)).filter((y) => y !== null)
  if (values.every((y) => typeof y === 'number')) return 'quantitative'
  return values.every((y) => typeof y === 'string' && isoDate.test(y)) ? 'temporal' : 'nominal'
}

/** A day without a time is one of UTC to a reader, and another day west of it. */
function placed(value: JsonValue, type: ChartColumn['type']): JsonValue {
  if (type === 'quantitative' && typeof value === 'string') return Number(value)
  if (type === 'temporal' && typeof value === 'string' && value.length === 10) return `${value}T00:00:00`
  return value
}

/** The unit that bars of dates are as wide as: months, days; none for times. */
function unitOf(places: readonly JsonValue[]): Json {
  const texts = places.filter((place) => typeof place === 'string')
  if (texts.every((text) => /^\d{4}-\d\d-01T00:00(?::00)?$/.test(text))) return { timeUnit: 'yearmonth' }
  return texts.every((text) => /T00:00(?::00)?$/.test(text)) ? { timeUnit: 'yearmonthdate' } : {}
}

function pieChart(part: Json, title: string | null): DataChart {
  const elements = listOf(part['elements']).filter(isObject)
  return {
    kind: 'pie',
    title,
    spec: {
      data: { name: 'table' },
      mark: { type: 'arc', tooltip: true },
      encoding: {
        theta: { field: 'value', type: 'quantitative', stack: true },
        color: { field: 'part', type: 'nominal', title: null, sort: null },
      },
    },
    columns: [
      { name: 'part', title: 'part', type: 'nominal' },
      { name: 'value', title: 'value', type: 'quantitative' },
    ],
    rows: elements.slice(0, mostChartRows).map(({ label = null, value = null }) => [label, value]),
    isCut: elements.length > mostChartRows,
  }
}
