import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { RowsInView } from './rows-in-view.tsx'

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => ComponentChildren
  readonly isNumber?: boolean
}

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
  if (rows.length === 0) return <p class="record-none muted">{empty}</p>
  const isLong = rows.length > mostAtOnce
  return (
    <div class="record-scroll" role="region" aria-labelledby={id} tabIndex={0}>
      <table
        class={isLong ? 'record-table record-table-long' : 'record-table'}
        aria-rowcount={isLong ? rows.length + 1 : undefined}
      >
        <caption id={id}>{caption}</caption>
        <Head columns={columns} isFixed={isLong} />
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
 * `isFixed`: columns keep the widths that they had for the first rows. Else they would move whenever other rows are made.
 */
function Head<Row>({ columns, isFixed }: { readonly columns: readonly Column<Row>[]; readonly isFixed: boolean }) {
  const head = useRef<HTMLTableSectionElement>(null)
  const [widths, setWidths] = useState<readonly number[] | null>(null)
  useLayoutEffect(() => {
    const cells = isFixed && widths === null ? [...(head.current?.querySelectorAll('th') ?? [])] : []
    if (cells.length > 0) setWidths(cells.map((cell) => cell.offsetWidth))
    if (!isFixed && widths !== null) setWidths(null)
  }, [isFixed, widths])
  useLayoutEffect(() => {
    const table = head.current?.closest('table')
    if (table === null || table === undefined) return
    table.style.tableLayout = widths === null ? 'auto' : 'fixed'
    table.style.width = widths === null ? '' : `${widths.reduce((sum, width) => sum + width, 0)}px`
  }, [widths])
  return (
    <>
      {widths !== null && (
        <colgroup>
          {widths.map((width, at) => (
            <col key={at} style={{ width: `${width}px` }} />
          ))}
        </colgroup>
      )}
      <thead ref={head}>
        <tr aria-rowindex={isFixed ? 1 : undefined}>
          {columns.map(({ title, isNumber = false }) => (
            <th key={title} scope="col" class={isNumber ? 'record-number' : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
    </>
  )
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
      {columns.map(({ title, cell, isNumber = false }) => (
        <td key={title} class={isNumber ? 'record-number' : undefined}>
          {cell(row)}
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
