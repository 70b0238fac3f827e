import type { ConversationItem } from '../../core/conversations.ts'
import type { CellResult } from '../../core/result.ts'
import { codeBlock } from '../../text/code-block.ts'
import { sayOrigins } from '../../provenance/say-origins.ts'
import { inertMarkdown } from '../../text/inert-markdown.ts'
import { markdownTable } from '../../text/markdown-table.ts'
import { withoutControls } from '../../text/without-controls.ts'
import { originsOfItems } from '../origins-of-items.ts'
import { doubtsOf, fileLine, refusalLine, speakers, titleOf, type ExportedConversation } from './exported.ts'
import { planText, withLastPlans } from './plan-text.ts'

/** Rows of a table that are shown. */
const shownRows = 100

/** A conversation as one inert Markdown text: questions, answers, code with its output, tables and the names of files. */
export function toMarkdown({ id, title, made, items }: ExportedConversation): string {
  const parts = [
    titleOf({ title }),
    `Exported from Sallyport: ${id}, begun ${made.toISOString()}.`,
    ...(items.length === 0 ? [] : [`Made of ${sayOrigins(originsOfItems(items))}.`]),
    ...withLastPlans(items).flatMap(({ item }) => partsOf(item)),
  ]
  return withoutControls(`${parts.filter((part) => part !== '').join('\n\n')}\n`)
}

function partsOf(item: ConversationItem): string[] {
  if (item.type === 'artifact') return [fileLine(item)]
  if (item.type === 'plan') return [planText(item)]
  if (item.type === 'message') {
    return item.content.trim() === '' ? [] : [`## ${speakers[item.role]}`, inertMarkdown(item.content), doubtsOf(item)]
  }
  const { source, outcome } = item
  const code = source === null ? '' : codeBlock(source.text, source.language)
  if (outcome.kind !== 'result') return [code, refusalLine(item) ?? '']
  const { cell, table, summary } = outcome
  const said = cell === null ? '' : cellText(cell)
  return [
    code,
    said === '' ? '' : codeBlock(said, 'text'),
    table === null ? '' : markdownTable(table, shownRows),
    `*${inertMarkdown(summary)}*`,
  ]
}

function cellText({ stdout, stderr, results, error }: CellResult): string {
  const texts = [stdout.text, ...results.map(({ text = '' }) => text), stderr.text, error?.traceback ?? '']
  return texts.filter((text) => text.trim() !== '').join('\n')
}
