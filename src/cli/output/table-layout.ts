import stringWidth from 'string-width'

/** Border and padding that each column costs, and the last border. */
const columnCost = 3
const lastBorder = 1

/** A column is never cut below this, unless its cells need less. */
const leastWidth = 6

/** Places on a line that a text takes: two for a Chinese letter, none for a combining mark. */
export function displayWidth(text: string): number {
  return stringWidth(text)
}

/**
 * Widths of the columns of a table that has `width` places a line, borders included. The widest columns give first;
 * where even the least widths do not fit, columns at the end get none and are missing from the answer.
 *
 * `fitColumns([3, 40, 30], 40)` is `[3, 13, 14]`: of 40 places borders take 10, the number keeps its 3, and the two
 * texts share the rest.
 */
export function fitColumns(wanted: readonly number[], width: number): number[] {
  const count = columnsThatFit(wanted, width)
  const widths = wanted.slice(0, count)
  let excess = widths.reduce((sum, one) => sum + one, 0) + count * columnCost + lastBorder - width
  while (excess > 0) {
    const widest = Math.max(...widths)
    if (widest <= leastWidth) break
    widths[widths.indexOf(widest)] = widest - 1
    excess -= 1
  }
  return widths
}

/** How many columns fit with the least widths; one at least, so that there is a table. */
function columnsThatFit(wanted: readonly number[], width: number): number {
  let taken = lastBorder
  for (const [index, one] of wanted.entries()) {
    taken += Math.min(one, leastWidth) + columnCost
    if (taken > width) return Math.max(1, index)
  }
  return wanted.length
}
