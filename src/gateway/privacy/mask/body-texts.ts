import { isJson } from '../../../core/json.ts'
import { ServiceError } from '../../../core/errors.ts'
import {
  deepest,
  type JsonListNode,
  type JsonMember,
  type JsonNode,
  type JsonObjectNode,
} from '../../../text/json-tree.ts'
import {
  elementOf,
  likeMemberOf,
  memberOf,
  requestTree,
  type ApiPositions,
  type PositionKind,
  type PositionNode,
} from '../positions/position.ts'
import { Document } from './documents.ts'
import { firstNewTurn } from './first-new-turn.ts'
import { fileContentOf, isDataAddress, isEncoded, isWhollyDataAddress } from './file-content.ts'
import { schemaKind } from './schema-words.ts'

/** A text of a body that is looked at. */
export interface BodyText {
  /** `messages[2].content[0].text`. */
  readonly path: string
  /** `words` of people, an `identifier` that programs compare, a `choice` that a schema lists, the digits of a `number`. */
  readonly kind: 'words' | 'identifier' | 'choice' | 'number'
  readonly text: string
  /** Name of the member it stands under: says what a bare number is. */
  readonly label: string | null
  /** The place of its turn in the conversation; 0 for what comes before all turns. */
  readonly turn: number
  /** Puts another text in its place. */
  readonly replace: (text: string) => void
}

/** Something of a body that is not looked at. */
export interface UnreadPart {
  readonly path: string
  /** `place` is looked at for what has a form of its own. */
  readonly kind: 'media' | 'sealed' | 'place'
  /** What is sealed; '' for the rest. */
  readonly text: string
}

export interface BodyTexts {
  /** In the order in which a model reads them. */
  readonly texts: readonly BodyText[]
  readonly unread: readonly UnreadPart[]
  /** The first turn that no earlier request had. */
  readonly newFrom: number
  /** The body with what was replaced. */
  readonly render: () => string
}

/**
 * Every text of a body: what the table of the API names, and whatever it does not name, names of members and numbers
 * included. Throws `invalid-request` for texts that come as ids of tokens.
 */
export function textsOfBody(body: string, positions: ApiPositions): BodyTexts {
  const collector = new Collector()
  const document = new Document(body)
  const tree = requestTree(positions)
  const { root } = document
  let newFrom = 1
  if (root.kind === 'object') {
    const later = new Set(positions.turns)
    const rest = root.members.filter(({ name }) => !later.has(name))
    const isFirst = ({ name }: JsonMember): boolean => positions.first.includes(name)
    for (const member of [...rest.filter(isFirst), ...rest.filter((each) => !isFirst(each))]) {
      collector.member(member, { document, path: '', position: tree, turn: 0, kind: null, owner: root })
    }
    for (const member of root.members.filter(({ name }) => later.has(name))) {
      if (member.value.kind === 'list') newFrom = firstNewTurn(member.value.elements, document)
      collector.turns(member, { document, path: '', position: tree, turn: 1, kind: null, owner: root })
    }
  }
  return {
    texts: collector.texts,
    unread: collector.unread,
    newFrom,
    render: () => {
      for (const inner of collector.documents.toReversed()) inner.putBack()
      return document.render()
    },
  }
}

interface Place {
  readonly document: Document
  readonly path: string
  /** What the table says of the value; null where it does not know it. */
  readonly position: PositionNode | null
  readonly turn: number
  /** What everything here is, whatever the table says: the inside of a schema, or of JSON. */
  readonly kind: PositionKind | null
  readonly owner: JsonObjectNode | null
  readonly label?: string
  /** Does it stand below another spelling of a name that the table knows? Then all of it is words, but for what is none. */
  readonly isMisspelled?: boolean
}

class Collector {
  readonly texts: BodyText[] = []
  readonly unread: UnreadPart[] = []
  readonly documents: Document[] = []

