import type { Marked as MarkedInstance, Token, Tokens } from 'marked'
import type { Output } from '../terminal.ts'
import { textTable } from './tables.ts'

/** Widest that prose is set, in characters: longer lines are hard to read. */
const proseWidth = 100

/** Lists and quotations that are nested deeper stand as they were written: the time that styling one takes doubles with each level. */
const deepestStyled = 8
/** With more of them before a line that is empty, a text is taken for no emphasis: each is compared with all others. */
const mostMarks = 2_000

export interface MarkdownRenderer {
  /** Text as it stands on the terminal, without a line break at its end. */
  render(text: string): Promise<string>
  /** The blocks at the beginning of a text that no further text can change, and what is left of it. */
  split(text: string): { readonly whole: string; readonly rest: string }
  /** A text that is one table as it fits the terminal, without styles; null for any other. */
  table(text: string): string | null
}

/** Markdown for people, in styles. The text it is given is plain already; one that would take long to style stands as it was written. */
export async function createMarkdownRenderer(output: Output): Promise<MarkdownRenderer> {
  const [{ Marked }, { markedTerminal }, { supportsLanguage }] = await Promise.all([
    import('marked'),
    import('marked-terminal'),
    import('cli-highlight'),
  ])
  const marked = new Marked()
  marked.use(markedTerminal({ width: Math.min(output.width ?? proseWidth, proseWidth), reflowText: true, tab: 2 }))
  marked.use({
    renderer: {
      // A link shows where it leads: a terminal link could say one address and open another.
      link: ({ href, text }) => (text === href ? href : `${text} (${href})`),
      table: (token) => tableText(token, output, marked),
      // The highlighter complains on standard error about a language that it does not know.
      code(token) {
        const [language = ''] = (token.lang ?? '').split(/\s/)
        token.lang = supportsLanguage(language) ? language : 'plaintext'
        return false
      },
    },
  })
  return {
    async render(text) {
      const parts = groupsOf(tokensOf(marked, text)).map(({ isStyled, tokens }) =>
        isStyled ? marked.parser(tokens) : rawOf(tokens),
      )
      return parts.join('').replaceAll(/^\n+|\s+$/g, '')
    },
    split(text) {
      const tokens = tokensOf(marked, text)
      const last = tokens.findLastIndex((token) => token.type !== 'space')
      const whole = tokens.slice(0, Math.max(0, last)).reduce((sum, token) => sum + token.raw, '')
      return { whole, rest: text.slice(whole.length) }
    },
    table(text) {
      const [token, ...others] = tokensOf(marked, text).filter(({ type }) => type !== 'space')
      if (token?.type !== 'table' || others.length > 0) return null
      return tableText(token as Tokens.Table, output, marked).replace(/\n+$/, '\n')
    },
  }
}

/** Not recognised as anything but text where that would take long, or nest deeper than can be followed. */
function tokensOf(marked: MarkedInstance, text: string): Token[] {
  const asWritten: Token[] = [{ type: 'text', raw: text, text, escaped: false }]
  // Cells of a table are looked at one by one.
  const blocks = text.replaceAll(/^ {0,3}\|.*$/gm, '').split(/\n[ \t]*\n/)
  if (blocks.some((block) => (block.match(/[*_~]+/g) ?? []).length > mostMarks)) return asWritten
  try {
    return marked.lexer(text)
  } catch (thrown) {
    if (thrown instanceof RangeError) return asWritten
    throw thrown
  }
}

/** Neighbours that are styled, or not, together. */
function groupsOf(tokens: readonly Token[]): readonly { readonly isStyled: boolean; readonly tokens: Token[] }[] {
  const groups: { readonly isStyled: boolean; readonly tokens: Token[] }[] = []
  for (const token of tokens) {
    const isStyled = token.type !== 'text' && depthOf(token) <= deepestStyled
    const last = groups.at(-1)
    if (last?.isStyled === isStyled) last.tokens.push(token)
    else groups.push({ isStyled, tokens: [token] })
  }
  return groups
}

const rawOf = (tokens: readonly Token[]): string => tokens.map(({ raw }) => raw).join('')

/** How deep lists and quotations are nested in it, without following them by calls, which would end where they are nested deepest. */
function depthOf(outermost: Token): number {
  let deepest = 0
  for (let left = [{ token: outermost, depth: 0 }], next = left.pop(); next !== undefined; next = left.pop()) {
    const { token, depth: around } = next
    const depth = around + (token.type === 'list' || token.type === 'blockquote' ? 1 : 0)
    deepest = Math.max(deepest, depth)
    const { tokens = [], items = [] } = token as { readonly tokens?: Token[]; readonly items?: Token[] }
    for (const inner of [...tokens, ...items]) left.push({ token: inner, depth })
  }
  return deepest
}

function tableText(token: Tokens.Table, output: Output, marked: MarkedInstance): string {
  const plain = (cell: Tokens.TableCell): string => inlineText(marked, cell)
  const table = {
    columns: token.header.map((cell) => ({ name: plain(cell), type: 'text' })),
    rows: token.rows.map((row) => row.map(plain)),
    totalRows: token.rows.length,
  }
  return `${textTable(table, { maximumRows: table.rows.length, width: output.width })}\n`
}

/** The words of a cell without its marks. */
function inlineText(marked: MarkedInstance, cell: Tokens.TableCell): string {
  const words = (tokens: readonly Tokens.Generic[]): string =>
    tokens
      .map((token) => {
        if (token.type === 'link') return token.text === token['href'] ? token.text : `${token.text} (${token['href']})`
        return token.tokens === undefined ? unescaped(token) : words(token.tokens)
      })
      .join('')
  return words(marked.Lexer.lexInline(cell.text))
}

function unescaped(token: Tokens.Generic): string {
  return typeof token['text'] === 'string' ? token['text'] : token.raw
}
