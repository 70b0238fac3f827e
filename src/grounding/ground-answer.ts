import type { MarkVerdict } from '../core/answer-grounding.ts'
import { comparisonsOf } from './claims/comparisons.ts'
import { claimMark } from './claims/claim-mark.ts'
import { disguisedMark } from './claims/disguised-mark.ts'
import { superlativesOf } from './claims/superlatives.ts'
import { disguisedFigures } from './figures/disguised-figures.ts'
import type { Figure } from './figures/figure.ts'
import { readFigures } from './figures/read-figures.ts'
import { mostCharacters, mostFigures, type Grounding, type GroundingMark } from './grounding.ts'
import { askedOf, type Asked, type Context } from './readings/asked.ts'
import { filtersOf, slotsOf, type Alignment } from './readings/filters.ts'
import { judge, markOf, type Judgement } from './readings/judge.ts'
import { withArithmetic } from './readings/read-arithmetic.ts'
import { hasShift, withFollowing } from './readings/read-following.ts'
import { judgeKey } from './readings/read-keys.ts'
import { withSameRow } from './readings/read-same-row.ts'
import { withSeries } from './readings/read-series.ts'
import { thresholdsOf, type Threshold } from './readings/thresholds.ts'
import { viewOf, type View } from './readings/view.ts'
import { atOnce, type Steps } from './steps.ts'
import type { Column } from './tables/column.ts'
import { preparing, type Evidence, type IndexedTable } from './tables/evidence.ts'
import { sentencesOf, type Sentence } from './words/sentences.ts'
import { fold } from './words/tokens.ts'
import { ValueFinder } from './words/value-finder.ts'
import type { ValueMention } from './words/value-mentions.ts'

export interface GroundingContext {
  /** The day by which "last year" and "yesterday" are meant, as `2026-11-30`. Without one they say nothing. */
  readonly asOf?: string
  /** What was asked: rows and columns that it names may be meant by an answer that does not name them again. */
  readonly question?: string
}

/** Tables that one sentence is compared with. */
const mostTables = 6

/** UTF-16 units of the question that rows and columns are looked for in: its end, which is what was asked last. */
const mostAsked = 20_000

/**
 * Says of each figure of an answer which cell it is, how it was computed, that the rows speak against it, or that nothing that its words name
 * gives it. Never throws; the time is bounded by the answer's length and the cells of the tables.
 */
export function groundAnswer(whole: string, evidence: Evidence, context: GroundingContext = {}): Grounding {
  return atOnce(groundingSteps(whole, evidence, context))
}

/** The same, step by step: none takes longer for more tables or a longer answer. */
export function* groundingSteps(whole: string, evidence: Evidence, context: GroundingContext = {}): Steps<Grounding> {
  const answer = whole.slice(0, mostCharacters)
  const all = readFigures(answer, { asOf: context.asOf, most: mostFigures + 1 })
  yield
  const figures = all.slice(0, mostFigures)
  const sentences = sentencesOf(answer)
  yield
  const question = (context.question ?? '').slice(-mostAsked)
  const asked = sentencesOf(question).map((sentence) => moved(sentence, -question.length - 1))
  const finder = new ValueFinder([...asked, ...sentences])
  yield
  const known = new Map<IndexedTable, readonly ValueMention[]>()
  for (const table of evidence.tables) {
    yield* preparing(table)
    known.set(table, yield* finder.finding(table))
  }
  const marks: GroundingMark[] = []
  const seen: View[] = []
  const knownAsked = new Map([...known].map(([table, values]) => [table, shifted(values, question.length + 1)]))
  for (const sentence of asked) {
    seen.push(
      ...(yield* viewsOf(`${question}\n`, sentence, evidence, {
        figures: [],
        known: knownAsked,
        shift: question.length + 1,
      })),
    )
  }
  let earlier = contextOf(seen)
  for (const sentence of sentences) {
    const inside = figures.filter(({ start, end }) => start >= sentence.start && end <= sentence.end)
    const views = yield* viewsOf(answer, sentence, evidence, { figures: inside, known, shift: 0 })
    const read = yield* marksOf(answer, views, inside, earlier)
    marks.push(...read.marks)
    earlier = after(earlier, contextOf(views.slice(0, 1), read.columns))
  }
  const said = fold(context.question ?? '')
  const claimed: GroundingMark[] = []
  for (const mark of marks) {
    if (mark.verdict !== 'unsupported' || !repeats(mark, said)) claimed.push(mark)
    yield
  }
  const disguised = disguisedFigures(answer).map((place) => disguisedMark(answer, place))
  const seenAsWritten = claimed.filter((mark) => !disguised.some((other) => mark.start < other.end && other.start < mark.end)) // prettier-ignore
  const kept = withoutOverlaps([...seenAsWritten, ...disguised])
  return { marks: kept, counts: countsOf(kept), truncated: all.length > figures.length || whole.length > answer.length }
}

