import type { Token, Tokens } from 'marked'
import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { splitFigures, type FigureRange } from './figures.ts'
import { headOf, readMarkdown } from './markdown-source.ts'
import { safeLink } from './safe-link.ts'
import { visibleText } from './visible-text.ts'

interface MarkdownProps {
  readonly text: string
  /** Words of the text that are links of the app: places in UTF-16 units, in order, without overlap. */
  readonly figures?: readonly FigureRange[]
  /** What stands for the figure at a place of `figures`. */
  readonly renderFigure?: (index: number, text: string) => ComponentChildren
}

const noFigures: readonly FigureRange[] = []

/**
 * Markdown that nobody vouches for. It becomes elements of this list and no others: nothing of it is ever read as HTML.
 * HTML in it is text, a picture is its description, and a link says where it leads. Of a text that is longer than anybody reads the rest is
 * shown as it was written.
 */
export function Markdown({ text, figures = noFigures, renderFigure }: MarkdownProps) {
  // As long as a long text grows its beginning stays, and is not read anew.
  const head = headOf(text)
  const { tokens, rest } = useMemo(() => readMarkdown(head, figures), [head, figures])
  const unread = rest + text.slice(head.length)
  const plain = (content: string): ComponentChildren =>
    splitFigures(content).map((piece) =>
      piece.figure === null || renderFigure === undefined
        ? visibleText(piece.text)
        : renderFigure(piece.figure, visibleText(piece.text)),
    )
  // A longer answer renders anew with each word that comes: what is read already is not made again.
  const blocks = useMemo(() => tokens.map((token) => blockOf(token, plain)), [tokens, renderFigure])
  return (
    <div class="markdown">
      {blocks}
      {unread.trim() !== '' && <Unread text={unread} isAll={tokens.length === 0} />}
    </div>
  )
}

/** What is not read as Markdown, once somebody wants to see it. */
function Unread({ text, isAll }: { readonly text: string; readonly isAll: boolean }) {
  const [isOpen, setOpen] = useState(false)
  const characters = text.length.toLocaleString('en')
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {isAll
          ? `This is nested deeper than a text is, and is shown as it was written: ${characters} characters`
          : `The text is longer than is laid out here. The rest as it was written: ${characters} characters`}
      </summary>
      {isOpen && <pre tabIndex={0}>{visibleText(text)}</pre>}
    </details>
  )
}

type Plain = (content: string) => ComponentChildren

const headings = ['h3', 'h4', 'h5', 'h6', 'h6', 'h6'] as const

function blockOf(token: Token, plain: Plain): ComponentChildren {
  const inside = (tokens: readonly Token[] | undefined): ComponentChildren =>
    tokens?.map((each) => blockOf(each, plain))
  switch (token.type) {
    case 'space':
    case 'def':
      return null
    case 'heading': {
      // The page has its own first two levels.
      const Heading = headings[(token as Tokens.Heading).depth - 1] ?? 'h6'
      return <Heading>{inlineOf(token.tokens, plain)}</Heading>
    }
    case 'paragraph':
      return <p>{inlineOf(token.tokens, plain)}</p>
    case 'blockquote':
      return <blockquote>{inside(token.tokens)}</blockquote>
    case 'hr':
      return <hr />
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{plain((token as Tokens.Code).text)}</code>
        </pre>
      )
    case 'list': {
      const list = token as Tokens.List
      const items = list.items.map((item) => <li>{inside(item.tokens)}</li>)
      return list.ordered ? <ol start={list.start === '' ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>
    }
    case 'table':
      return tableOf(token as Tokens.Table, plain)
    case 'checkbox':
      return <input type="checkbox" checked={(token as Tokens.Checkbox).checked} disabled aria-label="Task" />
    case 'html':
      return <p>{plain(token.raw)}</p>
    case 'text':
      return token.tokens === undefined ? plain(token.text) : inlineOf(token.tokens, plain)
    default:
      return inlineOf([token], plain)
  }
}

function tableOf({ header, rows, align }: Tokens.Table, plain: Plain): ComponentChildren {
  const classOf = (index: number): string | undefined => (align[index] === 'right' ? 'numeric' : undefined)
  return (
    <div class="markdown-table" tabIndex={0} role="region" aria-label="Table in the answer">
      <table>
        <thead>
          <tr>
            {header.map((cell, index) => (
              <th scope="col" class={classOf(index)}>
                {inlineOf(cell.tokens, plain)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((cell, index) => (
                <td class={classOf(index)}>{inlineOf(cell.tokens, plain)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function inlineOf(tokens: readonly Token[] | undefined, plain: Plain): ComponentChildren {
  return tokens?.map((token) => {
    switch (token.type) {
      case 'strong':
        return <strong>{inlineOf(token.tokens, plain)}</strong>
      case 'em':
        return <em>{inlineOf(token.tokens, plain)}</em>
      case 'del':
        return <del>{inlineOf(token.tokens, plain)}</del>
      case 'codespan':
        return <code>{plain((token as Tokens.Codespan).text)}</code>
      case 'br':
        return <br />
      case 'escape':
        return plain((token as Tokens.Escape).text)
      case 'link':
        return linkOf(token as Tokens.Link, plain)
      case 'image':
        return <span class="muted">[picture: {plain((token as Tokens.Image).text)}, not loaded]</span>
      case 'text':
        return token.tokens === undefined ? plain((token as Tokens.Text).text) : inlineOf(token.tokens, plain)
      default:
        // HTML among it, and whatever is unknown, stands as it was written.
        return plain(token.raw)
    }
  })
}

function linkOf({ href, tokens, text }: Tokens.Link, plain: Plain): ComponentChildren {
  const target = safeLink(href)
  if (target === null) return <span>{inlineOf(tokens, plain)}</span>
  return (
    <>
      <a href={target.href} rel="noopener noreferrer nofollow" target="_blank" referrerpolicy="no-referrer">
        {inlineOf(tokens, plain)}
      </a>
      {text.trim() !== target.href && <span class="link-target"> ({visibleText(target.shown)})</span>}
    </>
  )
}
