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
    for (const [what, value] of valuesOf(asked, said, middleOf(left), middleOf(right))) {
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

const middleOf = ({ low, high }: Figure): number => (low + high) / 2

function valuesOf(
  { figure }: Asked,
  said: ReadonlySet<string>,
  left: number,
  right: number,
): readonly (readonly [string, number])[] {
  if (figure.kind === 'percent' && figure.unit !== 'points') {
    const share: (readonly [string, number])[] =
      said.has('change') || said.has('difference')
        ? []
        : [['share', (100 * Math.min(left, right)) / Math.max(left, right)]]
    const change: (readonly [string, number])[] =
      said.has('change') || said.has('difference')
        ? [
            ['change', (100 * (right - left)) / left],
            ['change', (100 * (left - right)) / right],
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
