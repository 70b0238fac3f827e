import { compactText } from './compact-text.ts'
import type { RunReads } from './run-reads.ts'

/** What is to run and stands word for word in something that was read. */
export interface CopiedCode {
  /** Lines of the program, from 1. */
  readonly lines: readonly number[]
  /** Ids of the reads. */
  readonly from: readonly string[]
}

/** Fewer characters than this are an idiom, and say nothing about where they came from. */
const fewest = 12
/** So many characters of several lines, each of which may be shorter, stand nowhere by chance. */
const fewestTogether = 24

/** Own code as it is compared. */
interface ComparedCode {
  /** How many programs, and how many texts of words, are in it. */
  programs: number
  words: number
  readonly statements: Set<string>
  readonly lines: Set<string>
  said: string
}

/**
 * Code that needs nobody to stand for it: it ran before anybody else had a say, a person has allowed it, or it is theirs. As it is
 * compared it is made when it is asked for, and goes when memory is wanted.
 */
export class OwnCode {
  readonly #programs: string[] = []
  readonly #words: string[] = []
  #compared: WeakRef<ComparedCode> | null = null

  /** A program that was allowed. */
  add(program: string): void {
    this.#programs.push(program)
  }

  /** Words of a person, with all that they have pasted: whoever pastes code gives it to be used. */
  addWords(words: string): void {
    this.#words.push(words)
  }

  holds(compact: string): boolean {
    const { statements, said } = this.#comparable()
    return statements.has(compact) || said.includes(compact)
  }

  /** Is each of these lines one that has run, whether it does anything or not? */
  hasRun(lines: readonly string[]): boolean {
    const compared = this.#comparable()
    return lines.every((line) => compared.lines.has(line))
  }

  #comparable(): ComparedCode {
    let compared = this.#compared?.deref()
    if (compared === undefined) {
      compared = { programs: 0, words: 0, statements: new Set(), lines: new Set(), said: '' }
      this.#compared = new WeakRef(compared)
    }
    for (; compared.programs < this.#programs.length; compared.programs += 1) {
      const program = this.#programs[compared.programs]!
      compared.statements.add(compactText(program.replace(/;\s*$/, '')))
      for (const { compact } of statementsOf(program)) compared.statements.add(compact)
      for (const line of program.split('\n')) compared.lines.add(compactText(line))
    }
    for (; compared.words < this.#words.length; compared.words += 1) {
      compared.said += `\n${compactText(this.#words[compared.words]!)}`
    }
    return compared
  }
}

/**
 * The lines of a program that stand in what was read, whole but for spaces, quotation marks, a comment behind them and the name that
 * takes their value; and lines that stand there one behind the other, however short each is. Imports, reading a file of the session,
 * and calls that are given nothing but numbers are nobody's.
 */
export function copiedLines(program: string, reads: RunReads, own: OwnCode): CopiedCode {
  const lines = new Set<number>()
  const from = new Set<string>()
  for (const { line, compact } of statementsOf(program)) {
    if (own.holds(compact)) continue
    const holding = reads.holding(compact)
    if (holding.length > 0) lines.add(line)
    for (const id of holding) from.add(id)
  }
  for (const part of partsOf(program)) {
    for (const { numbers, ids } of copiedTogether(part, reads, own)) {
      for (const number of numbers) lines.add(number)
      for (const id of ids) from.add(id)
    }
  }
  return { lines: [...lines].toSorted((left, right) => left - right), from: [...from] }
}

interface Line {
  readonly number: number
  readonly text: string
  readonly compact: string
}

/** The lines of a program without those that are empty or nobody's, which part them. */
function partsOf(program: string): readonly (readonly Line[])[] {
  const parts: Line[][] = [[]]
  for (const [at, text] of program.split('\n').entries()) {
    if (text.trim() === '' || isComment.test(text)) continue
    if (isImport.test(text) || readsFile.test(text.replaceAll(/\s+/g, ''))) parts.push([])
    else parts.at(-1)?.push({ number: at + 1, text, compact: compactText(text) })
  }
  return parts.filter((part) => part.length > 1)
}

