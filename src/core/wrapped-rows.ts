/** What is kept under a data key of its own, which a key of the service has wrapped: its key, and nothing else of it. */
export interface WrappedRow {
  readonly id: string
  readonly wrappedKey: string
}

/** The data keys of what is kept sealed, so that another key of the service can wrap them. */
export interface WrappedRows {
  /** Up to so many whose wrapped key does not begin so, in the order of their ids, from behind one on. */
  wrappedOtherwise(prefix: string, after: string, most: number): Promise<readonly WrappedRow[]>
  /** Puts another wrapped key in the place of this one; does nothing where it is not this one any more. */
  rewrap(row: WrappedRow, wrappedKey: string): Promise<void>
}