  turns({ name, at, value }: JsonMember, place: Place): void {
    const position = memberOf(place.position, name)
    if (value.kind !== 'list' || value.onlyNumbers) return this.member({ name, at, value }, place)
    for (const [index, element] of value.elements.entries()) {
      const path = `${name}[${index}]`
      this.value(element, { ...place, path, position: elementOf(position), turn: index + 1, label: name })
    }
  }

  member({ name, at, value }: JsonMember, place: Place): void {
    const { document, turn } = place
    const known = memberOf(place.position, name)
    const position = known ?? likeMemberOf(place.position, name)
    const isMisspelled = place.isMisspelled === true || (known === null && position !== null)
    const isOfTheApi = !isMisspelled && place.position?.members.has(name) === true
    const shown = isOfTheApi ? name : nameInPath(name)
    const path = below(place.path, place.path === '' ? shown : `.${shown}`)
    // The names that an API has are no texts of anybody.
    if (!isOfTheApi) {
      const isWords = known === null && place.kind !== 'schema' && place.position?.kind !== 'schema'
      const kind = isWords ? 'words' : 'identifier'
      const replace = (text: string) => document.replace(at, JSON.stringify(text))
      this.texts.push({ path, kind, text: name, label: null, turn, replace })
    }
    const isInSchema = !isMisspelled && (place.kind === 'schema' || place.position?.kind === 'schema')
    const inherited = isInSchema ? schemaKind(name) : place.kind
    const owner = place.owner
    this.value(value, { document, path, position, turn, kind: inherited, owner, label: name, isMisspelled })
  }

  value(node: JsonNode, place: Place): void {
    const kind = kindAt(place)
    if (kind === 'kept' && node.kind !== 'object') return
    if (node.kind === 'object') return this.#object(node, place)
    if (node.kind === 'list') return this.#list(node, place)
    if (node.kind === 'number') this.#number(node, place)
    else if (node.kind === 'string') this.#string(node, place, kind ?? 'text')
  }