function moved(sentence: Sentence, by: number): Sentence {
  return {
    start: sentence.start + by,
    end: sentence.end + by,
    tokens: sentence.tokens.map((token) => Object.assign({}, token, { start: token.start + by, end: token.end + by })),
  }
}

interface Known {
  readonly figures: readonly Figure[]
  /** By their places in the text. */
  readonly known: ReadonlyMap<IndexedTable, readonly ValueMention[]>
  /** What is added to offsets of the sentence to find it in the text. */
  readonly shift: number
}

/** A sentence beside each table, the one that knows most of its words first; those that know much less are left out. */
function* viewsOf(
  text: string,
  sentence: Sentence,
  { tables }: Evidence,
  { figures, known, shift }: Known,
): Steps<readonly View[]> {
  const placed = shift === 0 ? sentence : moved(sentence, shift)
  const views: View[] = []
  for (const table of tables) {
    views.push(viewOf(text, placed, table, figures, known.get(table) ?? []))
    yield
  }
  const sorted = views.toSorted((left, right) => right.score - left.score)
  const best = sorted[0]?.score ?? 0
  return sorted.filter(({ score }) => score >= best * 0.6).slice(0, mostTables)
}

/** Those of the question, by their places in it. */
function shifted(values: readonly ValueMention[], shift: number): readonly ValueMention[] {
  return values
    .filter(({ start }) => start < 0)
    .map((value) => Object.assign({}, value, { start: value.start + shift, end: value.end + shift }))
}

/** Sentences whose names are kept. */
const mostSentences = 12

/** What a sentence names takes the place of what was named before. */
function after(earlier: Context, next: Context): Context {
  return {
    columns: next.columns.length > 0 ? next.columns : earlier.columns,
    filters: next.filters.length > 0 ? next.filters : earlier.filters,
    operations: next.operations,
    names: [...next.names, ...earlier.names].slice(0, mostSentences),
  }
}

/** `found` are the columns that figures of the sentence were found in. */
function contextOf(views: readonly View[], found: readonly Column[] = []): Context {
  const columns = views
    .flatMap((view) => view.columns.flatMap((mention) => mention.columns))
    .filter(({ kind }) => kind !== 'text')
  const none = { start: Number.MAX_SAFE_INTEGER, end: Number.MAX_SAFE_INTEGER } as Figure
  const filters = views.flatMap((view) =>
    filtersOf({ ...view, values: view.values.filter(({ strong }) => strong) }, none, 'before').filter(
      ({ mentions }) => mentions.length > 0,
    ),
  )
  const operations = new Set(views.flatMap((view) => view.operations.map(({ operation }) => operation)))
  const names = views.map(({ values }) => values.filter(({ strong, figure }) => strong && figure === undefined))
  return {
    columns: [...new Set([...columns, ...found])].slice(0, 6),
    filters: filters.slice(0, 4),
    operations,
    names: names.slice(0, 1),
  }
}

