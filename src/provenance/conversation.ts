import type { Taint } from '../core/provenance.ts'
import { decideAction, type ActionDecision, type ProposedCall } from './decide-action.ts'
import type { ToolDeclarations } from './declarations.ts'
import { explainDecision, notCalled } from './explain.ts'
import type { operatorWords } from './options.ts'
import { readPlan } from './plan.ts'
import { ReadLedger, type Json, type Read } from './read-ledger.ts'
import { readTrustedWords, type TrustedWords } from './trusted-words.ts'

/** A call that a model has made before, with the id by which its result names it. */
export interface PastCall extends ProposedCall {
  readonly id: string
}

/** A part of a conversation, oldest first, by who has written it. */
export type Turn =
  | { readonly by: 'operator' | 'person'; readonly text: string }
  | { readonly by: 'model'; readonly text: string; readonly calls: readonly PastCall[] }
  | { readonly by: 'tool'; readonly call: string; readonly texts: readonly string[] }
  /** Something that is kept elsewhere, or is no text: a file, a picture, what a provider remembers. */
  | { readonly by: 'unknown' }

export interface ConversationOptions {
  readonly tools: ToolDeclarations
  /** What instructions of the application stand for. */
  readonly operatorWords: (typeof operatorWords)[number]
}

export interface JudgedCall {
  readonly decision: ActionDecision
  /** For whoever asked; null where the call simply runs. */
  readonly sentence: string | null
}

/** Judges the calls of one answer, in their order: what comes after a refusal is looked at by a person. */
export interface Judge {
  decide(call: ProposedCall): JudgedCall
  /** Something else has refused the call that was decided last, such as a rule of the operator. */
  wasRefused(): void
}

export interface Conversation {
  readonly reads: readonly Read[]
  /** Of all that the model had before it when it wrote its calls, and of these. */
  readonly origins: readonly Taint[]
  /** A judge for one answer to it. */
  judge(): Judge
}

/** Characters of trusted texts that are compared, the newest first: what is left out stands for nothing. */
const mostTrusted = 32_768
/** Characters, and records, of results that are followed. Of more than that nothing is: then everything is unknown. */
const mostRead = 1_000_000
const mostRecords = 10_000

/**
 * A conversation as its caller sends it, for deciding about the calls that a model makes next. Its roles say who has written
 * what: the person and the application are trusted, what tools have answered and models have said is not. Where a result cannot
 * be followed to a call of a declared tool, what was read is unknown.
 */
export function readConversation(turns: readonly Turn[], options: ConversationOptions): Conversation {
  const { tools } = options
  const ledger = new ReadLedger()
  const own = textsBy(turns, 'person')
  const ofPerson = readTrustedWords(own)
  const ofOperator = readTrustedWords(textsBy(turns, 'operator'))
  const asked = options.operatorWords === 'steps' ? readTrustedWords([...textsBy(turns, 'operator'), ...own]) : ofPerson
  const words = options.operatorWords === 'names' ? withNames(ofPerson, ofOperator) : asked
  const isLong = lengthRead(turns) > mostRead || recordsRead(turns) > mostRecords
  let isUntraced = false
  const addUntraced = (): void => {
    isUntraced = true
    ledger.addUntraced()
  }
  if (isLong) addUntraced()
  const calls = new Map<string, PastCall>()
  let hasRefused = false
  for (const turn of turns) {
    if (turn.by === 'person') hasRefused = false
    else if (turn.by === 'unknown') addUntraced()
    else if (turn.by === 'model') {
      for (const call of turn.calls) calls.set(call.id, call)
      if (turn.text.trim() !== '') addUntraced()
      hasRefused ||= turn.text.includes(notCalled)
    } else if (turn.by === 'tool') {
      const call = calls.get(turn.call)
      const declared = call !== undefined && Object.hasOwn(tools, call.tool) ? tools[call.tool] : undefined
      hasRefused ||= turn.texts.some((text) => text.includes(notCalled))
      if (call === undefined || declared === undefined || isLong) addUntraced()
      else ledger.add(call.tool, declared, call.arguments ?? {}, resultOf(turn.texts))
    }
  }
  const plan = readPlan(asked)
  return {
    reads: ledger.reads,
    origins: originsOf(turns, { reads: ledger.reads, isUntraced }),
    judge: () => {
      let isAfterRefusal = hasRefused
      return {
        decide: (call) => {
          const decision = decideAction(call, { tools, words, plan, ledger, hasRefused: isAfterRefusal })
          isAfterRefusal ||= decision.kind === 'refuse'
          return { decision, sentence: explainDecision(decision, { call, reads: ledger.reads, words }) }
        },
        wasRefused: () => {
          isAfterRefusal = true
        },
      }
    },
  }
}

function originsOf(
  turns: readonly Turn[],
  { reads, isUntraced }: { readonly reads: readonly Read[]; readonly isUntraced: boolean },
): readonly Taint[] {
  const origins = new Set<Taint>(['model'])
  for (const { by } of turns) if (by === 'person' || by === 'operator') origins.add(by === 'person' ? 'user' : by)
  for (const { origin, trusted } of reads) if (!trusted) origins.add(origin)
  if (isUntraced) origins.add('unknown')
  return [...origins]
}

/** The newest texts of somebody, as many as are compared. */
function textsBy(turns: readonly Turn[], by: 'operator' | 'person'): readonly string[] {
  const texts: string[] = []
  let left = mostTrusted
  for (const turn of turns.toReversed()) {
    if (turn.by !== by || left === 0) continue
    const text = turn.text.slice(0, left)
    left -= text.length
    texts.unshift(text)
  }
  return texts
}

/** The words of a person, who may also call things by names that the application gives. */
function withNames(words: TrustedWords, names: TrustedWords): TrustedWords {
  return {
    ...words,
    says: (value) => words.says(value) || names.says(value),
    names: (...asked) => words.names(...asked) || names.names(...asked),
    quotes: (name) => words.quotes(name) || names.quotes(name),
    holds: (address) => words.holds(address) || names.holds(address),
    tells: (address) => words.tells(address) || names.tells(address),
    saysNumber: (...asked) => words.saysNumber(...asked) || names.saysNumber(...asked),
    missing: (all) => names.missing(words.missing(all)),
  }
}

function lengthRead(turns: readonly Turn[]): number {
  return turns.reduce((sum, turn) => sum + (turn.by === 'tool' ? turn.texts.join('').length : 0), 0)
}

function recordsRead(turns: readonly Turn[]): number {
  return turns.reduce((sum, turn) => sum + (turn.by === 'tool' ? turn.texts.join('').split('{').length - 1 : 0), 0)
}

/** What a tool has answered: a value where the text is JSON, so that its records can be told apart. */
function resultOf(texts: readonly string[]): Json {
  const values = texts.map(valueOf)
  const [only] = values
  return values.length === 1 && only !== undefined ? only : values
}

function valueOf(text: string): Json {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
