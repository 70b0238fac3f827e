import type { Marked as MarkedInstance, Tokens } from 'marked'
import type { Output } from '../terminal.ts'
import { textTable } from './tables.ts'

/** Widest that prose is set, in characters: longer lines are hard to read. */
const proseWidth = 100

export interface MarkdownRenderer {
  /** Text as it stands on the terminal, without a line break at its end. */
  render(text: string): Promise<string>
  /** The blocks at the beginning of a text that no further text can change, and what is left of it. */
  split(text: string): { readonly whole: string; readonly rest: string }
  /** A text that is one table as it fits the terminal, without styles; null for any other. */
  table(text: string): string | null
}

/** Markdown for people, in styles. The text it is given is plain already. */
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
    render: async (text) => (await marked.parse(text)).replaceAll(/^\n+|\s+$/g, ''),
    split(text) {
      const tokens = marked.lexer(text)
      const last = tokens.findLastIndex((token) => token.type !== 'space')
      const whole = tokens.slice(0, Math.max(0, last)).reduce((sum, token) => sum + token.raw, '')
      return { whole, rest: text.slice(whole.length) }
    },
    table(text) {
      const [token, ...others] = marked.lexer(text).filter(({ type }) => type !== 'space')
      if (token?.type !== 'table' || others.length > 0) return null
      return tableText(token as Tokens.Table, output, marked).replace(/\n+$/, '\n')
    },
  }
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
