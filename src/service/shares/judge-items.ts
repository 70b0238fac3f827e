import type { ConversationItem, KeptItem } from '../../core/conversations.ts'
import type { CellResult } from '../../core/result.ts'
import type { Omission, SharedChart, SharedItem } from '../../core/shares.ts'
import type { Vetted } from '../../core/vetted.ts'
import type { DataChart, NoChart } from '../../sessions/charts/chart-data.ts'
import { chartOfText, chartsOfDisplay } from '../../sessions/results/run-charts.ts'
import { hideColumns } from './hide-columns.ts'
import type { Judged } from './judge-statement.ts'

type Item<Type extends ConversationItem['type']> = Extract<ConversationItem, { readonly type: Type }>
type ToolUse = Item<'tool-use'>

interface JudgeItemsOptions {
  /** Does the audience see anything of the source that a run asked? */
  readonly sees: (kept: KeptItem) => Promise<boolean>
  /** Asked for statements that ran, in their order. */
  readonly judge: (use: ToolUse, kept: KeptItem) => Promise<Judged>
  /** The text of a kept file; or why there is none. */
  readonly textOf: (artifact: Item<'artifact'>) => Promise<string | { readonly why: Omission }>
  /** May the audience see statements at all? */
  readonly showsSql: boolean
}

/** A part with the item that it stands for. */
export interface JudgedItem {
  readonly kept: KeptItem
  readonly item: SharedItem
}

/**
 * A conversation as far as its audience may have it, before its words are looked at. A model that has read something writes of it: from the first
 * result on that the audience may not read, nothing that comes later is told but what people wrote.
 */
export async function judgeItems(
  items: readonly KeptItem[],
  options: JudgeItemsOptions,
): Promise<readonly JudgedItem[]> {
  const judging = new ItemJudge(options)
  const judged: JudgedItem[] = []
  for (const kept of items) judged.push({ kept, item: await judging.next(kept) })
  return judged
}

class ItemJudge {
  readonly #options: JudgeItemsOptions
  #isTainted = false
  /** Has anything been read of which the audience may read everything? */
  #hasRows = false

  constructor(options: JudgeItemsOptions) {
    this.#options = options
  }

  async next(kept: KeptItem): Promise<SharedItem> {
    const { item, run } = kept
    switch (item.type) {
      case 'message': {
        // What a client has put there as an answer is its owner's own.
        if (item.role === 'assistant' && run !== null && this.#isTainted) return leftOut('message', null, 'made-of-it')
        return { type: 'message', role: item.role, text: item.content }
      }
      case 'plan':
        return this.#isTainted ? leftOut('plan', null, 'made-of-it') : { type: 'plan', steps: item.steps }
      case 'tool-use':
        return this.#isTainted ? leftOut('call', item.tool, 'made-of-it') : await this.#call(item, kept)
      case 'artifact':
        return await this.#file(item)
    }
  }

  async #call(use: ToolUse, kept: KeptItem): Promise<SharedItem> {
    const { tool, outcome, origins = [] } = use
    if (tool === 'run_sql' && outcome.kind !== 'refusal') {
      const judged = await this.#options.judge(use, kept)
      if (judged.kind === 'may-not') return this.#omit(use, judged.why)
      this.#hasRows = true
      return this.#shown(use, judged.masks)
    }
    if (tool === 'describe_data' && outcome.kind === 'result' && !(await this.#options.sees(kept))) {
      return this.#omit(use, 'policy')
    }
    // Its sandbox has rows that no statement of this conversation has read.
    if (outcome.kind === 'result' && tool !== 'describe_data' && origins.includes('row') && !this.#hasRows) {
      return this.#omit(use, 'unknown')
    }
    return this.#shown(use, [])
  }

  #omit({ tool }: ToolUse, why: Omission): SharedItem {
    this.#isTainted = true
    return leftOut('call', tool, why)
  }

  #shown({ tool, source, outcome }: ToolUse, masks: NonNullable<Vetted<'sql'>['masks']>): SharedItem {
    const isShown = source !== null && (this.#options.showsSql || source.language !== 'sql')
    const shown = isShown ? { language: source.language, text: source.text } : null
    const call = { type: 'call', tool, source: shown, outcome: outcome.kind } as const
    if (outcome.kind !== 'result') {
      return { ...call, summary: outcome.message, output: null, tables: [], charts: [] }
    }
    const { table, cell, summary } = outcome
    const hidden = table === null ? null : hideColumns(table, masks)
    if (hidden?.isChanged === true || (table === null && masks.length > 0)) this.#isTainted = true
    const tables = hidden === null ? [] : [hidden.table]
    if (cell === null) return { ...call, summary, output: null, tables, charts: [] }
    const shownData = cell.results.flatMap(({ data }) => (data === undefined ? [] : [{ ...data, hidden: [] }]))
    const charts = cell.results.flatMap(chartsOfDisplay).flatMap(toSharedChart)
    return { ...call, summary, output: outputOf(cell), tables: [...tables, ...shownData], charts }
  }

  async #file(artifact: Item<'artifact'>): Promise<SharedItem> {
    const { name, mediaType } = artifact
    const isPicture = mediaType.startsWith('image/') && mediaType !== 'image/svg+xml'
    const what = isPicture ? 'picture' : 'file'
    if (this.#isTainted) return leftOut(what, name, 'made-of-it')
    if (isPicture) return leftOut(what, name, 'picture')
    const text = await this.#options.textOf(artifact)
    if (typeof text !== 'string') return leftOut(what, name, text.why)
    const [chart] = /\.vl\.json$/i.test(name) ? toSharedChart(chartOfText(text, name)) : []
    return chart === undefined ? { type: 'file', name, mediaType, text } : { type: 'chart', chart }
  }
}

export function leftOut(
  what: Extract<SharedItem, { readonly type: 'left-out' }>['what'],
  name: string | null,
  why: Omission,
): SharedItem {
  return { type: 'left-out', what, name, why }
}

/** None of what cannot be drawn as data. */
function toSharedChart(chart: DataChart | NoChart): readonly SharedChart[] {
  if (chart.kind === 'refused') return []
  const { title, spec, columns, rows } = chart
  return [{ title, spec, columns: columns.map(({ name, title: shown }) => ({ name, title: shown })), rows }]
}

/** What a program said, as text: pictures and markup are not. */
function outputOf({ stdout, stderr, results, error, notice }: CellResult): string | null {
  const shown = results.map(({ text, markdown, latex, json, data, chart }) =>
    data !== undefined || chart !== undefined
      ? ''
      : (text ?? markdown ?? latex ?? (json === undefined ? '' : JSON.stringify(json))),
  )
  const parts = [stdout.text, ...shown, stderr.text, error?.traceback ?? '', notice ?? '']
  const said = parts.filter((part) => part.trim() !== '').join('\n')
  return said === '' ? null : said
}
