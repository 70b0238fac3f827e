import { eventFields, eventTypes } from '../event-types.ts'
import { operators, type Expression, type Operator } from './rule.ts'
import { ruleProblem } from './rule-problem.ts'

/** What conditions refer to by name. */
export interface Vocabulary {
  readonly lists: ReadonlyMap<string, readonly string[]>
  readonly macros: ReadonlyMap<string, string>
}

interface Token {
  readonly text: string
  readonly isQuoted: boolean
}

const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([(),])|(>=|<=|!=|==|=|<|>)|([^\s"'(),=<>!]+))/y

/** Deeper than any rule for people to read; a condition is read by functions that call themselves. */
const deepest = 64
/** Macros that name macros multiply; whoever writes a rule file runs it, so this is a guard against accidents. */
const mostParts = 10_000

const known: ReadonlySet<string> = new Set(operators)
const notUnderstood: ReadonlySet<string> = new Set([
  'glob',
  'iglob',
  'regex',
  'intersects',
  'bcontains',
  'bstartswith',
  'iin',
])
const ordered: ReadonlySet<string> = new Set(['<', '<=', '>', '>='])

/** Reads a condition in the form of Falco, with its macros and lists put in. `item` is whose it is, for messages. */
export function parseCondition(item: string, text: string, vocabulary: Vocabulary): Expression {
  return new Reader(item, vocabulary, { parts: 0, open: [] }).read(text)
}

interface Progress {
  parts: number
  /** Macros that are being read, the outermost first. */
  readonly open: readonly string[]
}

class Reader {
  readonly #item: string
  readonly #vocabulary: Vocabulary
  readonly #progress: Progress
  #tokens: readonly Token[] = []
  #at = 0
  #depth = 0

  constructor(item: string, vocabulary: Vocabulary, progress: Progress) {
    this.#item = item
    this.#vocabulary = vocabulary
    this.#progress = progress
  }

  read(text: string): Expression {
    this.#tokens = this.#split(text)
    if (this.#tokens.length === 0) throw this.#problem('its condition is empty')
    const expression = this.#either()
    const rest = this.#tokens[this.#at]
    if (rest !== undefined) throw this.#problem(`"${rest.text}" stands where "and", "or" or the end was expected`)
    return expression
  }

  #split(text: string): readonly Token[] {
    const tokens: Token[] = []
    pattern.lastIndex = 0
    while (pattern.lastIndex < text.trimEnd().length) {
      const start = pattern.lastIndex
      const found = pattern.exec(text)
      if (found === null)
        throw this.#problem(`its condition cannot be read from "${text.slice(start).trim().slice(0, 30)}"`)
      const quoted = found[1] ?? found[2]
      tokens.push(
        quoted === undefined
          ? { text: found[3] ?? found[4] ?? found[5] ?? '', isQuoted: false }
          : { text: quoted.replaceAll(/\\(.)/g, '$1'), isQuoted: true },
      )
    }
    return tokens
  }

  #either(): Expression {
    this.#depth += 1
    if (this.#depth > deepest) throw this.#problem(`its condition is nested more than ${deepest} deep`)
    const parts = [this.#both()]
    while (this.#take('or')) parts.push(this.#both())
    this.#depth -= 1
    return parts.length === 1 ? parts[0]! : { op: 'or', of: parts }
  }

  #both(): Expression {
    const parts = [this.#one()]
    while (this.#take('and')) parts.push(this.#one())
    return parts.length === 1 ? parts[0]! : { op: 'and', of: parts }
  }

  #one(): Expression {
    this.#progress.parts += 1
    if (this.#progress.parts > mostParts) throw this.#problem(`its condition comes to more than ${mostParts} parts`)
    if (this.#take('not')) {
      this.#depth += 1
      if (this.#depth > deepest) throw this.#problem(`its condition is nested more than ${deepest} deep`)
      const inner = this.#one()
      this.#depth -= 1
      return { op: 'not', of: [inner] }
    }
    if (this.#take('(')) {
      const inner = this.#either()
      this.#need(')')
      return inner
    }
    const name = this.#word('a field or a macro')
    const next = this.#tokens[this.#at]
    if (!name.includes('.') || next === undefined) return this.#macro(name)
    return this.#comparison(name)
  }

  #macro(name: string): Expression {
    const text = this.#vocabulary.macros.get(name)
    if (text === undefined) {
      throw this.#problem(name.includes('.') ? `nothing is asked about ${name}` : `there is no macro "${name}"`)
    }
    const open = [...this.#progress.open, name]
    if (this.#progress.open.includes(name)) throw this.#problem(`its macros go round: ${open.join(' → ')}`)
    const progress = { parts: this.#progress.parts, open }
    const expression = new Reader(this.#item, this.#vocabulary, progress).read(text)
    this.#progress.parts = progress.parts
    return expression
  }

  #comparison(field: string): Expression {
    const kind = eventFields.get(field)
    if (kind === undefined) throw this.#problem(`the field "${field}" is not understood`)
    const operator = this.#word('an operator')
    if (operator === 'exists') return { op: 'exists', field }
    if (notUnderstood.has(operator)) throw this.#problem(`the operator "${operator}" is not understood`)
    if (!isOperator(operator)) throw this.#problem(`"${operator}" is no operator`)
    if (ordered.has(operator) && kind !== 'number') throw this.#problem(`${field} is no number, and has no ${operator}`)
    const values = operator === 'in' || operator === 'pmatch' ? this.#list() : [this.#value(operator)]
    if (kind === 'number') {
      const wrong = values.find((value) => !/^-?(?:\d+|0x[\da-f]+)$/i.test(value))
      if (wrong !== undefined) throw this.#problem(`${field} is a number, and "${wrong}" is none`)
    }
    return { op: operator, field, values: values.map((value) => asTold(field, kind, value)) }
  }

  #list(): readonly string[] {
    this.#need('(')
    const values: string[] = []
    if (this.#take(')')) return this.#filled(values)
    for (;;) {
      const token = this.#tokens[this.#at]
      const value = this.#value('a list')
      const list = token?.isQuoted === true ? undefined : this.#vocabulary.lists.get(value)
      values.push(...(list ?? [value]))
      if (this.#take(')')) return this.#filled(values)
      this.#need(',')
    }
  }

  #filled(values: readonly string[]): readonly string[] {
    if (values.length === 0) throw this.#problem('it compares with an empty list')
    return values
  }

  #value(where: string): string {
    const token = this.#tokens[this.#at]
    if (token === undefined || (!token.isQuoted && /^[(),]$/.test(token.text))) {
      throw this.#problem(`a value is missing after ${where}`)
    }
    this.#at += 1
    return token.text
  }

  #word(what: string): string {
    const token = this.#tokens[this.#at]
    if (token === undefined || token.isQuoted || /^[(),]$/.test(token.text)) {
      throw this.#problem(`${what} was expected ${token === undefined ? 'at the end' : `before "${token.text}"`}`)
    }
    this.#at += 1
    return token.text
  }

  #take(text: string): boolean {
    const token = this.#tokens[this.#at]
    if (token === undefined || token.isQuoted || token.text !== text) return false
    this.#at += 1
    return true
  }

  #need(text: string): void {
    if (!this.#take(text)) {
      throw this.#problem(
        `"${text}" was expected ${this.#at < this.#tokens.length ? `before "${this.#tokens[this.#at]?.text}"` : 'at the end'}`,
      )
    }
  }

  #problem(why: string) {
    return ruleProblem(this.#item, why)
  }
}

/** A value in the form in which the relay has it: numbers are compared as texts, and some events bear another's name. */
function asTold(field: string, kind: 'text' | 'number', value: string): string {
  if (field === 'evt.type') return eventTypes.get(value)?.toldAs ?? value
  return kind === 'number' ? String(Number(value)) : value
}

function isOperator(text: string): text is Operator {
  return known.has(text)
}
