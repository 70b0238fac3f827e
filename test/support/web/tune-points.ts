import type { Amount, Point, Rate } from '../../../src/web/pages/tune/points.ts'

export const rate = (value: number, low: number, high: number): Rate => ({ rate: value, low, high })
export const unknownRate = (low: number, high: number): Rate => ({ rate: null, low, high })
export const amount = (value: number, low: number, high: number): Amount => ({ value, low, high })
export const unknownAmount = (low: number, high: number): Amount => ({ value: null, low, high })

/** A point of which nothing is known but what is named. */
export function point({
  per_thousand: perThousand,
  ...named
}: Omit<Partial<Point>, 'per_thousand'> & { readonly per_thousand?: Partial<Point['per_thousand']> } = {}): Point {
  const nothing = unknownAmount(0, 1_000)
  return {
    threshold: 0.5,
    acted: unknownRate(0, 1),
    false_positive_rate: unknownRate(0, 1),
    recall: unknownRate(0, 1),
    precision: unknownRate(0, 1),
    per_thousand: { found: nothing, missed: nothing, false_positives: nothing, let_pass: nothing, ...perThousand },
    labels: { found: 0, missed: 0, false_positives: 0, let_pass: 0, unknown: 0 },
    unknown: 0,
    ...named,
  }
}