  #object(node: JsonObjectNode, place: Place): void {
    for (const member of node.members) this.member(member, { ...place, owner: node })
  }

  #list(node: JsonListNode, place: Place): void {
    const kind = kindAt(place)
    if (node.onlyNumbers) {
      if (kind === 'token-ids') throw refuseTokenIds(place.path)
      return this.#numbers(node, place)
    }
    const position = elementOf(place.position)
    for (const [index, element] of node.elements.entries()) {
      this.value(element, { ...place, position, path: below(place.path, `[${index}]`) })
    }
  }

  #number(node: JsonNode, { document, path, turn, label }: Place): void {
    const written = document.text.slice(node.start, node.end)
    const about = { path, kind: 'number', label: label ?? null, turn } as const
    if (/e/i.test(written)) {
      const whole = String(Math.abs(Number(written)))
      if (!/^\d{7,}$/.test(whole)) return
      this.texts.push({ ...about, text: whole, replace: (number: string) => document.replace(node, number) })
      return
    }
    // A sign and a fraction say nothing of whose number it is.
    const digits = /\d+/.exec(written)
    if (digits === null || digits[0].length < fewestDigits) return
    const [text] = digits
    const start = node.start + digits.index
    const replace = (number: string) => document.replace({ start, end: start + text.length }, number)
    this.texts.push({ ...about, text, replace })
  }

  /** The long ones of a list of numbers. */
  #numbers(node: JsonListNode, place: Place): void {
    const text = place.document.text.slice(node.start, node.end)
    for (const { 0: number, index } of text.matchAll(numbersOfList)) {
      if (number.length < fewestDigits && !/e/i.test(number)) continue
      const start = node.start + index
      this.#number({ kind: 'number', start, end: start + number.length }, { ...place, path: below(place.path, '[]') })
    }
  }

  #string(node: JsonNode, place: Place, kind: PositionKind): void {
    const { document, path, turn, label, owner } = place
    const text = document.stringAt(node)
    if (text === '') return
    // What is sealed has no form in which a value could be read, but for what was thought.
    if (kind === 'sealed' && (label === 'thinking' || sealedForm.test(text))) {
      this.unread.push({ path, kind: 'sealed', text })
      return
    }
    if ((kind === 'json' || kind === 'text' || kind === 'token-ids') && this.#inner(text, node, place)) return
    const write = (masked: string) => document.replace(node, JSON.stringify(masked))
    const about = { path, turn, label: label ?? null }
    const isFile = isWhollyDataAddress(text)
    if (kind === 'data' || kind === 'media' || isFile) {
      const content = fileContentOf(text, { document, owner, isFile: kind === 'data' })
      const isWords = place.isMisspelled === true && !isFile && !isEncoded(text)
      if (content === 'plain' || (isWords && (content === null || content === 'address')))
        this.texts.push({ ...about, kind: 'words', text, replace: write })
      else if (content === 'address') this.texts.push({ ...about, kind: 'identifier', text, replace: write })
      else if (content === null) {
        this.unread.push({ path, kind: 'media', text: '' })
        // What has not the form of a file, either, is looked at where it passes.
        if (!isDataAddress(text) && !isEncoded(text))
          this.texts.push({ ...about, kind: 'identifier', text, replace: write })
      } else {
        const replace = (masked: string) => write(content.encode(masked))
        this.texts.push({ ...about, kind: 'words', text: content.text, replace })
      }
      return
    }
    if (kind === 'place') this.unread.push({ path, kind, text: '' })
    const isName = kind === 'identifier' || kind === 'schema' || kind === 'place'
    const isChoice = kind === 'schema' && (label === 'enum' || label === 'const')
    this.texts.push({ ...about, kind: isChoice ? 'choice' : isName ? 'identifier' : 'words', text, replace: write })
  }

  /** JSON in a text is read as JSON; what is none of it is words. */
  #inner(text: string, node: JsonNode, place: Place): boolean {
    if (!/^\s*[[{]/.test(text) || !isJson(text)) return false
    const document = innerDocument(text, node, place)
    this.documents.push(document)
    this.value(document.root, { document, path: place.path, position: null, turn: place.turn, kind: null, owner: null })
    return true
  }
}

/** What is no text stays none under a name that is misspelled. */
const neverWords: ReadonlySet<PositionKind> = new Set(['data', 'media', 'token-ids'])

function kindAt({ kind, position, isMisspelled }: Place): PositionKind | null {
  const told = kind ?? position?.kind ?? null
  return isMisspelled === true && told !== null && !neverWords.has(told) ? 'text' : told
}

/**
 * A name that the table does not have as it stands in a path, which receipts, errors and logs show: only as programmers write
 * the names of members. Any other one may be a value.
 */
function nameInPath(name: string): string {
  return /^[a-z]{1,40}(?:_[a-z]{1,40}){0,5}$/.test(name) ? name : '*'
}

/** Longer paths end in a mark: each place that is nested deeply would have one as long as the body is deep. */
const longestPath = 240

function below(path: string, step: string): string {
  if (path.endsWith('…')) return path
  return path.length + step.length > longestPath ? `${path}…` : path + step
}

function innerDocument(text: string, node: JsonNode, { document, path }: Place): Document {
  try {
    return new Document(text, { document, place: node })
  } catch (cause) {
    throw new ServiceError('refused', `${path} holds JSON that is nested more than ${deepest} deep.`, {
      cause,
      parameter: path,
      advice: 'Send it less deeply nested: such a text is not read for personal data.',
    })
  }
}

const sealedForm = /^[\w+/=.:-]*$/

/** Shorter numbers are looked for by nobody. */
const fewestDigits = 7
/** Whole numbers of a list, and what is a number before a power of ten. */
const numbersOfList = /\d[\d.]*(?:e[+-]?\d+)?/gi

function refuseTokenIds(path: string): ServiceError {
  return new ServiceError('invalid-request', `${path}: ids of tokens cannot be read for personal data.`, {
    parameter: path,
    advice: 'Send the text itself.',
  })
}
