export type TableRow = readonly unknown[]

/** Rows `from` up to and without `to`, at once or later. */
export type RowSource = (from: number, to: number) => readonly TableRow[] | Promise<readonly TableRow[]>

/** Rows that are asked for at once. */
const pageSize = 200
/** Rows that are asked for at once where all of them are wanted. */
const atOnce = 1_000
/** Pages that are kept: what is scrolled past long ago is asked for again. */
const mostPages = 50

/** Rows of a table that may be far longer than what is kept of it: by pages, the ones used last. */
export class RowCache {
  readonly #source: RowSource
  readonly #rowCount: number
  readonly #changed: (error: unknown) => void
  readonly #pages = new Map<number, readonly TableRow[] | 'wanted'>()

  /** `changed` is told when rows have come, or with what went wrong. */
  constructor(source: RowSource, rowCount: number, changed: (error: unknown) => void) {
    this.#source = source
    this.#rowCount = rowCount
    this.#changed = changed
  }

  /** A row that is there; undefined while it is not, and then it is asked for. */
  row(index: number): TableRow | undefined {
    const number = Math.floor(index / pageSize)
    const page = this.#pages.get(number) ?? this.#fetch(number)
    return page === 'wanted' ? undefined : page[index - number * pageSize]
  }

  /**
   * Gives each row to `take`, in order, and keeps none here. Rejects with what the source rejects with.
   */
  async each(take: (row: TableRow, index: number) => void): Promise<void> {
    for (let index = 0; index < this.#rowCount;) {
      const some = this.#source(index, Math.min(this.#rowCount, index + atOnce))
      const rows = some instanceof Promise ? await some : some
      if (rows.length === 0) return
      for (const row of rows) take(row, index++)
    }
  }

  #fetch(number: number): readonly TableRow[] | 'wanted' {
    const from = number * pageSize
    const rows = this.#source(from, Math.min(this.#rowCount, from + pageSize))
    if (!(rows instanceof Promise)) return this.#keep(number, rows)
    this.#keep(number, 'wanted')
    rows.then(
      (arrived) => {
        this.#keep(number, arrived)
        this.#changed(null)
      },
      (error: unknown) => {
        this.#pages.delete(number)
        this.#changed(error)
      },
    )
    return 'wanted'
  }

  #keep<T extends readonly TableRow[] | 'wanted'>(number: number, page: T): T {
    this.#pages.delete(number)
    this.#pages.set(number, page)
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= mostPages) break
      this.#pages.delete(oldest)
    }
    return page
  }
}
