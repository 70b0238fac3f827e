import type { Figure, Figures } from './figures.ts'

export interface Paired {
  readonly figures: Figures
  /** Names that not every run has; nothing is said of them. */
  readonly unpaired: readonly string[]
}

/** The middle of the sorted values; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((first, second) => first - second)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

function pair(own: readonly Figure[], other: readonly Figure[]): Figure {
  const [{ unit, n } = { unit: 'ms' as const, n: 0 }] = own
  const isRate = unit === 'per second' || unit === 'MB/s'
  const ratios = own.map(({ p50 }, index) => {
    const others = other[index]?.p50 ?? Number.NaN
    return isRate ? p50 / others : others / p50
  })
  const middle = (read: (figure: Figure) => number, figures: readonly Figure[]) => median(figures.map(read))
  const p50 = middle((figure) => figure.p50, own)
  return {
    unit,
    n,
    p50,
    p95: middle((figure) => figure.p95, own),
    p99: middle((figure) => figure.p99, own),
    value: p50,
    reference: { name: 'the other build', p50: middle((figure) => figure.p50, other) },
    ratio: median(ratios),
    ratios: { pairs: ratios.length, least: Math.min(...ratios), greatest: Math.max(...ratios) },
  }
}

/**
 * Pairs runs of the same suite by two builds: run `i` of one with run `i` of the other, taken one after the other, since a
 * shared machine changes its speed between pairs more than within one. The ratio is the median of the pairs' ratios: how
 * many times better the first build is, less of a time or a size, more of a rate. All else is the median over the runs.
 */
export function pairFigures(own: readonly Figures[], other: readonly Figures[]): Paired {
  const names = [...new Set([...own, ...other].flatMap((run) => Object.keys(run)))]
  const isPaired = (name: string) => [...own, ...other].every((run) => Object.hasOwn(run, name))
  const of = (runs: readonly Figures[], name: string) => runs.flatMap((run) => run[name] ?? [])
  return {
    figures: Object.fromEntries(
      names.filter(isPaired).map((name) => [name, pair(of(own, name), of(other, name))] as const),
    ),
    unpaired: names.filter((name) => !isPaired(name)),
  }
}
