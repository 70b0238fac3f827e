/** What one program of the run has printed. */
export interface PrintedOutput {
  /** The number of its call. */
  readonly number: number
  readonly printed: string
}

/** Where a figure was printed, and how likely a figure of as many digits would have been printed somewhere by chance. */
export interface PrintedFigure {
  readonly number: number
  readonly coincidence: number
}

const figure = /(?<![\w.])[-−+]?\d[\d,_]*(?:\.\d+)?(?:e[+-]?\d{1,3})?(?![\w]|\.\d)/giu
/** A figure that is found where so much else is printed may be there by chance. */
const mostByChance = 0.1
const mostPrinted = 200_000

/**
 * A figure of an answer that a program has printed beside no name, as `print(mean)` does. It counts only where few figures were printed for its
 * digits: a single digit only where nothing else was. Rounded as the answer rounds it; a percentage may have been printed as a share.
 */
export function printedFigure(text: string, outputs: readonly PrintedOutput[]): PrintedFigure | null {
  const [digits] = text.match(figure) ?? []
  if (digits === undefined) return null
  const [value, decimals] = [valueOf(digits), (digits.split('.')[1] ?? '').length]
  const factors = text.includes('%') || /per ?cent/i.test(text) ? [1, 100] : [1]
  const significant = digits.replaceAll(/\D/g, '').replace(/^0+/, '').length
  for (const { number, printed } of outputs.toReversed()) {
    const values = new Set((printed.slice(0, mostPrinted).match(figure) ?? []).map(valueOf))
    const coincidence = values.size * factors.length * 10 ** -Math.max(1, significant)
    if (coincidence > mostByChance * factors.length) continue
    // Half of the last digit that is told, and what a double loses.
    const reach = 0.5 * 10 ** -decimals + Math.abs(value) * 1e-12
    const isThere = [...values].some((each) => factors.some((factor) => Math.abs(each * factor - value) <= reach))
    if (isThere) return { number, coincidence: Math.min(1, coincidence) }
  }
  return null
}

const valueOf = (digits: string): number => Number(digits.replaceAll(/[,_]/g, '').replace('−', '-'))
