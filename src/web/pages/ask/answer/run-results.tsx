import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Button } from '../../../components/button.tsx'
import { Chart } from '../../../components/chart.tsx'
import { DataTable } from '../../../components/data-table.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { cellText, visibleText } from '../../../components/visible-text.ts'
import { rowsOf, saveTable, type RunChart, type RunTable } from '../data-api.ts'
import { namesOfItsOwn, pointInWords } from './chart-words.ts'
import type { RunData } from './run-data.ts'

/** A cell of a table of a run. */
export interface Place {
  readonly call: number
  /** From 0. */
  readonly row: number
  readonly column: string
}

interface AboutProps {
  /** Words for the next question. */
  readonly onAbout: (words: string) => void
}

interface RunTablesProps extends AboutProps {
  readonly data: RunData
  /** The cell that is shown; null for none. */
  readonly place: Place | null
}

/** Tables behind an answer that are seen without asking; those of the steps before them are when somebody wants them. */
const fewTables = 2

/** The tables of a run: the last one open, each with what is masked and cut of it. */
export function RunTables({ data: { tables, error }, place, onAbout }: RunTablesProps) {
  const [isWhole, setWhole] = useState(false)
  if (error !== null) return <ProblemNotice error={error} />
  const isPlaceHidden = place !== null && !tables.slice(-fewTables).some(({ call }) => call === place.call)
  const hidden = isWhole || isPlaceHidden ? 0 : Math.max(0, tables.length - fewTables)
  return (
    <>
      {hidden > 0 && (
        <Button kind="quiet" onClick={() => setWhole(true)}>
          {hidden === 1 ? 'Show the table of an earlier step' : `Show the tables of ${hidden} earlier steps`}
        </Button>
      )}
      {tables.slice(hidden).map((table) => (
        <OneTable
          key={table.call}
          table={table}
          isFirstOpen={table === tables.at(-1)}
          place={place?.call === table.call ? place : null}
          onAbout={onAbout}
        />
      ))}
    </>
  )
}

interface OneTableProps extends Pick<RunTablesProps, 'place' | 'onAbout'> {
  readonly table: RunTable
  readonly isFirstOpen: boolean
}

function OneTable({ table, isFirstOpen, place, onAbout }: OneTableProps) {
  const { run, call, note, columns, rows } = table
  const [isOpen, setOpen] = useState(isFirstOpen)
  const [error, setError] = useState<unknown>(null)
  const element = useRef<HTMLDetailsElement>(null)
  const rowsAt = useCallback(
    async (from: number, to: number) => (await rowsOf(run, call, { from, to })).data,
    [run, call],
  )
  const shown = useRef<Place | null>(null)
  useEffect(() => {
    // Whoever closes it again is not led back to the cell.
    if (place === null || shown.current === place) return
    if (!isOpen) return setOpen(true)
    shown.current = place
    element.current?.scrollIntoView({ block: 'nearest' })
    element.current?.querySelector<HTMLElement>('[role="grid"]')?.focus()
  }, [place, isOpen])
  const save = (format: 'csv' | 'parquet'): void =>
    void saveTable(table, format).then(
      () => setError(null),
      (problem: unknown) => setError(problem),
    )
  const shownColumns = useMemo(
    () =>
      columns.map(({ name, type, masked }) =>
        Object.assign({ name, kind: type }, masked === null ? {} : { note: 'masked' }),
      ),
    [columns],
  )
  return (
    <details
      ref={element}
      class="run-table"
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      data-call={call}
    >
      <summary>
        Table of step {call} <span class="muted small">{visibleText(note)}</span>
      </summary>
      {isOpen && (
        <>
          <DataTable
            caption={`Table of step ${call}`}
            columns={shownColumns}
            rowCount={rows}
            rowsAt={rowsAt}
            {...(place === null ? {} : { mark: { row: place.row, column: place.column } })}
            onCell={({ column, value }) => {
              // Whoever marks words to copy them presses on the cell, too, and a mask says nothing.
              const isMarking = getSelection()?.isCollapsed === false
              const isMasked = columns.some(({ name, masked }) => name === column && masked !== null)
              if (value === null || value === undefined || isMarking || isMasked) return
              onAbout(`What is behind ${column} ${cellText(value)}?`)
            }}
          />
          <div class="run-table-foot">
            <Button kind="quiet" onClick={() => save('csv')}>
              Download CSV
            </Button>
            <Button kind="quiet" onClick={() => save('parquet')}>
              Download Parquet
            </Button>
            <span class="muted small">A press on a cell asks about it.</span>
          </div>
          {error !== null && <ProblemNotice error={error} onDismiss={() => setError(null)} />}
        </>
      )}
    </details>
  )
}

/** Charts of a run, drawn here from their rows. One that is no data is among the pictures. */
export function RunCharts({ charts, onAbout }: { readonly charts: readonly RunChart[] } & AboutProps) {
  return (
    <>
      {charts.map((chart) => (
        <OneChart key={chart.number} chart={chart} onAbout={onAbout} />
      ))}
    </>
  )
}

function OneChart({ chart, onAbout }: { readonly chart: RunChart } & AboutProps) {
  const { spec, columns, rows, title, number, truncated, masked, refused } = chart
  const data = useMemo(
    () => rows.map((row) => Object.fromEntries(columns.map(({ name }, place) => [name, row[place]]))),
    [rows, columns],
  )
  if (spec === null)
    return refused === null ? null : (
      <p class="muted small">
        Chart {number} is {chart.picture === null ? 'not drawn' : 'a picture only'}: {visibleText(refused)}
      </p>
    )
  const notes = [...(masked ? ['values masked'] : []), ...(truncated ? [`the first ${rows.length} rows`] : [])]
  return (
    <div class="run-chart">
      <Chart
        spec={spec}
        data={data}
        title={title ?? `Chart ${number}`}
        shown={namesOfItsOwn(chart)}
        onPoint={(row) => {
          const words = pointInWords(chart, row)
          if (words !== null) onAbout(`What is behind ${words}?`)
        }}
      />
      {notes.length > 0 && <p class="muted small">{notes.join(' · ')}</p>}
    </div>
  )
}
