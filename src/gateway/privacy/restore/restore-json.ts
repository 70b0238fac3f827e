import type { Document } from '../mask/documents.ts'
import type { JsonListNode, JsonNode, JsonObjectNode } from '../../../text/json-tree.ts'
import { elementOf, memberOf, type PositionKind, type PositionNode } from '../positions/position.ts'
import type { Spellings } from '../tokens/spellings.ts'
import type { TokenBook, TokenEntry } from '../tokens/token-book.ts'
import { JoinedTexts } from './joined-texts.ts'
import { LinkGuard, type TextForm } from './link-guard.ts'
import { AnswerText } from './answer-text.ts'
import { ChoiceRestorer } from './choice-restorer.ts'
import type { NewValues } from './new-values.ts'
import { TextRestorer } from './text-restorer.ts'

/** What may be restored for one request, and where. */
export interface Restoring {
  readonly book: TokenBook
  readonly spellings: Spellings
  /** How the answer's words are read: as JSON where the request asked for JSON. */
  readonly form: TextForm
  /** May values go to this tool? */
  readonly mayReach: (tool: string) => boolean
  /** Texts that any tool of this name gets as they were written where they are the whole of a text: its schema lists them. */
  readonly choicesOf?: (tool: string) => Choices
  readonly onToken: (entry: TokenEntry, outcome: 'restored' | 'left') => void
  /** Withholds what the model says of people that its caller did not; null where the profile lets it pass. */
  readonly newValues: (() => NewValues) | null
}

/** Texts that a schema lists, as the model sees them, and as they were written. */
export type Choices = ReadonlyMap<string, string>

interface TextSurroundings {
  /** Texts that alone are restored, each as a whole; null for all tokens, anywhere. */
  readonly choices?: Choices | null
  /** What has read the texts that a client puts before this one. */
  readonly guard?: LinkGuard | undefined
}

/** A text of the answer: words, or what a tool is called with, in the form in which it is read. */
export function textFor(
  restoring: Restoring,
  toolForm: TextForm | null,
  { choices = null, guard }: TextSurroundings = {},
): AnswerText {
  const { book, spellings, onToken } = restoring
  const form = toolForm ?? restoring.form
  const options = { book, spellings, onToken, form } as const
  const restorer =
    choices === null
      ? new TextRestorer({ ...options, guard: guard ?? new LinkGuard(form) })
      : new ChoiceRestorer({ ...options, choices })
  return new AnswerText(restorer, toolForm === null ? (restoring.newValues?.() ?? null) : null)
}

/** Which tokens a tool gets the values of: all (null), those of texts that it lists, or `none`. */
export function reachOf({ mayReach, choicesOf }: Restoring, tool: string): Choices | null | 'none' {
  if (mayReach(tool)) return null
  const choices = choicesOf?.(tool)
  return choices === undefined || choices.size === 0 ? 'none' : choices
}

/**
 * Changes a document where it holds tokens, at the positions of a table. Resolves to whether a new value was withheld from it.
 */
export async function restoreDocument(
  document: Document,
  positions: PositionNode,
  restoring: Restoring,
  { tool = '', before = '' }: RepeatedText = {},
): Promise<{ readonly hasWithheld: boolean }> {
  let hasWithheld = false
  const restorer = new DocumentRestorer(document, restoring, tool)
  restorer.value(document.root, { position: positions, owner: null })
  const texts = new JoinedTexts(restoring.form)
  for (const { node, toolForm, choices, parts } of restorer.texts) {
    const text = document.stringAt(node)
    const guard = toolForm === null && parts !== null ? texts.guardBehind(parts, before) : undefined
    if (guard !== undefined) texts.add(parts ?? '', text)
    const answer = textFor(restoring, toolForm, { choices, guard })
    const restored = (await answer.push(text)) + (await answer.end())
    if (restored !== text) document.replace(node, JSON.stringify(restored))
    hasWithheld ||= answer.withheld > 0
  }
  return { hasWithheld }
}

interface RepeatedText {
  /** What was called with what stands in the outermost object, where that does not say it by itself. */
  readonly tool?: string
  /** What clients put before the texts of the document. */
  readonly before?: string
}

interface AnsweredText {
  readonly node: JsonNode
  /** How a tool reads it; null for words. */
  readonly toolForm: TextForm | null
  readonly choices: Choices | null
  /** Name of the list of parts of which clients put the texts together; null where it is read by itself. */
  readonly parts: string | null
}

