import type { TrustedWords } from '../trusted-words.ts'
import { copiedLines, copiedStatement, type OwnCode } from './copied-code.ts'
import type { KnownTables } from './known-tables.ts'
import type { RunReads } from './run-reads.ts'
import { runningLines } from './running-texts.ts'
import type { TableWords } from './table-words.ts'

/** A call of one of the analyst's tools, as its gate has left it. */
export interface AnalystCall {
  readonly tool: string
  /** null for a tool that runs nothing which a model wrote. */
  readonly language: string | null
  /** What the analyzer of the database found to be read: `public.orders`. */
  readonly tables: readonly string[]
  /** What the model wrote. */
  readonly written: string
}

/** What stands for the calls of a run. */
export interface AnalystContext {
  readonly reads: RunReads
  /** Of the person and the operator. */
  readonly words: TableWords
  /** Paths of the files that people have given. */
  readonly files: readonly string[]
  readonly own: OwnCode
  /** Tables that were read before anybody else had a say, or that a person has allowed. */
  readonly planned: ReadonlySet<string>
  /** Tables that a person has said no to. */
  readonly refused: ReadonlySet<string>
  readonly known: KnownTables
}

export const analystRules = ['table-outside-plan', 'code-from-data', 'refused-before'] as const

export type AnalystDecision =
  | { readonly kind: 'allow'; readonly rule: 'nothing-read' | 'reading' | 'planned' }
  | {
      readonly kind: 'allow'
      /** Words do not name these tables, and a plan that was made of them and of the schema alone has them. */
      readonly rule: 'table-in-plan'
      readonly tables: readonly string[]
      readonly from: readonly string[]
    }
  | {
      readonly kind: 'ask'
      readonly rules: readonly Exclude<(typeof analystRules)[number], 'refused-before'>[]
      /** Tables that nothing of the person's names. */
      readonly tables: readonly string[]
      /** Do their words forbid one of these? */
      readonly isForbidden: boolean
      /** Lines that stand word for word in what was read, from 1. */
      readonly lines: readonly number[]
      /** Lines that run a text or a file as code. */
      readonly running: readonly number[]
      /** Ids of the reads that the call may come of. */
      readonly from: readonly string[]
    }
  | {
      readonly kind: 'refuse'
      readonly rule: 'refused-before'
      readonly tables: readonly string[]
      readonly from: readonly string[]
    }

/**
 * Whether a call of the analyst may run. Until somebody else had a say it can only come of trusted words. From then on data chooses
 * neither a table nor code: a table needs to be one that the person speaks of, that was read before, or that is joined to such a
 * one, and no line may stand in what was read, or run a text as code that is not there to be seen. Everything else a person is asked about.
 */
export function decideAnalystCall(call: AnalystCall, context: AnalystContext): AnalystDecision {
  const { reads, own, refused } = context
  if (!reads.isTainted) return { kind: 'allow', rule: 'nothing-read' }
  if (call.language === null) return { kind: 'allow', rule: 'reading' }
  const tables = outsidePlan(call.tables, context)
  if (tables.some((table) => refused.has(table))) {
    return { kind: 'refuse', rule: 'refused-before', tables, from: reads.untrusted }
  }
  const copied =
    call.language === 'sql' ? copiedStatement(call.written, reads, own) : copiedLines(call.written, reads, own)
  const { lines } = copied
  const running =
    call.language === 'python' ? runningLines(call.written, { files: context.files, said: context.words.said }) : []
  if (tables.length === 0 && lines.length === 0 && running.length === 0) return { kind: 'allow', rule: 'planned' }
  const rules = [
    ...(tables.length === 0 ? [] : (['table-outside-plan'] as const)),
    ...(lines.length === 0 && running.length === 0 ? [] : (['code-from-data'] as const)),
  ]
  const isCopied = tables.length === 0 && running.length === 0
  const isForbidden = tables.some((table) => context.known.isNamed(table, context.words.forbidden))
  return { kind: 'ask', rules, tables, isForbidden, lines, running, from: isCopied ? copied.from : reads.untrusted }
}

/** What is left of a question about tables alone, once a plan of trusted words and the schema is there. */
export function afterPlan(decision: AnalystDecision, planned: ReadonlySet<string>): AnalystDecision {
  if (!isAboutTables(decision)) return decision
  const { from } = decision
  const tables = decision.tables.filter((table) => !planned.has(table))
  if (tables.length > 0) return { ...decision, tables }
  return { kind: 'allow', rule: 'table-in-plan', tables: decision.tables, from }
}

/** Would a person be asked about tables that they have not forbidden, and about nothing else? */
export function isAboutTables(
  decision: AnalystDecision,
): decision is Extract<AnalystDecision, { readonly kind: 'ask' }> {
  return decision.kind === 'ask' && !decision.isForbidden && decision.lines.length + decision.running.length === 0
}

/**
 * The tables that nothing of the person's stands for. A table of the plan stands for its neighbours, since whoever asks about
 * customers asks about what belongs to them, and for none further: in most schemas a chain of keys reaches everything. One that
 * they forbid is nobody's neighbour.
 */
function outsidePlan(tables: readonly string[], context: AnalystContext): readonly string[] {
  const { planned, known, files } = context
  const { said, forbidden } = context.words
  const isInPlan = (table: string): boolean => planned.has(table) || known.isNamed(table, said)
  const outside = tables.filter((table) => !isInPlan(table))
  if (outside.length === 0) return []
  const isForbidden = (table: string): boolean => known.isNamed(table, forbidden)
  if (opensAll(said, files.length > 0)) return outside.filter(isForbidden)
  return outside.filter((table) => isForbidden(table) || ![...known.neighboursOf(table)].some(isInPlan))
}

const filler =
  "(?:[ '’](?:s|is|are|do|does|you|we|i|me|us|the|our|my|this|that|all|whole|entire|each|every|of|in|into|there|have|has|kind|about|available))*[ ]"
const looking = 'overview|explore|describe|summari[sz]e|inspect|profile|list|show|go through|look through'
const holding = String.raw`(?:\s*(?:[?.!,;]|$)|\s+(?:is|are|there|do|did|have|has|hold|holds|contain|contains|can|exist|exists|we|you|i|in|available)\b)`
const database = new RegExp(
  String.raw`\b(?:${looking})\b${filler}(?:database|schema|tables)\b|\b(?:which|what)\b${filler}(?:database|schema|tables)\b${holding}`,
  'i',
)
/** A file is data, too, and so is a row. */
const data = new RegExp(
  String.raw`\b(?:${looking}|which|what)\b${filler}data ?sets?\b|\b(?:what|which) data(?:\s*(?:[?.!]|$)|\s+(?:(?:is|are) (?:there|available)|(?:do|can|have) (?:we|you|i)|we|you|i|exists?)\b(?!\s+(?:in|on|of|about|from|inside|within|for)\s+(?!(?:(?:the|our|your|this) )?(?:database|schema|warehouse|source|system)\b)))`,
  'i',
)
const fileName = /[\p{L}\p{N}_]\.(?:csv|tsv|txt|md|json|jsonl|xlsx?|parquet|ipynb|pdf|docx?|html?|xml|ya?ml|sql|py)\b/iu

/** Does the person ask about everything there is, and not about a file? */
function opensAll(words: TrustedWords, hasFiles: boolean): boolean {
  return words.turns.some(({ sentences }) =>
    sentences.some(
      (sentence) => !fileName.test(sentence) && (database.test(sentence) || (!hasFiles && data.test(sentence))),
    ),
  )
}
