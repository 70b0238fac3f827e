import type { JsonValue } from '../../core/json.ts'

export type Json = { readonly [key: string]: JsonValue }

export interface ChartColumn {
  readonly name: string
  /** For people: what an axis is called. */
  readonly title: string
  readonly type: 'quantitative' | 'temporal' | 'nominal'
}

/** A chart as data: what is drawn, and the rows that it is drawn of. */
export interface DataChart {
  readonly kind: 'bar' | 'line' | 'scatter' | 'pie' | 'box' | 'layers' | 'vega-lite'
  readonly title: string | null
  /** Vega-Lite whose data is `{name: 'table'}`: the rows, by the names of their columns. Loads nothing, and leads nowhere. */
  readonly spec: Json
  readonly columns: readonly ChartColumn[]
  readonly rows: readonly (readonly JsonValue[])[]
  /** Were rows left out, because there are too many? */
  readonly isCut: boolean
}

/** What cannot be drawn as data, and why. */
export interface NoChart {
  readonly kind: 'refused'
  readonly title: string | null
  readonly why: string
}

/** Rows of one chart at most. */
export const mostChartRows = 50_000

export const isObject = (value: JsonValue | undefined): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? value : [])

export const textOf = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null
