/** A figure as an answer writes it. */
export interface Figure {
  readonly start: number
  readonly end: number
  readonly text: string
  /** `literal`: signs that are compared as text: a score of `3-2`. */
  readonly kind: 'number' | 'percent' | 'money' | 'date' | 'rank' | 'literal'
  /** What people would round to this: both ends count. Percent in percent, dates in days since 1970. */
  readonly low: number
  readonly high: number
  /** Further meanings of the same signs: 1.234 is 1234 in German. Each as wide as its rounding. */
  readonly others: readonly { readonly low: number; readonly high: number }[]
  /** `EUR`, `kg`, `points` (of percent); null where none is written. */
  readonly unit: string | null
  /** Is a sign written? Without one "fell by 5" is −5. */
  readonly signed: boolean
  /** True for what is no claim where nothing speaks against it: "two", "first", "half". */
  readonly weak: boolean
  /** Of dates: the months and days without a year that are meant, or the whole span is in `low` and `high`. */
  readonly yearless?: { readonly month: number; readonly day: number }
  /** Of dates: is it a year alone? */
  readonly year?: boolean
}

/** Does a value stand in what a figure means? A double's own error is no difference. */
export function fits(figure: Figure, value: number): boolean {
  if (within(figure.low, figure.high, value)) return true
  return figure.others.some(({ low, high }) => within(low, high, value))
}

function within(low: number, high: number, value: number): boolean {
  const slack = 1e-9 * Math.max(Math.abs(low), Math.abs(high), 1e-3)
  return value >= low - slack && value <= high + slack
}

/** The same figure with its meanings multiplied: percent as a fraction of 1, a magnitude with its other sign. */
export function times(figure: Figure, factor: number): Figure {
  const scaled = ({ low, high }: { readonly low: number; readonly high: number }) =>
    factor < 0 ? { low: high * factor, high: low * factor } : { low: low * factor, high: high * factor }
  return Object.assign({}, figure, scaled(figure), { others: figure.others.map(scaled) })
}
