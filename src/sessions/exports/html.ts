import { hash } from 'node:crypto'
import type { ConversationItem } from '../../core/conversations.ts'
import type { JsonValue } from '../../core/json.ts'
import type { CellResult, DisplayItem, TableData } from '../../core/result.ts'
import { sayOrigins } from '../../provenance/say-origins.ts'
import { htmlText } from '../../text/html-text.ts'
import { markdownHtml } from '../../text/markdown-html.ts'
import { originsOfItems } from '../origins-of-items.ts'
import { doubtsOf, fileLine, refusalLine, speakers, type ExportedConversation } from './exported.ts'
import { planText, withLastPlans } from './plan-text.ts'

/** Rows of a table that are shown. */
const shownRows = 100
/** Characters of base64 of all pictures together. */
const pictureCharacters = 24 * 1024 * 1024

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 52rem; margin: 0 auto; padding: 1rem }
header p, figcaption, .note { color: #595959 }
pre, .table { overflow-x: auto }
pre, code { font: 0.875rem/1.4 ui-monospace, monospace }
pre { padding: 0.75rem; border: 1px solid #8884; border-radius: 0.25rem; white-space: pre-wrap; overflow-wrap: anywhere }
details { margin: 0.5rem 0; padding: 0.25rem 0.75rem; border: 1px solid #8884; border-radius: 0.25rem }
summary { cursor: pointer }
table { border-collapse: collapse }
th, td { padding: 0.125rem 0.75rem 0.125rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #8884 }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
img { max-width: 100%; height: auto }
@media (prefers-color-scheme: dark) { header p, figcaption, .note { color: #b0b0b0 } }
`

/** Its own style and its own pictures, and nothing else: no script, no address, no form. */
const policy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; img-src data:; base-uri 'none'; form-action 'none'`

/**
 * A conversation as one page of HTML that needs nothing else and does nothing: questions, answers, code with its output under them, tables and
 * charts. It has no script and no link, and its policy keeps a reader from loading anything even so.
 */
export function toHtml({ id, title, made, items }: ExportedConversation): string {
  const name = htmlText(title ?? 'Conversation')
  const pictures = new Pictures()
  const origins = items.length === 0 ? '' : ` Made of ${htmlText(sayOrigins(originsOfItems(items)))}.`
  const parts = withLastPlans(items).map(({ item }) => partOf(item, pictures))
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${htmlText(policy)}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${name}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<header><h1>${name}</h1><p>Exported from Sallyport: ${htmlText(id)}, begun ${made.toISOString()}.${origins}</p></header>`,
    '<main>',
    ...parts.filter((part) => part !== ''),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function partOf(item: ConversationItem, pictures: Pictures): string {
  switch (item.type) {
    case 'artifact':
      return markdownHtml(fileLine(item))
    case 'plan':
      return markdownHtml(planText(item))
    case 'message': {
      if (item.content.trim() === '') return ''
      const doubts = markdownHtml(doubtsOf(item))
      return `<section><h2>${speakers[item.role]}</h2>\n${markdownHtml(item.content)}${doubts}</section>`
    }
    case 'tool-use':
      return useOf(item, pictures)
  }
}

function useOf(use: Extract<ConversationItem, { readonly type: 'tool-use' }>, pictures: Pictures): string {
  const { tool, source, outcome } = use
  const code = source === null ? '' : `<pre><code>${htmlText(source.text)}</code></pre>\n`
  if (outcome.kind !== 'result') {
    return `<details><summary>${htmlText(tool)}</summary>\n${code}${markdownHtml(refusalLine(use) ?? '')}</details>`
  }
  const { cell, table, summary } = outcome
  const said = cell === null ? '' : cellText(cell)
  const output = said === '' ? '' : `<pre>${htmlText(said)}</pre>\n`
  const steps = `<details><summary>${htmlText(tool)}: ${htmlText(summary)}</summary>\n${code}${output}</details>`
  return `${steps}${table === null ? '' : tableOf(table)}${(cell?.results ?? []).map((each) => pictures.of(each)).join('')}`
}

function cellText({ stdout, stderr, results, error }: CellResult): string {
  // A table that was shown is there as one.
  const shown = results.flatMap(({ text, data }) => (text === undefined || data !== undefined ? [] : [text]))
  return [stdout.text, ...shown, stderr.text, error?.traceback ?? ''].filter((text) => text.trim() !== '').join('\n')
}

function tableOf({ columns, rows, totalRows }: TableData): string {
  const isNumber = columns.map((_column, place) => rows.some((row) => typeof row[place] === 'number'))
  const cell = (name: 'th' | 'td', place: number, text: string): string =>
    `<${name}${isNumber[place] === true ? ' class="number"' : ''}>${htmlText(text)}</${name}>`
  const head = columns.map((column, place) => cell('th', place, column.name)).join('')
  const shown = rows.slice(0, shownRows)
  const body = shown.map(
    (row) => `<tr>${columns.map((_column, place) => cell('td', place, cellTextOf(row[place] ?? null))).join('')}</tr>`,
  )
  const note =
    totalRows > shown.length
      ? `<p class="note">${shown.length.toLocaleString('en')} of ${totalRows.toLocaleString('en')} rows.</p>`
      : ''
  return `<div class="table"><table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>${note}\n`
}

function cellTextOf(value: JsonValue): string {
  if (value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Pictures of pixels stand in the page itself, as long as they fit. */
class Pictures {
  #left = pictureCharacters

  of({ png, jpeg, chart }: DisplayItem): string {
    const content = png ?? jpeg
    if (content === undefined) return ''
    const title = htmlText(titleOf(chart) ?? 'Chart')
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(content) || content.length > this.#left) {
      return `<p class="note">The picture "${title}" is left out: the page would be too large with it.</p>\n`
    }
    this.#left -= content.length
    const type = png === undefined ? 'jpeg' : 'png'
    return `<figure><img alt="${title}" src="data:image/${type};base64,${content}"><figcaption>${title}</figcaption></figure>\n`
  }
}

function titleOf(chart: JsonValue | undefined): string | null {
  if (typeof chart !== 'object' || chart === null || Array.isArray(chart)) return null
  const { title } = chart as { readonly title?: JsonValue }
  return typeof title === 'string' && title !== '' ? title : null
}
