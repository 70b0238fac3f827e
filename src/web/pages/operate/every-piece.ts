/** More than so many pieces are not read: a list that never ends is a fault, and 50,000 rows are no list for people. */
const mostPieces = 50

/**
 * Reads a list that comes in pieces to its end. Throws RangeError where it has none.
 * @param show is given what was read so far, behind each piece but the last
 */
export async function everyPiece<Item>(
  read: (after: string | undefined) => Promise<{ readonly data: readonly Item[]; readonly next: string | null }>,
  show: (soFar: readonly Item[]) => void = () => {},
): Promise<readonly Item[]> {
  const found: Item[] = []
  let after: string | undefined
  for (let piece = 0; piece < mostPieces; piece += 1) {
    const { data, next } = await read(after)
    found.push(...data)
    if (next === null) return found
    show([...found])
    after = next
  }
  throw new RangeError(
    `The list goes on behind ${found.length.toLocaleString('en')} rows; the command line reads it whole.`,
  )
}
