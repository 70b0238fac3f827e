// Loaded with the first chart: it weighs more than the rest of the app.
import { loader as makeLoader, parse, View, type Loader } from 'vega'
import { expressionInterpreter } from 'vega-interpreter'
import { compile, type TopLevelSpec } from 'vega-lite'

interface Drawing {
  readonly spec: Readonly<Record<string, unknown>>
  readonly data: readonly Readonly<Record<string, unknown>>[]
  readonly title: string
  readonly dark: boolean
  readonly onPoint: (row: Readonly<Record<string, unknown>>) => void
}

const refuse = (): Promise<never> => Promise.reject(new Error('A chart loads nothing.'))

/** Loads no data, no picture and no style, and makes no link: a chart is drawn from its own rows alone. */
const closed: Loader = Object.assign(makeLoader(), { load: refuse, http: refuse, file: refuse, sanitize: refuse })

/** What a spec brings along of its own and what would be loaded from elsewhere goes; the rows are given beside it. */
function specOf({ spec, data, dark }: Drawing): TopLevelSpec {
  const { data: _data, datasets: _datasets, config: _config, usermeta: _usermeta, ...rest } = spec
  return {
    width: 'container',
    ...rest,
    data: { values: data },
    background: 'transparent',
    autosize: { type: 'fit-x', contains: 'padding' },
    config: colours(dark),
  } as unknown as TopLevelSpec
}

function colours(dark: boolean): object {
  const [text, line] = dark ? ['#d5dde2', '#46545c'] : ['#26343b', '#ccd5da']
  return {
    font: 'system-ui, sans-serif',
    axis: {
      labelColor: text,
      titleColor: text,
      gridColor: line,
      domainColor: line,
      tickColor: line,
      labelFontSize: 12,
    },
    // Names stand slanted: upright they cannot be read, and level ones would be left out where they meet.
    axisXDiscrete: { labelAngle: -35, labelLimit: 120 },
    legend: { labelColor: text, titleColor: text },
    title: { color: text },
    view: { stroke: 'transparent' },
    range: { category: dark ? darkCategories : lightCategories },
    // What is under the pointer, as its title: words, whatever they hold.
    mark: { color: dark ? '#4db6ac' : '#0f766e', tooltip: true },
  }
}

const lightCategories = ['#0f766e', '#b45309', '#4338ca', '#be123c', '#4d7c0f', '#0369a1', '#7e22ce', '#525252']
const darkCategories = ['#4db6ac', '#f0b35e', '#a5b4fc', '#fda4af', '#bef264', '#7dd3fc', '#d8b4fe', '#d4d4d4']

/**
 * Draws into `element`, until `signal` ends it. Expressions are interpreted from their syntax tree, so that the page's
 * policy needs no `unsafe-eval`. Rejects with what is wrong with the spec.
 */
export async function drawChart(element: HTMLElement, drawing: Drawing, signal: AbortSignal): Promise<void> {
  const { spec } = compile(specOf(drawing))
  const runtime = parse(spec, undefined, { ast: true })
  const view = new View(runtime, {
    // The type has it as a function of vega's own generator.
    expr: expressionInterpreter as never,
    loader: closed,
    renderer: 'svg',
    container: element,
    hover: true,
  })
  view.description(drawing.title)
  view.addEventListener('click', (_event, item) => {
    const { datum } = (item ?? {}) as { readonly datum?: unknown }
    if (typeof datum === 'object' && datum !== null) drawing.onPoint(datum as Readonly<Record<string, unknown>>)
  })
  signal.addEventListener('abort', () => {
    view.finalize()
    element.replaceChildren()
  })
  await view.runAsync()
  if (signal.aborted) view.finalize()
}
