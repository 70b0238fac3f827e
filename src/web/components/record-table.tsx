import type { ComponentChildren, RefObject } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { RowsInView } from './rows-in-view.tsx'

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => ComponentChildren
  readonly isNumber?: boolean
}

/** The title of the column of what can be done with a row; it stays in sight. */
const acts = 'Actions'

const classOf = ({ title, isNumber = false }: { readonly title: string; readonly isNumber?: boolean }) =>
  isNumber ? 'record-number' : title === acts ? 'record-acts' : undefined

interface RecordTableProps<Row> {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string | number
  readonly empty: string
}

/** More rows than these are made only where they are seen. */
const mostAtOnce = 200
/** Rows that are made, and left out, together. */
const atATime = 50

/**
 * A table of things that can be acted upon. It scrolls in itself where the page is too narrow, by keyboard too. Of a long one the rows
 * near what is seen are made: tens of thousands cost what some hundred do.
 */
export function RecordTable<Row>({ caption, columns, rows, keyOf, empty }: RecordTableProps<Row>) {
  const id = useId()
  const isLong = rows.length > mostAtOnce
  const [head, widths] = useKeptWidths(isLong)
  if (rows.length === 0) return <p class="record-none muted">{empty}</p>
  return (
    <div class="record-scroll" role="region" aria-labelledby={id} tabIndex={0}>
      <table
        class={widths === null ? 'record-table' : 'record-table record-table-long'}
        style={{ width: widths === null ? undefined : `${widths.reduce((sum, width) => sum + width, 0)}px` }}
        aria-rowcount={isLong ? rows.length + 1 : undefined}
      >
        <caption id={id}>{caption}</caption>
        {widths !== null && (
          <colgroup>
            {widths.map((width, at) => (
              <col key={at} style={{ width: `${width}px` }} />
            ))}
          </colgroup>
        )}
        <thead ref={head}>
          <tr aria-rowindex={isLong ? 1 : undefined}>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={classOf(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        {isLong ? (
          pieces(rows).map(({ from, some }) => (
            <RowsInView key={from} count={some.length} columns={columns.length} isFirst={from === 0}>
              {() => some.map((row, at) => <RecordRow key={keyOf(row)} row={row} columns={columns} at={from + at} />)}
            </RowsInView>
          ))
        ) : (
          <tbody>
            {rows.map((row) => (
              <RecordRow key={keyOf(row)} row={row} columns={columns} />
            ))}
          </tbody>
        )}
      </table>
    </div>
  )
}

/**
 * The widths in pixels that the columns of a long table had for its first rows, which they keep: else they would move whenever other rows are
 * made. Null of a table that is not long.
 */
function useKeptWidths(
  isLong: boolean,
): readonly [RefObject<HTMLTableSectionElement | null>, readonly number[] | null] {
  const head = useRef<HTMLTableSectionElement>(null)
  const [widths, setWidths] = useState<readonly number[] | null>(null)
  useLayoutEffect(() => {
    const cells = [...(head.current?.querySelectorAll('th') ?? [])]
    setWidths(isLong ? cells.map((cell) => cell.offsetWidth) : null)
  }, [isLong])
  return [head, isLong ? widths : null]
}

function RecordRow<Row>({
  row,
  columns,
  at,
}: {
  readonly row: Row
  readonly columns: readonly Column<Row>[]
  /** Its place among all rows, where not all of them are made. */
  readonly at?: number
}) {
  return (
    <tr aria-rowindex={at === undefined ? undefined : at + 2}>
      {columns.map((column) => (
        <td key={column.title} class={classOf(column)}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}

function pieces<Row>(rows: readonly Row[]): readonly { readonly from: number; readonly some: readonly Row[] }[] {
  const count = Math.ceil(rows.length / atATime)
  return Array.from({ length: count }, (_, at) => ({
    from: at * atATime,
    some: rows.slice(at * atATime, (at + 1) * atATime),
  }))
}
