import { decodeHTML } from 'entities'
import { marked, type Token, type Tokens } from 'marked'
import { htmlText } from './html-text.ts'

/** Deeper than anybody writes: what lies below is its own text. */
const mostDepth = 32

/**
 * Markdown as HTML that leads nowhere and loads nothing: HTML in it is text, a link is its words with its address behind them, and a picture is what it is called. Elements
 * come from here alone, and none has an attribute that came from the text.
 */
export function markdownHtml(text: string): string {
  return blocks(lexed(text), 0)
}

/** A text that no reader of Markdown gets through, however deep it nests, is a paragraph of itself. */
function lexed(text: string): readonly Token[] {
  try {
    return marked.lexer(text)
  } catch {
    return [{ type: 'unread', raw: text }]
  }
}

function blocks(tokens: readonly Token[], depth: number): string {
  return tokens.map((token) => block(token, depth)).join('')
}

function block(token: Token, depth: number): string {
  if (depth > mostDepth) return `<p>${htmlText(token.raw)}</p>`
  switch (token.type) {
    case 'space':
    case 'def':
      return ''
    case 'heading': {
      // The page has two levels above it.
      const level = Math.min(6, (token as Tokens.Heading).depth + 2)
      return `<h${level}>${inline(token, depth)}</h${level}>\n`
    }
    case 'paragraph':
      return `<p>${inline(token, depth)}</p>\n`
    case 'code':
      return `<pre><code>${htmlText((token as Tokens.Code).text)}</code></pre>\n`
    case 'blockquote':
      return `<blockquote>${blocks((token as Tokens.Blockquote).tokens, depth + 1)}</blockquote>\n`
    case 'hr':
      return '<hr>\n'
    case 'list':
      return list(token as Tokens.List, depth)
    case 'table':
      return table(token as Tokens.Table, depth)
    case 'text':
      return inline(token, depth)
    default:
      return `<p>${htmlText(token.raw)}</p>\n`
  }
}

function list({ ordered, items }: Tokens.List, depth: number): string {
  const name = ordered ? 'ol' : 'ul'
  const entries = items.map(({ tokens, task, checked }) => {
    const mark = task ? (checked === true ? '☑ ' : '☐ ') : ''
    const own = task ? tokens.filter(({ type }) => type !== 'checkbox') : tokens
    return `<li>${mark}${blocks(own, depth + 1)}</li>`
  })
  return `<${name}>${entries.join('')}</${name}>\n`
}

function table({ header, rows }: Tokens.Table, depth: number): string {
  const cells = (name: 'th' | 'td', of: readonly Tokens.TableCell[]): string =>
    `<tr>${of.map((cell) => `<${name}>${inlines(cell.tokens, depth + 1)}</${name}>`).join('')}</tr>`
  const body = rows.map((row) => cells('td', row)).join('\n')
  return `<table><thead>${cells('th', header)}</thead><tbody>${body}</tbody></table>\n`
}

function inline(token: Token, depth: number): string {
  const { tokens } = token as { readonly tokens?: readonly Token[] }
  return tokens === undefined ? plain((token as Tokens.Text).text) : inlines(tokens, depth + 1)
}

function inlines(tokens: readonly Token[], depth: number): string {
  return tokens.map((token) => piece(token, depth)).join('')
}

const marks: Readonly<Record<string, string>> = { strong: 'strong', em: 'em', del: 'del' }

function piece(token: Token, depth: number): string {
  if (depth > mostDepth) return htmlText(token.raw)
  const mark = marks[token.type]
  if (mark !== undefined) return `<${mark}>${inline(token, depth)}</${mark}>`
  switch (token.type) {
    case 'text':
      return inline(token, depth)
    case 'escape':
      return plain((token as Tokens.Escape).text)
    case 'codespan':
      return `<code>${htmlText((token as Tokens.Codespan).text)}</code>`
    case 'br':
      return '<br>\n'
    case 'link':
      return withAddress(inline(token, depth), token as Tokens.Link)
    case 'image':
      return withAddress(`[picture: ${plain((token as Tokens.Image).text)}]`, token as Tokens.Image)
    default:
      return htmlText(token.raw)
  }
}

/** Where it would have led stands behind it, where it is another text. */
function withAddress(words: string, { href, text }: { readonly href: string; readonly text: string }): string {
  const address = decodeHTML(href)
  return address === decodeHTML(text) || href === '' ? words : `${words} (${htmlText(address)})`
}

/** References to characters mean these, as in every Markdown. */
const plain = (text: string): string => htmlText(decodeHTML(text))
