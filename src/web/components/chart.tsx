import { useEffect, useRef, useState } from 'preact/hooks'
import { isDark } from '../shell/theme.ts'
import { Button } from './button.tsx'
import { DataTable } from './data-table.tsx'
import { LoadFault } from './load-fault.tsx'
import { ProblemNotice } from './notice.tsx'
import { visibleText } from './visible-text.ts'

interface ChartProps {
  /** Vega-Lite without its data. */
  readonly spec: Readonly<Record<string, unknown>>
  /** Its rows, by the names of their columns. */
  readonly data: readonly Readonly<Record<string, unknown>>[]
  readonly title: string
  /** Names of the columns that its table shows; all of them where it is absent. */
  readonly shown?: readonly string[]
  /** Told the row of what was pressed on: a bar, a point, a slice. */
  readonly onPoint?: (row: Readonly<Record<string, unknown>>) => void
}

/** Asks for what draws charts before there is one: on a slow line it is the longest wait of an answer that has any. */
export function prepareCharts(): void {
  // Where it cannot be had now, the chart that needs it says so.
  import('../charts/vega.ts').catch(() => undefined)
}

/** A chart drawn from data, which can always be had as a table, too. What draws it is loaded when the first one is seen. */
export function Chart({ spec, data, title, shown, onPoint }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<'chart' | 'table'>('chart')
  const [error, setError] = useState<unknown>(null)
  const [isMissing, setMissing] = useState(false)
  const dark = isDark.value
  const told = useRef(onPoint)
  told.current = onPoint
  useEffect(() => {
    const element = place.current
    if (view !== 'chart' || element === null) return
    const leave = new AbortController()
    setError(null)
    setMissing(false)
    import('../charts/vega.ts').then(
      ({ drawChart }) =>
        drawChart(element, { spec, data, title, dark, onPoint: (row) => told.current?.(row) }, leave.signal).catch(
          (problem: unknown) => {
            if (!leave.signal.aborted) setError(problem)
          },
        ),
      () => {
        if (!leave.signal.aborted) setMissing(true)
      },
    )
    return () => leave.abort()
  }, [spec, data, title, dark, view])
  const columns = columnsOf(data).filter(({ name }) => shown?.includes(name) ?? true)
  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <span>{visibleText(title)}</span>
        <Button kind="quiet" pressed={view === 'table'} onClick={() => setView(view === 'chart' ? 'table' : 'chart')}>
          Table
        </Button>
      </figcaption>
      {error !== null && <ProblemNotice error={error} />}
      {isMissing && <LoadFault />}
      {view === 'chart' ? (
        <div class="chart-place" ref={place} />
      ) : (
        <DataTable
          caption={title}
          columns={columns}
          rowCount={data.length}
          rowsAt={(from, to) => data.slice(from, to).map((row) => columns.map(({ name }) => row[name]))}
        />
      )}
    </figure>
  )
}

function columnsOf(data: readonly Readonly<Record<string, unknown>>[]): { name: string; kind: string }[] {
  const names = new Set(data.slice(0, 100).flatMap((row) => Object.keys(row)))
  return [...names].map((name) => ({
    name,
    kind: data.every((row) => row[name] === null || row[name] === undefined || typeof row[name] === 'number')
      ? 'number'
      : 'text',
  }))
}
