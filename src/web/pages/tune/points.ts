import type { OperatorRoutes } from '../../api/generated/operators.ts'

export type Curves = OperatorRoutes['GET /admin/v1/tuning/curves']['answer']
export type Point = Curves['points'][number]
export type Rate = Point['recall']
export type Amount = Point['per_thousand']['found']
export type Limits = Curves['limits']
export type Labelled = Curves['labelled'][number]

/** What a false block costs, and what a miss does, in one unit of any kind. */
export interface Costs {
  readonly falseBlock: number
  readonly miss: number
}

/** Costs of a thousand decisions; null where either number is not known. Both ends are reached at once at worst. */
export function costOf({ per_thousand: { false_positives: wrong, missed } }: Point, costs: Costs): Amount {
  const sum = (one: number, other: number) => one * costs.falseBlock + other * costs.miss
  return {
    value: wrong.value === null || missed.value === null ? null : sum(wrong.value, missed.value),
    low: sum(wrong.low, missed.low),
    high: sum(wrong.high, missed.high),
  }
}

/** The point of the least known costs within the limits, of equal ones the nearest to the one in force; null where none is known. */
export function cheapest({ points, limits, threshold }: Pick<Curves, 'points' | 'limits' | 'threshold'>, costs: Costs) {
  let [best, least]: [Point | null, number] = [null, Number.POSITIVE_INFINITY]
  for (const point of points) {
    if (point.threshold < limits.lowest || point.threshold > limits.highest) continue
    const { value } = costOf(point, costs)
    if (value === null) continue
    const isNearer = best !== null && Math.abs(point.threshold - threshold) < Math.abs(best.threshold - threshold)
    // Sums of the same decisions in another order differ in their last digits.
    if (value < least - 1e-9 || (Math.abs(value - least) <= 1e-9 && isNearer)) [best, least] = [point, value]
  }
  return best
}

/** The number of the point of a threshold, or of the next one to it. */
export function indexOf(points: readonly Pick<Point, 'threshold'>[], threshold: number): number {
  const distance = (at: number) => Math.abs((points[at]?.threshold ?? Number.POSITIVE_INFINITY) - threshold)
  let nearest = 0
  for (const at of points.keys()) if (distance(at) < distance(nearest)) nearest = at
  return nearest
}

/** A place on a plot, both axes from 0 to 1. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** A curve: lines between neighbours that are both known, and the outline of where it may lie; none where nothing is known. */
export interface Plot {
  readonly lines: readonly (readonly Place[])[]
  readonly band: readonly Place[]
}

/** What the axes of a plot are. */
export const plotKinds = {
  roc: { title: 'ROC', x: 'false_positive_rate', y: 'recall', xTitle: 'False-positive rate', yTitle: 'Recall' },
  pr: { title: 'Precision and recall', x: 'recall', y: 'precision', xTitle: 'Recall', yTitle: 'Precision' },
} as const
export type PlotKind = keyof typeof plotKinds

/** Where a point lies on a plot; null where either rate is not known. */
export function placeOf(point: Point, kind: PlotKind): Place | null {
  const [x, y] = [point[plotKinds[kind].x].rate, point[plotKinds[kind].y].rate]
  return x === null || y === null ? null : { x, y }
}

export function plotOf(points: readonly Point[], kind: PlotKind): Plot {
  const lines: Place[][] = []
  let line: Place[] = []
  for (const point of points) {
    const place = placeOf(point, kind)
    if (place !== null) line.push(place)
    else line = []
    if (line.length === 1) lines.push(line)
  }
  const { x, y } = plotKinds[kind]
  const known = points.filter((point) => placeOf(point, kind) !== null)
  // The better the lower the rate is on the one plot, and the higher it is on the other.
  const better = known.map((point) => ({ x: kind === 'roc' ? point[x].low : point[x].high, y: point[y].high }))
  const worse = known.map((point) => ({ x: kind === 'roc' ? point[x].high : point[x].low, y: point[y].low }))
  return { lines, band: [...better, ...worse.toReversed()] }
}

/** Shares of the decisions between neighbouring thresholds: what a higher threshold would let pass more than the one below it. */
export function scoreBars(points: readonly Point[]): readonly { from: number; to: number; share: number }[] {
  return points.slice(0, -1).flatMap((point, at) => {
    const next = points[at + 1]
    if (next === undefined || point.acted.rate === null || next.acted.rate === null) return []
    return [{ from: point.threshold, to: next.threshold, share: Math.max(0, point.acted.rate - next.acted.rate) }]
  })
}

export interface Example extends Labelled {
  /** Did the rule act by the threshold in force, and would it by the other? */
  readonly before: boolean
  readonly after: boolean
}

/** Labelled decisions that two thresholds treat differently, then those nearest to the other one, whose score is known. */
export function examplesAt(labelled: readonly Labelled[], inForce: number, threshold: number, most = 12): Example[] {
  const examples = labelled
    .filter(({ is_bound: isBound }) => !isBound)
    .map((each) => Object.assign({ before: each.score >= inForce, after: each.score >= threshold }, each))
  const changes = ({ before, after }: Example) => Number(before !== after)
  const distance = ({ score }: Example) => Math.abs(score - threshold)
  return examples
    .toSorted((one, other) => changes(other) - changes(one) || distance(one) - distance(other))
    .slice(0, most)
}