interface Place {
  readonly position: PositionNode | null
  readonly owner: JsonObjectNode | null
  /** Name of the member that it is. */
  readonly name?: string
  /** Name of the list in which it stands. */
  readonly list?: string
  /** Inside of what a tool is called with: everything there goes to it. */
  readonly tool?: string
}

/** The list of the items of a request: each is read by itself. */
const apart = 'data'

class DocumentRestorer {
  readonly texts: AnsweredText[] = []
  readonly #document: Document
  readonly #restoring: Restoring
  readonly #rootTool: string

  constructor(document: Document, restoring: Restoring, rootTool: string) {
    this.#document = document
    this.#restoring = restoring
    this.#rootTool = rootTool
  }

  value(node: JsonNode, { position, owner, tool, name = '', list = '' }: Place): void {
    const kind = position?.kind ?? null
    if (kind === 'json' && node.kind === 'object') {
      this.#all(node, this.#toolOf(owner))
    } else if (node.kind === 'object') {
      if (kind === 'text') return this.#all(node, null)
      for (const { name, value } of node.members) {
        const inner = memberOf(position, name)
        if (inner !== null) this.value(value, { position: inner, owner: node, name, list })
      }
    } else if (node.kind === 'list') {
      const inner = elementOf(position) ?? (kind === 'text' ? position : null)
      if (inner !== null)
        for (const element of node.elements)
          this.value(element, { position: inner, owner, list: list === apart ? apart : name })
    } else if (node.kind === 'string' && kind !== null) {
      this.#string(node, kind, tool ?? this.#toolOf(owner), name === 'text' && list !== apart ? list : null)
    }
  }

  /** Every text and number below, for a tool, or for the caller where it is null. */
  #all(node: JsonNode, tool: string | null): void {
    if (node.kind === 'object') {
      for (const { at, value } of node.members) {
        this.#string({ kind: 'string', ...at }, tool === null ? 'text' : 'tool-text', tool ?? '')
        this.#all(value, tool)
      }
    } else if (node.kind === 'list') {
      for (const element of node.onlyNumbers ? this.#numbersOf(node) : node.elements) this.#all(element, tool)
    } else if (node.kind === 'string') this.#string(node, tool === null ? 'text' : 'tool-text', tool ?? '')
    else if (node.kind === 'number') this.#number(node, tool)
  }

  #string(node: JsonNode, kind: PositionKind, tool: string, parts: string | null = null): void {
    const forTool = kind === 'json' || kind === 'tool-text'
    const choices = forTool ? reachOf(this.#restoring, tool) : null
    if (choices === 'none') return
    this.texts.push({ node, toolForm: kind === 'json' ? 'json' : forTool ? 'prose' : null, choices, parts })
  }

  /** The elements of a list of nothing but numbers, which has no nodes of its own. */
  *#numbersOf(list: JsonListNode): Generator<JsonNode> {
    const text = this.#document.text.slice(list.start, list.end)
    for (const { 0: number, index } of text.matchAll(/\d[^\s,\]]*/g)) {
      const start = list.start + index
      yield { kind: 'number', start, end: start + number.length }
    }
  }

  #number(node: JsonNode, tool: string | null): void {
    const { book, mayReach, onToken } = this.#restoring
    if ((book.numbers.size === 0 && book.surrogates.size === 0) || (tool !== null && !mayReach(tool))) return
    const text = this.#document.text.slice(node.start, node.end)
    const [digits = ''] = /\d+/.exec(text) ?? []
    const entry = book.numbers.get(digits)
    const [surrogate] = book.surrogates.find(digits).places
    // A card that was said as a text may be written as a number: with another form than that of one, it stays.
    const isNumber = surrogate?.end === digits.length && /^(?:0|[1-9]\d*)$/.test(surrogate.value)
    const value = entry?.value ?? (isNumber ? surrogate.value : null)
    const found = entry ?? surrogate?.entry
    if (value === null || found === undefined) return
    onToken(found, 'restored')
    this.#document.replace(node, text.replace(digits, value))
  }

  #toolOf(owner: JsonObjectNode | null): string {
    const name = owner?.members.findLast((member) => member.name === 'name')?.value
    if (name?.kind === 'string') return this.#document.stringAt(name)
    return owner === this.#document.root ? this.#rootTool : ''
  }
}
