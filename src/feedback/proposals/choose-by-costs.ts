import { seededRandom } from '../../core/seeded-random.ts'
import type { LabelledScore } from '../../core/tuning.ts'
import type { Curve } from '../estimates/curve.ts'
import type { Aim } from './aim.ts'
import type { ChooseOptions, Chosen } from './chosen.ts'

interface ByCosts extends ChooseOptions {
  readonly aim: Aim & { readonly kind: 'costs' }
  readonly items: readonly LabelledScore[]
  readonly curveOf: (items: readonly LabelledScore[]) => Curve
}

/** Samples of the labels, from which the interval of the threshold is read. */
const resamples = 200

/**
 * The threshold of the least estimated costs, of several the nearest to the one in force. Its interval is that of 200
 * bootstrap samples: labels drawn again with replacement within their stratum, as they were drawn, by a fixed seed. A step is one
 * of these.
 */
export function* chooseByCosts({
  curve,
  from,
  lowest,
  highest,
  aim,
  items,
  curveOf,
}: ByCosts): Generator<void, Chosen> {
  const range = { from: Math.min(highest, Math.max(lowest, from)), lowest, highest }
  const bin = cheapest(curve, aim, range)
  const random = seededRandom(20_261)
  const inOrder = items.toSorted((one, other) => (one.decision < other.decision ? -1 : 1))
  const groups = [...Map.groupBy(inOrder, ({ stratum, source, truth }) => groupOf(stratum, source, truth)).values()]
  const found: number[] = []
  while (found.length < resamples) {
    yield
    const again = groups.flatMap((group) => group.map(() => group[Math.floor(random() * group.length)] ?? group[0]))
    const sample = again.filter((item) => item !== undefined)
    found.push(cheapest(curveOf(sample), aim, range))
  }
  found.sort((one, other) => one - other)
  const cut = Math.floor(resamples * 0.025)
  return {
    kind: 'chosen',
    bin,
    low: Math.min(bin, found[cut] ?? bin),
    high: Math.max(bin, found[resamples - 1 - cut] ?? bin),
    heldBy: bin === lowest ? 'lowest' : bin === highest ? 'highest' : null,
  }
}

/** Labels that were drawn alike: of a file the truths were chosen, of traffic the strata; complaints nobody drew. */
const groupOf = (stratum: string, source: LabelledScore['source'], truth: string): string =>
  source === 'import' ? `import ${truth}` : source === 'audit' ? stratum : `${stratum} pointed at`

function cheapest(
  curve: Curve,
  { falseBlock, miss }: ByCosts['aim'],
  { from, lowest, highest }: Pick<ByCosts, 'from' | 'lowest' | 'highest'>,
): number {
  let [best, least] = [from, Number.POSITIVE_INFINITY]
  for (let bin = lowest; bin <= highest; bin += 1) {
    const { falseBlocks, missed } = curve.countsAt(bin)
    const cost = falseBlocks * falseBlock + missed * miss
    // Sums of the same decisions in another order differ in their last digits.
    const isLess = cost < least * (1 - 1e-9)
    const isEqual = !isLess && cost <= least * (1 + 1e-9)
    if (isLess || (isEqual && Math.abs(bin - from) < Math.abs(best - from)))
      [best, least] = [bin, Math.min(least, cost)]
  }
  return best
}
