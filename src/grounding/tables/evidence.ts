import type { JsonValue } from '../../core/json.ts'
import type { Steps } from '../steps.ts'
import { Column } from './column.ts'
import { tablesOfText } from './printed-tables.ts'

/** One table that a run has read: rows of a query, a DataFrame that was shown. */
export interface EvidenceTable {
  /** What the marks name it by, unlike any other of the run: `run3`. */
  readonly id: string
  /** What readers call it: `result 3`. The id where it is left out. */
  readonly title?: string
  readonly columns: readonly { readonly name: string; readonly type?: string }[]
  readonly rows: readonly (readonly JsonValue[])[]
  /** Rows of the whole table. Where it is more than `rows` has, nothing is computed over all of them. `rows.length` where it is left out. */
  readonly totalRows?: number
}

/** What a program printed: lines of "label: number" count as rows. */
export interface PrintedText {
  readonly id: string
  readonly title?: string
  readonly text: string
}

/** A table with what was found out about its columns, each when it is first asked for. */
export interface IndexedTable {
  readonly id: string
  readonly title: string
  readonly columns: readonly Column[]
  readonly rowCount: number
  /** Is every row of the table here? */
  readonly whole: boolean
}

export interface Evidence {
  readonly tables: readonly IndexedTable[]
}

/** Makes tables ready to be compared with. Rows are not copied: they must stay as they are. */
export function indexEvidence(tables: readonly EvidenceTable[], printed: readonly PrintedText[] = []): Evidence {
  return { tables: [...tables, ...printed.flatMap(tablesOfText)].map(indexed) }
}

/** Rows of a table whose numbers are put in order step by step; fewer take no longer than a step when they are first asked for. */
const manyRows = 65_536

/** Finds out what is in a table, step by step, before it is asked for at once. */
export function* preparing({ columns, rowCount }: IndexedTable): Steps<void> {
  let open = columns.map((column) => column.reading())
  while (open.length > 0) {
    const left: typeof open = []
    for (const reading of open) {
      if (reading.next().done !== true) left.push(reading)
      yield
    }
    open = left
  }
  for (const column of columns) if (rowCount >= manyRows && column.kind !== 'text') yield* column.sorting()
}

function indexed(table: EvidenceTable): IndexedTable {
  return {
    id: table.id,
    title: table.title ?? table.id,
    columns: table.columns.map(({ name }, index) => new Column(name, index, table.rows)),
    rowCount: table.rows.length,
    whole: (table.totalRows ?? table.rows.length) <= table.rows.length,
  }
}
