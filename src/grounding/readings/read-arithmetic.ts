import { fits, times, type Figure } from '../figures/figure.ts'
import type { Asked } from './asked.ts'
import type { Judgement } from './judge.ts'
import { short, type Trial } from './trial.ts'

/** Figures of a sentence that another may be computed from. */
const mostBefore = 6

/**
 * "29 against 21, a difference of 8": what two other figures of the sentence come to, each of which the rows bear out. Judges anew what nothing
 * else gave.
 */
export function withArithmetic(judged: readonly Judgement[], asked: ReadonlyMap<Figure, Asked>): readonly Judgement[] {
  const known = judged.filter(({ figure, found }) => found !== null && isNumber(figure)).slice(0, mostBefore)
  if (known.length < 2) return judged
  return judged.map((judgement) => {
    const about = asked.get(judgement.figure)
    if (judgement.found !== null || about === undefined || !isNumber(judgement.figure)) return judgement
    return computed(judgement, about, known) ?? judgement
  })
}

function isNumber({ kind }: Figure): boolean {
  return kind === 'number' || kind === 'percent' || kind === 'money'
}

function computed(judgement: Judgement, asked: Asked, known: readonly Judgement[]): Judgement | null {
  const { figure, view } = asked
  const said = new Set(view.operations.map(({ operation }) => operation))
  for (const [one, other] of pairsOf(known)) {
    const [left, right] = [one.figure, other.figure]
    for (const [what, value] of valuesOf(asked, said, inOrder(one, other, view))) {
      const slack = slackOf(what, left, right)
      const wide: Figure = { ...figure, low: figure.low - slack, high: figure.high + slack }
      const isFit = fits(wide, value) || (!figure.signed && fits(times(wide, -1), value))
      if (!Number.isFinite(value) || !isFit) continue
      const rows = [...(one.found?.rows ?? []), ...(other.found?.rows ?? [])]
      const found: Trial = {
        verdict: 'computed',
        value,
        fits: true,
        firm: false,
        table: view.table,
        column: one.found?.column ?? null,
        rows,
        how: `${what} of ${short(left.text)} and ${short(right.text)}`,
        chance: () => 0,
      }
      return { ...judgement, found, chance: (one.chance ?? 0) * (other.chance ?? 0) }
    }
  }
  return null
}

function pairsOf<Item>(items: readonly Item[]): readonly (readonly [Item, Item])[] {
  return items.flatMap((left, at) => items.slice(at + 1).map((right): readonly [Item, Item] => [left, right]))
}

interface Pair {
  readonly left: number
  readonly right: number
  /** Is the right one known to be the later? */
  readonly isOrdered: boolean
}

/** Two values, the earlier one first where words or the times of their rows say which that is: "from 10 to 15". */
function inOrder(one: Judgement, other: Judgement, view: Asked['view']): Pair {
  const [left, right] = [middleOf(one.figure), middleOf(other.figure)]
  const [first, second] = [timeOf(one), timeOf(other)]
  if (first !== null && second !== null && first !== second)
    return first < second ? { left, right, isOrdered: true } : { left: right, right: left, isOrdered: true }
  const lead = (figure: Figure): string =>
    view.text.slice(Math.max(0, figure.start - view.sentence.start - 12), figure.start - view.sentence.start)
  const isFrom = /\bfrom\s*[$€£~]?$/i
  const isTo = /\bto\s*[$€£~]?$/i
  if (isFrom.test(lead(one.figure)) && isTo.test(lead(other.figure))) return { left, right, isOrdered: true }
  return { left, right, isOrdered: false }
}

function timeOf({ found }: Judgement): number | null {
  const mentions = found?.mentions ?? []
  const period = mentions.find(({ column }) => column.kind === 'date')
  return (
    mentions.find(({ figure }) => figure?.kind === 'date')?.figure?.low ??
    period?.column.numbers[period.rows[0] ?? -1] ??
    null
  )
}

const middleOf = ({ low, high }: Figure): number => (low + high) / 2

function valuesOf(
  { figure }: Asked,
  said: ReadonlySet<string>,
  { left, right, isOrdered }: Pair,
): readonly (readonly [string, number])[] {
  if (figure.kind === 'percent' && figure.unit !== 'points') {
    const share: (readonly [string, number])[] =
      said.has('change') || said.has('difference')
        ? []
        : [['share', (100 * Math.min(left, right)) / Math.max(left, right)]]
    const change: (readonly [string, number])[] =
      said.has('change') || said.has('difference')
        ? [
            ['change', (100 * (right - left)) / left] as const,
            ...(isOrdered ? [] : [['change', (100 * (left - right)) / right] as const]),
          ]
        : []
    return [...share, ...change]
  }
  if (said.has('ratio')) return [['ratio', Math.max(left, right) / Math.min(left, right)]]
  return said.has('difference') || said.has('change') ? [['difference', right - left]] : []
}

/** What the rounding of two figures may make of their difference. Whole numbers are counted, and not rounded; of parts it is little. */
function slackOf(what: string, left: Figure, right: Figure): number {
  const width = (left.high - left.low + right.high - right.low) / 2
  return what === 'difference' && width !== 1 ? width : 0
}
