/** Browsers give no element more height: Firefox ends at 17.9 million pixels, Chromium at 33.5 million. */
const tallest = 15_000_000

interface Viewed {
  readonly rowCount: number
  /** Pixels, the same for all rows. */
  readonly rowHeight: number
  /** Pixels of rows that are seen at once. */
  readonly viewport: number
  readonly scrollTop: number
  /** Rows that are made above and below what is seen. */
  readonly overscan?: number
}

interface RowWindow {
  /** The rows that are made: `from` up to and without `to`. */
  readonly from: number
  readonly to: number
  /** Where the first of them lies, in pixels of the scrolled element. */
  readonly offset: number
  /** Pixels of the scrolled element. */
  readonly height: number
}

/** Pixels of the rows, and by what the scrolled element is shorter where no element can be as tall. */
function scaleOf({ rowCount, rowHeight, viewport }: Viewed): { readonly height: number; readonly scale: number } {
  const total = rowCount * rowHeight
  if (total <= tallest) return { height: total, scale: 1 }
  return { height: tallest, scale: (total - viewport) / (tallest - viewport) }
}

/**
 * Which rows a place of the scrollbar shows. Nothing is kept for a row that is not seen, so that a million of them cost
 * what thirty do.
 */
export function rowWindow(viewed: Viewed): RowWindow {
  const { rowCount, rowHeight, viewport, overscan = 8 } = viewed
  const { height, scale } = scaleOf(viewed)
  const scrollTop = Math.max(0, Math.min(viewed.scrollTop, height - viewport))
  const top = scrollTop * scale
  const from = Math.max(0, Math.floor(top / rowHeight) - overscan)
  const to = Math.min(rowCount, Math.ceil((top + viewport) / rowHeight) + overscan)
  return { from, to: Math.max(from, to), offset: scrollTop - top + from * rowHeight, height }
}

/** Where to scroll so that a row is wholly seen; null where it is. */
export function scrollTopFor(row: number, viewed: Viewed): number | null {
  const { rowHeight, viewport } = viewed
  const { scale } = scaleOf(viewed)
  const top = viewed.scrollTop * scale
  const [begins, ends] = [row * rowHeight, (row + 1) * rowHeight]
  if (begins < top) return begins / scale
  if (ends > top + viewport) return (ends - viewport) / scale
  return null
}