function* marksOf(
  answer: string,
  views: readonly View[],
  figures: readonly Figure[],
  context: Context,
): Steps<{ readonly marks: readonly GroundingMark[]; readonly columns: readonly Column[] }> {
  const [best] = views
  if (best === undefined) {
    const marks = figures.flatMap((figure) => markOf({ figure, found: null, against: null, chance: 0 }) ?? [])
    return { marks, columns: [] }
  }
  const claims = views.slice(0, 2).flatMap((view) => superlativesOf(view).concat(comparisonsOf(view)))
  const claimMarks = claims.map((claim) => claimMark(answer, claim))
  if (figures.length === 0) return { marks: claimMarks, columns: [] }
  const judged = best.figures
  const byTable: (readonly Judgement[])[] = []
  const settled = new Set<Figure | undefined>()
  for (const view of views) {
    const thresholds = thresholdsOf(view)
    // A table behind those in which each figure was found could only say that one of them is the number of a condition.
    const isSettled = judged.every((figure) => settled.has(figure))
    if (isSettled && thresholds.length === 0 && !hasShift(view.text)) continue
    const list = yield* judgements(view, judged, { context, thresholds })
    byTable.push(list)
    for (const { figure, found } of list) if (found !== null) settled.add(figure).add(found.bound)
  }
  const bounds = new Set(byTable.flat().map(({ found }) => found?.bound))
  const marks = judged.flatMap((figure, at) => {
    // The number of a condition is no claim where something was found under it.
    if (bounds.has(figure)) return []
    const each = byTable.flatMap((list) => list[at] ?? [])
    return (
      markOf(
        each.find(({ found }) => found !== null) ??
          each.find(({ against }) => against !== null) ?? { figure, found: null, against: null, chance: 0 },
      ) ?? []
    )
  })
  const columns = (byTable[0] ?? []).flatMap(({ found }) => found?.column ?? []).filter(({ kind }) => kind === 'number')
  return { marks: [...claimMarks, ...marks], columns }
}

/** The judgements of the alignment by which most figures are found. */
function* judgements(
  view: View,
  figures: readonly Figure[],
  { context, thresholds }: { readonly context: Context; readonly thresholds: readonly Threshold[] },
): Steps<readonly Judgement[]> {
  const several = slotsOf(view.values).some((slot) => slot.length > 1)
  const alignments = several ? alignmentsOf(view) : (['before'] as const)
  let best: readonly Judgement[] = []
  let most = -1
  for (const alignment of alignments) {
    const judged = yield* judgeAll(view, figures, alignment, { context, thresholds })
    const found = judged.filter((judgement) => judgement.found !== null).length
    if (found > most) [best, most] = [judged, found]
    if (found === figures.length) break
  }
  return best
}

function* judgeAll(
  view: View,
  figures: readonly Figure[],
  alignment: Alignment,
  { context, thresholds }: { readonly context: Context; readonly thresholds: readonly Threshold[] },
): Steps<readonly Judgement[]> {
  const judged: Judgement[] = []
  const known = new Map<Figure, Asked>()
  let before: Asked | null = null
  for (const figure of figures) {
    yield
    const key = judgeKey(view, figure, alignment)
    if (key !== null) {
      judged.push(key)
      continue
    }
    const asked: Asked = askedOf(view, figure, alignment, { asked: before, context, thresholds })
    before = asked
    known.set(figure, asked)
    judged.push(judge(asked, thresholds))
  }
  return withArithmetic(withFollowing(withSameRow(withSeries(judged, known), known), known), known)
}

function alignmentsOf(view: View): readonly Alignment[] {
  return /\b(?:respectively|jeweils|respectivement)\b/i.test(view.text)
    ? ['respective']
    : ['before', 'after', 'respective']
}

/** A figure of the question that an answer says again is no claim of the answer. */
function repeats(mark: GroundingMark, question: string): boolean {
  const text = fold(mark.text)
  const at = question.indexOf(text)
  return at !== -1 && !/\d/.test(`${question[at - 1] ?? ''}${question[at + text.length] ?? ''}`)
}

function withoutOverlaps(marks: readonly GroundingMark[]): readonly GroundingMark[] {
  const rank: Record<MarkVerdict, number> = { contradicted: 0, cell: 1, computed: 1, unsupported: 2 }
  const kept: GroundingMark[] = []
  for (const mark of marks.toSorted(
    (left, right) => left.start - right.start || rank[left.verdict] - rank[right.verdict],
  )) {
    const last = kept.at(-1)
    if (last === undefined || last.end <= mark.start) kept.push(mark)
  }
  return kept
}

function countsOf(marks: readonly GroundingMark[]): Readonly<Record<MarkVerdict, number>> {
  const counts: Record<MarkVerdict, number> = { cell: 0, computed: 0, contradicted: 0, unsupported: 0 }
  for (const { verdict } of marks) counts[verdict] += 1
  return counts
}
