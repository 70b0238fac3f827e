import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Conversations, KeptItem } from '../core/conversations.ts'
import { disarmLinks } from '../filters/links/disarm-links.ts'
import { knownAddresses } from '../gateway/screen/known-addresses.ts'
import { sandboxImageFolder } from '../sandbox/installation.ts'
import type { ConversationFile, ExportedConversation, ExportFormat, ExportWish } from '../sessions/exports/exported.ts'
import type { SandboxReader } from '../sessions/exports/notebook.ts'

const itemsAtOnce = 100

interface ExportParts {
  readonly conversations: Pick<Conversations, 'show' | 'items'>
  /** Of the operator's own: links may lead there. */
  readonly linkHosts: readonly string[]
}

/** A conversation of a principal as a file; null for none of its own. */
export async function exportConversation(
  { conversations, linkHosts }: ExportParts,
  { principal, id, format }: ExportWish,
): Promise<ConversationFile | null> {
  const conversation = await conversations.show(principal, id)
  if (conversation === null) return null
  const items: KeptItem[] = []
  for (let after: string | undefined, more = true; more; after = items.at(-1)?.id) {
    const page = (await conversations.items(principal, id, { order: 'asc', most: itemsAtOnce, after })) ?? []
    items.push(...page)
    more = page.length === itemsAtOnce
  }
  const { title, made } = conversation
  return await fileOf({ id, title, made, items: withoutForeignLinks(items, linkHosts) }, format)
}

/** What a client says that was answered before is no answer of this service and has passed none of its filters: it may hold what data ordered. */
function withoutForeignLinks(items: readonly KeptItem[], linkHosts: readonly string[]): readonly KeptItem[] {
  const words = items.flatMap(({ item }) => (item.type === 'message' ? [item] : []))
  const addresses = knownAddresses(words, linkHosts)
  return items.map((kept) => {
    const { item } = kept
    if (item.type !== 'message' || item.role !== 'assistant' || item.origins !== undefined) return kept
    return Object.assign({}, kept, { item: Object.assign({}, item, { content: disarmLinks(item.content, addresses) }) })
  })
}

/** What writes a file is loaded for the first one. */
async function fileOf(exported: ExportedConversation, format: ExportFormat): Promise<ConversationFile> {
  const name = `conversation-${exported.made.toISOString().slice(0, 10)}.${format}`
  if (format === 'md') {
    const { toMarkdown } = await import('../sessions/exports/markdown.ts')
    return { name, mediaType: 'text/markdown', text: toMarkdown(exported) }
  }
  if (format === 'html') {
    const { toHtml } = await import('../sessions/exports/html.ts')
    return { name, mediaType: 'text/html', text: toHtml(exported) }
  }
  const { toNotebook } = await import('../sessions/exports/notebook.ts')
  const text = `${JSON.stringify(toNotebook(exported, sandboxReader()), null, 1)}\n`
  return { name, mediaType: 'application/x-ipynb+json', text }
}

/** What the package of a sandbox that reads tables needs beside it. */
const needed = /^(?:pandas|duckdb|pyarrow|matplotlib)==[\w.]+/

/** The reader as the image of this version has it. */
function sandboxReader(): SandboxReader {
  const folder = sandboxImageFolder()
  const reader = join(folder, 'python/reader')
  const names = readdirSync(join(reader, 'sallyport')).filter((name) => name.endsWith('.py'))
  const modules = names.map((name) => [`sallyport/${name}`, readFileSync(join(reader, 'sallyport', name), 'utf8')])
  const lines = readFileSync(join(folder, 'python/requirements.txt'), 'utf8').split('\n')
  return {
    modules: Object.fromEntries(modules) as Record<string, string>,
    requirements: lines.flatMap((line) => needed.exec(line)?.[0] ?? []),
  }
}
