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
import { faultOfCost, faultOfSize } from './chart-cost.ts'
import { faultInExpression } from './vega-expressions.ts'

/** Thrown on the way through a specification, and caught where it began. */
class Refusal extends Error {}

const mostDepth = 24
const mostMembers = 20_000

/** Members whose text is an expression, wherever they stand. */
const expressions: ReadonlySet<string> = new Set([
  'calculate',
  'expr',
  'filter',
  'test',
  'signal',
  'labelExpr',
  'update',
  'init',
])

/** Members that load, lead elsewhere, or reach for the page. */
const leading: Readonly<Record<string, string>> = {
  url: 'it loads an address',
  href: 'it links to an address',
  element: 'it reaches for elements of the page',
  loader: 'it sets how addresses are loaded',
  __proto__: 'it has a member that no chart has',
}

/** Members that a chart is drawn without: themes and locales are those of the page, and hints are for other programs. */
const dropped: ReadonlySet<string> = new Set(['$schema', 'usermeta', 'config', 'autosize', 'background', 'padding'])

const compositions = ['mark', 'layer', 'concat', 'hconcat', 'vconcat', 'facet', 'repeat', 'spec']

/**
 * A specification of Vega-Lite that a program wrote, as one that may be drawn: with its values in it, and nothing that loads, links, reaches for the page or
 * computes with more than values. What it says is screened where its file was; this is about what it does.
 */
export function vegaLiteChart(written: JsonValue): DataChart | NoChart {
  const title = isObject(written) ? titleOf(written) : null
  try {
    if (!isObject(written) || !compositions.some((name) => name in written))
      throw new Refusal('it is no chart of Vega-Lite')
    const schema = textOf(written['$schema'])
    if (schema !== null && !schema.includes('/vega-lite/'))
      throw new Refusal('it is a specification of something else than Vega-Lite')
    const { data: given, datasets, ...rest } = written
    const named = isObject(datasets) ? datasets : {}
    const walk = new Walk(namesIn(rest), named)
    const values = given === undefined ? null : walk.valuesOf(given)
    const spec = walk.member(rest, 'spec', 0) as Json
    const cost = faultOfCost(spec, values ?? [])
    if (cost !== null) throw new Refusal(cost)
    const table = tableOf(values ?? walk.firstValues ?? [])
    const data: Json = values === null ? {} : { data: { name: 'table' } }
    return { kind: 'vega-lite', title, spec: { ...data, ...spec }, ...table }
  } catch (thrown) {
    if (thrown instanceof Refusal) return { kind: 'refused', title, why: thrown.message }
    throw thrown
  }
}

function titleOf({ title }: Json): string | null {
  return textOf(title) ?? (isObject(title) ? textOf(title['text']) : null)
}

/** Names of its parameters. */
function namesIn(value: JsonValue, depth = 0, names = new Set<string>()): ReadonlySet<string> {
  if (depth > mostDepth) return names
  if (Array.isArray(value)) for (const each of value) namesIn(each, depth + 1, names)
  if (!isObject(value)) return names
  for (const param of listOf(value['params'])) {
    const name = isObject(param) ? textOf(param['name']) : null
    if (name !== null) names.add(name)
  }
  for (const each of Object.values(value)) namesIn(each, depth + 1, names)
  return names
}

class Walk {
  readonly #names: ReadonlySet<string>
  readonly #datasets: Json
  #members = 0
  #rows = 0
  firstValues: readonly JsonValue[] | null = null

  constructor(names: ReadonlySet<string>, datasets: Json) {
    this.#names = names
    this.#datasets = datasets
  }

  /** The values of a `data`: written in it, or under a name. */
  valuesOf(data: JsonValue): readonly JsonValue[] {
    if (!isObject(data)) throw new Refusal('its data are none')
    const { name } = data
    const values = data['values'] ?? (typeof name === 'string' ? this.#datasets[name] : undefined)
    if (!Array.isArray(values)) {
      throw new Refusal('its data are not in it as a list of values: an address or a generator is not loaded')
    }
    this.#rows += values.length
    if (this.#rows > mostChartRows) throw new Refusal(`it has more than ${mostChartRows.toLocaleString('en')} values`)
    this.firstValues ??= values
    return values
  }

  /** A member as it may be drawn. Throws a Refusal. */
  member(value: JsonValue, name: string, depth: number): JsonValue {
    this.#members += 1
    if (depth > mostDepth || this.#members > mostMembers) throw new Refusal('it is deeper or larger than a chart is')
    if (!isObject(value)) refuseSize(value, name)
    if (typeof value === 'string') return this.#text(value, name)
    if (Array.isArray(value)) return value.map((each: JsonValue) => this.member(each, name, depth + 1))
    if (!isObject(value)) return value
    if (name === 'color' || name === 'fill' || name === 'stroke') {
      if (value['scale'] === null) throw new Refusal('it takes colours from its data, which could name anything')
    }
    const kept = Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]): readonly [string, JsonValue][] => {
        if (depth === 0 && dropped.has(key)) return []
        const why = Object.hasOwn(leading, key) ? leading[key] : undefined
        if (why !== undefined) throw new Refusal(why)
        if (key === 'data') return [['data', { values: [...this.valuesOf(inner)] }]]
        if (key === 'bind' && inner !== 'scales' && inner !== 'legend') {
          throw new Refusal('it makes fields of a form, which the page does not show')
        }
        return [[key, this.member(inner, key, depth + 1)]]
      }),
    )
    refuseSize(kept, name)
    return kept
  }

  #text(text: string, name: string): string {
    if (/url\s*\(|^\s*(?:javascript|data):/i.test(text)) throw new Refusal('it names an address')
    if ((name === 'mark' || name === 'type') && text === 'image')
      throw new Refusal('it shows pictures, which it would load')
    if ((name === 'on' || name === 'clear') && !/^[a-z]+$/.test(text)) {
      throw new Refusal('it listens to more than a plain event')
    }
    if (expressions.has(name)) {
      const fault = faultInExpression(text, this.#names)
      if (fault !== null) throw new Refusal(fault)
    }
    return text
  }
}

function refuseSize(value: JsonValue, name: string): void {
  const fault = faultOfSize(value, name)
  if (fault !== null) throw new Refusal(fault)
}

/** Values as a table: records by their members, others in one column that Vega-Lite calls `data`. */
function tableOf(values: readonly JsonValue[]): Pick<DataChart, 'columns' | 'rows' | 'isCut'> {
  const records = values.map((value) => (isObject(value) ? value : { data: value }))
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))].slice(0, 1_000)
  const columns = names.map((name): ChartColumn => {
    const isNumeric = records.every((record) => typeof (record[name] ?? 0) === 'number')
    return { name, title: name, type: isNumeric ? 'quantitative' : 'nominal' }
  })
  return { columns, rows: records.map((record) => names.map((name) => record[name] ?? null)), isCut: false }
}
