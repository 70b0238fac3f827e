import type { SourceTable } from './generate/source-table.ts'
import type { GeneratedAnswer, Mutant } from './generate/answers.ts'
import type { MutantKind } from './generate/claim.ts'

/** What a checker says of one figure or word. */
export interface CheckedMark {
  readonly start: number
  readonly end: number
  /** Whether a reader is warned of it. */
  readonly marked: boolean
  /** Whether it is said to be another value, and not only to have no source. */
  readonly contradicted: boolean
  /** Whether it has a source. */
  readonly bound: boolean
}

/** What is measured: something that looks at the figures of an answer over tables. */
export type Check = (tables: readonly SourceTable[], text: string) => readonly CheckedMark[]

export interface Tally {
  hits: number
  total: number
}

export interface Score {
  /** Mutants by kind in whose sentence something is marked. */
  readonly mutants: ReadonlyMap<MutantKind, Tally>
  /** Figures of true sentences that are marked all the same, by form of the sentence. */
  readonly falseMarks: ReadonlyMap<string, Tally>
  /** Figures of true sentences that are bound to a source. */
  readonly bound: Tally
  readonly missed: readonly Mutant[]
  readonly marked: readonly { readonly answer: GeneratedAnswer; readonly mark: CheckedMark; readonly form: string }[]
}

/** A mutant counts as found where its false sentence has a mark that its true one has not. */
export function score(check: Check, answers: readonly GeneratedAnswer[], mutants: readonly Mutant[]): Score {
  const [byKind, byForm] = [new Map<MutantKind, Tally>(), new Map<string, Tally>()]
  const bound: Tally = { hits: 0, total: 0 }
  const marked: { answer: GeneratedAnswer; mark: CheckedMark; form: string }[] = []
  const trueMarks = new Map<GeneratedAnswer, readonly CheckedMark[]>()
  for (const answer of answers) {
    const marks = check(answer.tables, answer.text)
    trueMarks.set(answer, marks)
    for (const { form, start, end, figures } of answer.claims) {
      const inside = within(marks, start, end)
      const wrong = inside.filter((mark) => mark.marked)
      add(byForm, form, Math.min(wrong.length, figures), figures)
      bound.hits += Math.min(inside.filter((mark) => mark.bound).length, figures)
      bound.total += figures
      marked.push(...wrong.map((mark) => ({ answer, mark, form })))
    }
  }
  const missed: Mutant[] = []
  for (const mutant of mutants) {
    const before = trueSentence(mutant, trueMarks)
    const after = within(check(mutant.answer.tables, mutant.text), mutant.start, mutant.end).filter(
      (mark) => mark.marked,
    )
    const found = after.length > before
    add(byKind, mutant.kind, found ? 1 : 0, 1)
    if (!found) missed.push(mutant)
  }
  return { mutants: byKind, falseMarks: byForm, bound, missed, marked }
}

/** How many marks the true sentence has that the mutant came from. */
function trueSentence({ answer, start }: Mutant, marks: ReadonlyMap<GeneratedAnswer, readonly CheckedMark[]>): number {
  const place = answer.claims.find((claim) => claim.start === start)
  if (place === undefined) return 0
  return within(marks.get(answer) ?? [], place.start, place.end).filter((mark) => mark.marked).length
}

function within(marks: readonly CheckedMark[], start: number, end: number): readonly CheckedMark[] {
  return marks.filter((mark) => mark.start >= start && mark.end <= end)
}

function add<Key>(tallies: Map<Key, Tally>, key: Key, hits: number, total: number): void {
  const tally = tallies.get(key) ?? { hits: 0, total: 0 }
  tallies.set(key, { hits: tally.hits + hits, total: tally.total + total })
}

/** All of them together. */
export function sumOfTallies(tallies: Iterable<Tally>): Tally {
  const sum = { hits: 0, total: 0 }
  for (const { hits, total } of tallies) {
    sum.hits += hits
    sum.total += total
  }
  return sum
}
