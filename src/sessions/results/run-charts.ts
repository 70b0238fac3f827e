import type { ConversationItem, KeptItem } from '../../core/conversations.ts'
import type { JsonValue } from '../../core/json.ts'
import type { DisplayItem } from '../../core/result.ts'
import { isObject, type DataChart, type NoChart } from '../charts/chart-data.ts'
import { figureCharts } from '../charts/figure-charts.ts'
import { vegaLiteChart } from '../charts/vega-lite-chart.ts'

/** A chart that a call of a run drew, as it was screened then. */
export interface RunChart {
  readonly run: string
  /** From 1, in the order of the run. */
  readonly number: number
  /** The number of the call among those of its run, from 1; null where that is not known. */
  readonly call: number | null
  /** The stored file that is its picture; null for none. */
  readonly picture: string | null
  readonly chart: DataChart | NoChart
  /** Did a filter replace something in what its call came to? */
  readonly isMasked: boolean
}

/** Files of one run that are read as charts. */
const mostFiles = 20

type ToolUse = Extract<ConversationItem, { readonly type: 'tool-use' }>
type Artifact = Extract<ConversationItem, { readonly type: 'artifact' }>

/** Gives the text of a stored file; null for one that is not there, or is too large for a chart. */
export type ReadChartFile = (id: string) => Promise<string | null>

/**
 * The charts of a run: its figures by what is drawn in them, what programs showed as Vega-Lite, and the files that they saved as it, `NAME.vl.json`.
 */
export async function chartsOfRun(
  items: readonly KeptItem[],
  { run, readFile }: { readonly run: string; readonly readFile: ReadChartFile },
): Promise<readonly RunChart[]> {
  const found: Omit<RunChart, 'run' | 'number'>[] = []
  let filesRead = 0
  for (const [at, { item }] of items.entries()) {
    if (item.type !== 'tool-use') continue
    const files = filesBehind(items, at)
    found.push(...chartsOfUse(item, files))
    const call = numberOf(item)
    for (const { fileId, name, isMasked = false } of files) {
      if (fileId === null || !/\.vl\.json$/i.test(name)) continue
      filesRead += 1
      const text = filesRead > mostFiles ? null : await readFile(fileId)
      const chart = text === null ? unread(name) : chartOfText(text, name)
      found.push({ call, picture: null, chart, isMasked })
    }
  }
  return found.map((chart, place) => Object.assign({ run, number: place + 1 }, chart))
}

/** The files that a call made are told behind it, before the next call. */
function filesBehind(items: readonly KeptItem[], at: number): readonly Artifact[] {
  const files: Artifact[] = []
  for (const { item } of items.slice(at + 1)) {
    if (item.type === 'artifact') files.push(item)
    else if (item.type === 'tool-use') break
  }
  return files
}

const numberOf = ({ outcome }: ToolUse): number | null => (outcome.kind === 'result' ? (outcome.number ?? null) : null)

function chartsOfUse(use: ToolUse, files: readonly Artifact[]): readonly Omit<RunChart, 'run' | 'number'>[] {
  const { outcome } = use
  if (outcome.kind !== 'result' || outcome.cell === null) return []
  const isMasked = (outcome.findings ?? []).some(({ rule }) => rule.startsWith('filter/') && !rule.endsWith('-cut'))
  // Figures are told in their order, before the pictures that a program saved.
  const pictures = files.filter(({ mediaType }) => mediaType.startsWith('image/'))
  const shown = outcome.cell.results.filter(isPicture)
  return outcome.cell.results.flatMap((display) => {
    const picture = pictures[shown.indexOf(display)]?.fileId ?? null
    return chartsOfDisplay(display).map((chart) => ({ call: numberOf(use), picture, chart, isMasked }))
  })
}

/** A picture that was too large to be kept with its call has its chart there all the same. */
const isPicture = ({ png, jpeg, chart }: DisplayItem): boolean =>
  png !== undefined || jpeg !== undefined || chart !== undefined

/** What was shown once, as data. */
export function chartsOfDisplay({ chart, json }: DisplayItem): readonly (DataChart | NoChart)[] {
  if (chart !== undefined) return figureCharts(chart)
  return json !== undefined && isVegaLite(json) ? [vegaLiteChart(json)] : []
}

function isVegaLite(json: JsonValue): boolean {
  const schema = isObject(json) ? json['$schema'] : null
  return typeof schema === 'string' && schema.includes('/vega-lite/')
}

/** A file that was saved as Vega-Lite. */
export function chartOfText(text: string, name: string): DataChart | NoChart {
  try {
    return vegaLiteChart(JSON.parse(text) as JsonValue)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return { kind: 'refused', title: name, why: 'its file is no JSON' }
  }
}

const unread = (name: string): NoChart => ({
  kind: 'refused',
  title: name,
  why: `its file is gone, larger than a chart may be, or not among the first ${mostFiles} of its run`,
})
