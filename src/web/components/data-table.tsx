import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Button } from './button.tsx'
import { ProblemNotice } from './notice.tsx'
import { RowCache, type RowSource, type TableRow } from './row-cache.ts'
import { isNumeric, orderBy, type Sorting } from './row-order.ts'
import { rowWindow, scrollTopFor } from './row-window.ts'
import { cellText, valueText, visibleText } from './visible-text.ts'

interface TableColumn {
  readonly name: string
  /** The type as its source names it; numbers stand to the right and are compared by value. */
  readonly kind: string
  /** A word beside the name: that it is masked, or looks like personal data. */
  readonly note?: string
}

interface Place {
  readonly row: number
  /** By its name, as the grounding of answers tells it. */
  readonly column: string
}

export interface DataTableProps {
  readonly columns: readonly TableColumn[]
  readonly rowCount: number
  readonly rowsAt: RowSource
  /** What the table shows: its name for screen readers. */
  readonly caption: string
  /** A cell was chosen, by a press or by Enter; `row` counts from 0 in the order of the source. */
  readonly onCell?: (cell: Place & { readonly value: unknown }) => void
  /** A cell that is scrolled to and marked. */
  readonly mark?: Place
}

/** As the style sheet has it. */
const rowHeight = 32
/** Rows that are fetched to sort them here where the source gives them later. */
const mostToFetch = 20_000
/** Characters of a cut cell that are shown below the table. */
const longestWhole = 20_000

