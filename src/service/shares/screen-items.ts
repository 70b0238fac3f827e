import { ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { SharedChart, SharedItem, SharedTable } from '../../core/shares.ts'
import type { Screener } from '../../gateway/screen/screener.ts'
import { screenJson, screenTable } from '../../gateway/screen/values.ts'
import { withPlanWords, wordsOfPlan } from '../../core/plan.ts'
import { leftOut } from './judge-items.ts'

type Call = Extract<SharedItem, { readonly type: 'call' }>

interface ScreenItemsOptions {
  readonly screener: Screener
  /** Does a text name what the audience does not see? */
  readonly names: (text: string, form: 'prose' | 'code') => boolean
  readonly signal: AbortSignal
}

/** A part as it may leave to its audience; where its profile withholds it, or it names what they do not see, that it is not there. */
export async function screenItem(item: SharedItem, options: ScreenItemsOptions): Promise<SharedItem> {
  try {
    return await screened(item, options)
  } catch (thrown) {
    if (!(thrown instanceof ServiceError) || thrown.code !== 'refused') throw thrown
    return withheld(item, 'filter')
  }
}

function withheld(item: SharedItem, why: 'filter' | 'names'): SharedItem {
  if (item.type === 'left-out') return { ...item, name: null }
  // A name may be what was withheld.
  const what = item.type === 'chart' ? 'file' : item.type
  return leftOut(what, item.type === 'call' ? item.tool : null, why)
}

async function screened(item: SharedItem, options: ScreenItemsOptions): Promise<SharedItem> {
  const { screener, names, signal } = options
  switch (item.type) {
    case 'left-out':
      return item.name === null ? item : { ...item, name: await screener.text(item.name, 'file', signal) }
    case 'message': {
      if (item.role === 'assistant' && names(item.text, 'prose')) return withheld(item, 'names')
      const provenance = item.role === 'assistant' ? 'model' : 'user'
      const [text = ''] = await screener.texts([{ text: item.text, provenance, form: 'markdown' }], signal)
      return { ...item, text }
    }
    case 'plan': {
      const words = wordsOfPlan(item.steps)
      if (names(words, 'prose')) return withheld(item, 'names')
      const [said = ''] = await screener.texts([{ text: words, provenance: 'model', form: 'markdown' }], signal)
      return { type: 'plan', steps: withPlanWords(item.steps, said) }
    }
    case 'file': {
      if (names(item.text, 'prose')) return withheld(item, 'names')
      const [name = '', text = ''] = await screener.texts(
        [
          { text: item.name, provenance: 'file' },
          { text: item.text, provenance: 'file' },
        ],
        signal,
      )
      return { ...item, name, text }
    }
    case 'chart': {
      if (names(JSON.stringify(item.chart.spec), 'prose')) return withheld(item, 'names')
      return { type: 'chart', chart: await screenedChart(item.chart, screener, signal) }
    }
    case 'call':
      return await screenedCall(item, options)
  }
}

async function screenedChart(chart: SharedChart, screener: Screener, signal: AbortSignal): Promise<SharedChart> {
  return (await screenJson(chart as unknown as JsonValue, screener, signal)) as unknown as SharedChart
}

async function screenedCall(item: Call, { screener, names, signal }: ScreenItemsOptions): Promise<SharedItem> {
  const { source, output, summary } = item
  const isNamed =
    item.charts.some((chart) => names(JSON.stringify(chart.spec), 'prose')) ||
    (source !== null && names(source.text, 'code')) ||
    // A refusal says what there is to its author, and a program what it has seen.
    names(summary, 'code') ||
    names(output ?? '', 'code')
  if (isNamed) return withheld(item, 'names')
  // What ran may say its own SQL.
  const keep = (category: string): boolean => category.startsWith('sql-leak')
  const sourceText =
    source === null ? null : await screener.texts([{ text: source.text, provenance: 'model' }], signal, keep)
  const [tool = '', said = '', printed = ''] = await screener.texts(
    [
      { text: item.tool, provenance: 'model' },
      { text: summary, provenance: 'tool' },
      { text: output ?? '', provenance: 'tool' },
    ],
    signal,
  )
  const tables: SharedTable[] = []
  for (const table of item.tables) {
    const hidden = await screener.texts(
      table.hidden.map((text) => ({ text, provenance: 'row' })),
      signal,
    )
    tables.push({ ...(await screenTable(table, screener, signal)), hidden })
  }
  const charts: SharedChart[] = []
  for (const chart of item.charts) charts.push(await screenedChart(chart, screener, signal))
  return {
    ...item,
    tool,
    source: source === null ? null : { ...source, text: sourceText?.[0] ?? '' },
    summary: said,
    output: output === null ? null : printed,
    tables,
    charts,
  }
}