/** Runs of two lines and more that stand in what was read and act. */
function* copiedTogether(part: readonly Line[], reads: RunReads, own: OwnCode) {
  for (let first = 0; first < part.length - 1; first += 1) {
    let [together, end] = ['', first]
    while (end < part.length && (together.length < fewestTogether || end - first < 2)) together += part[end++]!.compact
    if (together.length < fewestTogether || end - first < 2) return
    let ids = reads.holding(together)
    if (ids.length === 0 || own.holds(together)) continue
    for (; end < part.length; end += 1) {
      const more = reads.holding(together + part[end]!.compact)
      if (more.length === 0) break
      ids = more
      together += part[end]!.compact
    }
    const run = part.slice(first, end)
    const hasRun = own.hasRun(run.map(({ compact }) => compact))
    if (!hasRun && isAction(run.map(({ text }) => text).join(' ')))
      yield { numbers: run.map(({ number }) => number), ids }
    first = end - 1
  }
}

/** A statement that stands whole in what was read. */
export function copiedStatement(statement: string, reads: RunReads, own: OwnCode): CopiedCode {
  const compact = compactText(statement.replace(/;\s*$/, ''))
  if (compact.length < fewest || own.holds(compact)) return { lines: [], from: [] }
  const from = reads.holding(compact)
  return from.length === 0 ? { lines: [], from } : { lines: statement.split('\n').map((_, at) => at + 1), from }
}

interface Statement {
  readonly line: number
  readonly compact: string
}

function* statementsOf(program: string): Generator<Statement> {
  for (const [at, line] of program.split('\n').entries()) {
    if (isComment.test(line) || readsFile.test(line.replaceAll(/\s+/g, ''))) continue
    for (const text of new Set([line, withoutComment(line)].flatMap((each) => each.split(';')))) {
      const value = valueOf(text)
      if (!isAction(value ?? text)) continue
      for (const part of value === null ? [text] : [text, value]) {
        const compact = compactText(part)
        if (compact.length >= fewest) yield { line: at + 1, compact }
      }
    }
  }
}

function withoutComment(line: string): string {
  const [code = ''] = line.split(/\s(?:#|\/\/)/, 1)
  return code
}

/** What a name is given; null where the line gives none anything. */
function valueOf(text: string): string | null {
  const [, value = null] = /^\s*(?:(?:const|let|var)\s+)?[\p{L}_][\p{L}\p{N}_.]*\s*=(?!=)(.*)$/u.exec(text) ?? []
  return value
}

const isComment = /^\s*(?:#|\/\/)/
const isImport = /^\s*(?:import|from)\s/
const readsFile =
  /^(?:[\p{L}_][\p{L}\p{N}_]*=)?(?:(?:pandas|pd|polars|pl|duckdb)\.read_(?!pickle)[a-z]+|read_table)\([^()]*\)(?:\.[a-z_]+\(\))?$/u
const isKeyword =
  /^(?:True|False|None|true|false|null|const|let|var|print|return|await|for|if|in|not|and|or|else|elif|while|with|def)$/

/** Does it call something, and give it what is neither a number nor a file to be read? */
function isAction(text: string): boolean {
  const code = text.trim()
  if (!/[\p{L}\p{N}_\])]\s*\(/u.test(code) || isImport.test(code)) return false
  if (readsFile.test(code.replaceAll(/\s+/g, ''))) return false
  if (/["'`]/.test(code)) return true
  const names = [...code.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)]
  return names.some(({ 0: name, index }, at) => {
    const isFirst = at === 0 || names.slice(0, at).every(([before]) => isKeyword.test(before))
    const after = code.slice(index + name.length).trimStart()
    const isNamed = after.startsWith('=') && !after.startsWith('==')
    return !isFirst && !isNamed && !isKeyword.test(name) && code[index - 1] !== '.'
  })
}
