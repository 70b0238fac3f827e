import { Lexer, type Token } from 'marked'
import { markFigures, type FigureRange } from './figures.ts'

/** Characters of a text that are read as Markdown. To read a text takes longer than in proportion to it. */
const mostCharacters = 40_000
/** Quotations and lists within each other that begin in one line. To read each takes as long as all that is in it. */
const mostNested = 20

/** A text as far as it is read as Markdown. */
export interface MarkdownSource {
  readonly tokens: readonly Token[]
  /** What is shown as it was written; empty where all of it was read. */
  readonly rest: string
}

/**
 * Reads Markdown that nobody vouches for without keeping the page from answering: of a long text the beginning, up to the end of a line, and of one whose
 * quotations or lists are nested deeper than anybody writes them nothing. Measured, 40,000 characters of the worst kind take half a second.
 */
export function readMarkdown(text: string, figures: readonly FigureRange[]): MarkdownSource {
  const head = headOf(text)
  if (isNestedTooDeep(head)) return { tokens: [], rest: text }
  try {
    return { tokens: new Lexer({ gfm: true }).lex(markFigures(head, figures)), rest: text.slice(head.length) }
  } catch (thrown) {
    // The reader of Markdown calls itself for what is nested.
    if (thrown instanceof RangeError) return { tokens: [], rest: text }
    throw thrown
  }
}

/** The beginning of a text of which all, or so much, is read. */
export function headOf(text: string): string {
  if (text.length <= mostCharacters) return text
  const end = text.lastIndexOf('\n', mostCharacters)
  if (end > 0) return text.slice(0, end)
  // No character is cut in two.
  const isPair = /[\uD800-\uDBFF]/.test(text[mostCharacters - 1] ?? '')
  return text.slice(0, isPair ? mostCharacters - 1 : mostCharacters)
}

const nesting = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/gm
const marker = />|[-*+]|\d{1,9}[.)]/g

function isNestedTooDeep(text: string): boolean {
  return (text.match(nesting) ?? []).some((line) => (line.match(marker)?.length ?? 0) > mostNested)
}
