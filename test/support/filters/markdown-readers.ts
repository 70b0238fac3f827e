import MarkdownIt from 'markdown-it'
import { marked } from 'marked'
import { remark } from 'remark'
import remarkGfm from 'remark-gfm'

/** What a program makes of a Markdown text: where all its links and pictures lead. */
export type LinksOf = (text: string) => readonly string[]

const eager = new MarkdownIt({ linkify: true, html: true })
eager.linkify.set({ fuzzyLink: true, fuzzyEmail: true, fuzzyIP: true })
const remarked = remark().use(remarkGfm)

interface Node {
  readonly type: string
  readonly url?: string
  readonly value?: string
  readonly children?: readonly Node[]
}

function urlsOf(node: Node): readonly string[] {
  const own = node.url === undefined ? [] : [node.url]
  const html = node.type === 'html' ? attributesOf(node.value ?? '') : []
  return [...own, ...html, ...(node.children ?? []).flatMap(urlsOf)]
}

/** Addresses in the attributes of tags. */
function attributesOf(html: string): readonly string[] {
  const tags = Array.from(html.matchAll(/<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi), ([tag]) => tag)
  return tags.flatMap((tag) =>
    Array.from(
      tag.matchAll(/\b(?:href|src|srcset|action|data|poster|style)\s*=\s*"?([^">]*)/gi),
      ([, value = '']) => value,
    ),
  )
}

/** Those that people read answers with: `marked` is in Open WebUI and Jupyter, `remark` in LibreChat, `markdown-it` in VS Code. */
export const readers: Readonly<Record<'marked' | 'remark' | 'markdown-it', LinksOf>> = {
  marked: (text) => attributesOf(marked.parse(text, { async: false, gfm: true })),
  remark: (text) => urlsOf(remarked.parse(text)),
  'markdown-it': (text) => attributesOf(eager.render(text)),
}
