import { isJson } from '../../../core/json.ts'
import type { JsonNode } from '../../../text/json-tree.ts'
import type { Spellings } from '../tokens/spellings.ts'
import type { TokenBook, TokenEntry } from '../tokens/token-book.ts'
import { documentOf } from './answer-document.ts'
import type { TextForm } from './link-guard.ts'

interface ChoiceRestorerOptions {
  readonly book: TokenBook
  readonly spellings: Spellings
  readonly form: TextForm
  readonly onToken?: (entry: TokenEntry, outcome: 'restored' | 'left') => void
  /** What the schema of the tool lists: as the model sees it, and as it was written. */
  readonly choices: ReadonlyMap<string, string>
}

/**
 * Puts back what a tool's own schema lists, where it is the whole of a text that the tool is called with, and nothing else: a
 * text within JSON that is no name of a member, or the text itself. What comes in pieces is held to its end, which decides.
 */
export class ChoiceRestorer {
  readonly #options: ChoiceRestorerOptions
  #held = ''

  constructor(options: ChoiceRestorerOptions) {
    this.#options = options
  }

  get holds(): boolean {
    return this.#held !== ''
  }

  push(piece: string): string {
    this.#held += piece
    return ''
  }

  end(): string {
    const text = this.#held
    this.#held = ''
    const restored = this.#options.form === 'json' ? this.#inJson(text) : this.#chosen(text)
    this.#tell(restored ?? text, 'left')
    return restored ?? text
  }

  #inJson(text: string): string | null {
    const document = isJson(text) ? documentOf(text) : null
    if (document === null) return null
    for (const node of textsIn(document.root)) {
      const chosen = this.#chosen(document.stringAt(node))
      if (chosen !== null) document.replace(node, JSON.stringify(chosen))
    }
    return document.render()
  }

  /** What was listed, for a text in which the model may write its tokens in any of their ways. */
  #chosen(text: string): string | null {
    const chosen = this.#options.choices.get(this.#plain(text))
    if (chosen === undefined) return null
    this.#tell(text, 'restored')
    return chosen
  }

  #plain(text: string): string {
    let plain = ''
    let at = 0
    for (const { start, end, entry } of this.#tokensIn(text)) {
      plain += text.slice(at, start) + entry.token
      at = end
    }
    return plain + text.slice(at)
  }

  #tell(text: string, outcome: 'restored' | 'left'): void {
    for (const { entry } of this.#tokensIn(text)) this.#options.onToken?.(entry, outcome)
  }

  #tokensIn(text: string) {
    const { book, spellings } = this.#options
    const tokens = spellings.find(text).spellings.flatMap((spelling) => {
      const entry = book.meant(spelling)
      return entry === null ? [] : [{ start: spelling.start, end: spelling.end, entry }]
    })
    const surrogates = book.surrogates.find(text).places
    return surrogates.length === 0
      ? tokens
      : [...tokens, ...surrogates].toSorted((one, other) => one.start - other.start)
  }
}

/** The texts of a value of JSON, but for the names of members. */
function* textsIn(node: JsonNode): Generator<JsonNode> {
  if (node.kind === 'string') yield node
  else if (node.kind === 'list') for (const element of node.elements) yield* textsIn(element)
  else if (node.kind === 'object') for (const { value } of node.members) yield* textsIn(value)
}