/** A table of any length: sortable, by keyboard too, with only the rows made that are seen. */
export function DataTable({ columns, rowCount, rowsAt, caption, onCell, mark }: DataTableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const prefix = useId()
  const [version, setVersion] = useState(0)
  const [scrollTop, setScrollTop] = useState(0)
  const [viewport, setViewport] = useState(480)
  const [sorting, setSorting] = useState<Sorting | null>(null)
  const [sorted, setSorted] = useState<{ order: Uint32Array; rows: readonly TableRow[] | null } | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [active, setActive] = useState({ row: 0, column: 0 })
  const [isUsed, setUsed] = useState(false)
  const [isCut, setCut] = useState(false)
  const cache = useMemo(
    () =>
      new RowCache(rowsAt, rowCount, (problem) => {
        setError(problem)
        setVersion((version) => version + 1)
      }),
    [rowsAt, rowCount],
  )

  /** The row of the source at a place of the table as it is sorted. */
  const sourceRow = (place: number): number => sorted?.order[place] ?? place
  const rowAt = (place: number): TableRow | undefined => {
    const index = sourceRow(place)
    return sorted?.rows?.[index] ?? cache.row(index)
  }
  const viewed = { rowCount, rowHeight, viewport: Math.max(rowHeight, viewport - rowHeight), scrollTop }
  const { from, to, offset, height } = rowWindow(viewed)

  useEffect(() => {
    setSorting(null)
    setSorted(null)
    setActive({ row: 0, column: 0 })
    setUsed(false)
  }, [cache])

  useLayoutEffect(() => {
    const cell = isUsed ? document.getElementById(`${prefix}-${active.row}-${active.column}`) : null
    setCut(cell !== null && (cell.scrollWidth > cell.clientWidth || cell.scrollHeight > cell.clientHeight))
  }, [isUsed, active, from, to, sorted, version, columns])

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const observer = new ResizeObserver(() => setViewport(element.clientHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  const show = ({ row, column }: { readonly row: number; readonly column: number }): void => {
    const element = scroller.current
    if (element === null) return
    const target = scrollTopFor(row, { ...viewed, scrollTop: element.scrollTop })
    if (target !== null) element.scrollTop = target
    const heading = element.querySelector<HTMLElement>(`[role="columnheader"][aria-colindex="${column + 1}"]`)
    if (heading === null) return
    const end = heading.offsetLeft + heading.offsetWidth
    if (heading.offsetLeft < element.scrollLeft) element.scrollLeft = heading.offsetLeft
    else if (end > element.scrollLeft + element.clientWidth) element.scrollLeft = end - element.clientWidth
  }

  useEffect(() => {
    if (mark === undefined) return
    const row = sorted === null ? mark.row : sorted.order.indexOf(mark.row)
    const target = {
      row: clamp(row, rowCount),
      column: clamp(
        columns.findIndex(({ name }) => name === mark.column),
        columns.length,
      ),
    }
    setActive(target)
    show(target)
  }, [mark?.row, mark?.column, sorted])

  const sortBy = async (column: number): Promise<void> => {
    const descending = sorting?.column === column && !sorting.descending
    if (sorting?.column === column && sorting.descending) {
      setSorting(null)
      setSorted(null)
      return
    }
    try {
      const first = rowsAt(0, Math.min(1, rowCount))
      const later = first instanceof Promise
      const kept: TableRow[] = []
      const values: unknown[] = []
      await cache.each((row) => {
        values.push(row[column])
        if (later) kept.push(row)
      })
      const order = orderBy(values, columns[column]?.kind ?? '', descending)
      setSorting({ column, descending })
      setSorted({ order, rows: later ? kept : null })
      setError(null)
    } catch (problem) {
      setError(problem)
    }
  }

  const choose = (row: number, column: number): void => {
    const of = columns[column]
    if (onCell === undefined || of === undefined) return
    onCell({ row: sourceRow(row), column: of.name, value: rowAt(row)?.[column] })
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return
    const page = Math.max(1, Math.floor(viewed.viewport / rowHeight) - 1)
    const { row, column } = active
    const far = event.ctrlKey || event.metaKey
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      PageDown: [row + page, column],
      PageUp: [row - page, column],
      Home: [far ? 0 : row, 0],
      End: [far ? rowCount - 1 : row, columns.length - 1],
    }
    const move = moves[event.key]
    if (move !== undefined) {
      const target = { row: clamp(move[0], rowCount), column: clamp(move[1], columns.length) }
      setActive(target)
      show(target)
    } else if (event.key === 'Enter') choose(row, column)
    else return
    event.preventDefault()
  }

  const places = Array.from({ length: to - from }, (_, index) => from + index)
  const mayScrollSideways = columns.length > 0
  const canSort = rowCount <= mostToFetch || !(rowsAt(0, Math.min(1, rowCount)) instanceof Promise)
  return (
    <div class="data-table">
      {error !== null && <ProblemNotice error={error} onDismiss={() => setError(null)} />}
      <div
        ref={scroller}
        class="data-table-scroller"
        role="grid"
        aria-label={visibleText(caption)}
        aria-rowcount={rowCount + 1}
        aria-colcount={columns.length}
        aria-activedescendant={
          rowCount > 0 && mayScrollSideways ? `${prefix}-${active.row}-${active.column}` : undefined
        }
        tabIndex={0}
        onFocus={() => setUsed(true)}
        onKeyDown={onKeyDown}
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      >
        <div role="rowgroup" class="data-table-head">
          <div role="row" aria-rowindex={1} class="data-table-row">
            {columns.map(({ name, kind, note }, index) => (
              <div
                key={index}
                role="columnheader"
                aria-colindex={index + 1}
                aria-sort={sorting?.column === index ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
                class={isNumeric(kind) ? 'data-table-cell numeric' : 'data-table-cell'}
              >
                {canSort ? (
                  <Button kind="quiet" onClick={() => void sortBy(index)} title={`Sort by ${visibleText(name)}`}>
                    {visibleText(name)}
                    <span aria-hidden="true">
                      {sorting?.column === index ? (sorting.descending ? ' ▼' : ' ▲') : ''}
                    </span>
                  </Button>
                ) : (
                  visibleText(name)
                )}
                {note !== undefined && <span class="data-table-note">{note}</span>}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" class="data-table-body" style={{ height: `${height}px` }}>
          <div class="data-table-window" style={{ transform: `translateY(${offset}px)` }}>
            {places.map((place) => {
              const row = rowAt(place)
              return (
                <div key={place} role="row" aria-rowindex={place + 2} class="data-table-row">
                  {columns.map(({ name, kind }, index) => {
                    const isActive = active.row === place && active.column === index
                    const isMarked = mark?.column === name && mark.row === sourceRow(place)
                    return (
                      <div
                        key={index}
                        id={`${prefix}-${place}-${index}`}
                        role="gridcell"
                        aria-colindex={index + 1}
                        aria-selected={isMarked}
                        class={`data-table-cell${isNumeric(kind) ? ' numeric' : ''}${isActive ? ' active' : ''}${isMarked ? ' marked' : ''}`}
                        onClick={() => {
                          setUsed(true)
                          setActive({ row: place, column: index })
                          choose(place, index)
                        }}
                      >
                        {row === undefined ? '…' : cellText(row[index])}
                      </div>
                    )
                  })}
                </div>
              )
            })}
          </div>
        </div>
      </div>
      {isCut && (
        <pre
          class="data-table-whole"
          tabIndex={0}
          aria-label={`Whole value of ${visibleText(columns[active.column]?.name ?? '')}`}
        >
          {visibleText(valueText(rowAt(active.row)?.[active.column]).slice(0, longestWhole))}
        </pre>
      )}
    </div>
  )
}

const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value))
