import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type {
  SharedChart,
  SharedPart,
  SharedPartCall,
  SharedPartCallTablesItem,
} from '../../../client/generated/shares.ts'
import { Badge } from '../../components/badge.tsx'
import { Chart } from '../../components/chart.tsx'
import { CodeEditor } from '../../components/code-editor.tsx'
import { DataTable } from '../../components/data-table.tsx'
import { Markdown } from '../../components/markdown.tsx'
import { visibleText } from '../../components/visible-text.ts'
import { isRemark, stepOf } from './remarks.ts'
import { SharedAnswer } from './shared-answer.tsx'
import type { SharedPlace } from './shared-figures.ts'

/** The parts of a share, in their order. Nothing in them can be run, and nothing leads to what they were made of: figures lead to cells of the share itself. */
export function SharedParts({ items }: { readonly items: readonly SharedPart[] }) {
  const [place, setPlace] = useState<SharedPlace | null>(null)
  return (
    <ol class="shared-parts">
      {items.map((item, at) => (
        <li key={at} class={`shared-part shared-${item.type === 'message' ? item.role : item.type}`}>
          {item.type === 'message' && isRemark(items, at) ? (
            <div class="muted">
              <Markdown text={item.text} />
            </div>
          ) : item.type === 'message' && item.role === 'assistant' ? (
            <>
              <h2 class="shared-speaker">{speakers.assistant}</h2>
              <SharedAnswer answer={item} items={items} onPlace={setPlace} />
            </>
          ) : (
            <Part item={item} step={stepOf(items, at)} place={place?.part === at ? place : null} />
          )}
        </li>
      ))}
    </ol>
  )
}

const speakers = { user: 'Question', assistant: 'Answer', system: 'Instructions' } as const

interface PartProps<Item> {
  readonly item: Item
  readonly step: number
  /** What of it a figure leads to; null for nothing. */
  readonly place: SharedPlace | null
}

function Part({ item, step, place }: PartProps<SharedPart>) {
  switch (item.type) {
    case 'message':
      return (
        <>
          <h2 class="shared-speaker">{speakers[item.role]}</h2>
          <Markdown text={item.text} />
        </>
      )
    case 'plan':
      return (
        <details>
          <summary>Plan, {item.steps.length} steps</summary>
          <ol>
            {item.steps.map(({ text, status }, number) => (
              <li key={number}>
                {visibleText(text)} <span class="muted small">{status.replace('_', ' ')}</span>
              </li>
            ))}
          </ol>
        </details>
      )
    case 'file':
      return (
        <details>
          <summary>
            File {visibleText(item.name)} <span class="muted small">{visibleText(item.media_type)}</span>
          </summary>
          <pre tabIndex={0}>{visibleText(item.text)}</pre>
        </details>
      )
    case 'chart':
      return <OneChart chart={item.chart} name={`Chart behind step ${step}`} />
    case 'left-out':
      return (
        <p class="shared-left-out">
          <Badge kind="warning">left out</Badge> {leftOutName(item)}: {visibleText(item.sentence)}
        </p>
      )
    case 'call':
      return <OneCall item={item} step={step} place={place} />
  }
}

const kinds = { message: 'An answer', plan: 'A plan', call: 'A step', file: 'A file', picture: 'A picture' } as const

function leftOutName({ what, name }: Extract<SharedPart, { readonly type: 'left-out' }>): string {
  return name === null ? kinds[what] : `${kinds[what]} (${visibleText(name)})`
}

function OneCall({ item, step, place }: PartProps<SharedPartCall>) {
  const { tool, source, outcome, summary, output, tables, charts } = item
  const details = useRef<HTMLDetailsElement>(null)
  const isStepShown = place !== null && place.cell === null
  useEffect(() => {
    if (!isStepShown || details.current === null) return
    details.current.open = true
    details.current.scrollIntoView({ block: 'nearest' })
    details.current.querySelector('summary')?.focus()
  }, [place])
  return (
    <>
      <details ref={details}>
        <summary>
          Step {step}: {visibleText(tool)} <span class="muted small">{visibleText(summary)}</span>{' '}
          {outcome !== 'result' && <Badge kind="danger">{outcome}</Badge>}
        </summary>
        {source !== null && (
          <CodeEditor
            label={`What ran in step ${step}`}
            value={visibleText(source.text)}
            language={source.language === 'shell' ? 'text' : source.language}
            readOnly
            onInput={() => {}}
          />
        )}
        {output !== null && <pre tabIndex={0}>{visibleText(output)}</pre>}
      </details>
      {charts.map((chart, number) => (
        <OneChart key={number} chart={chart} name={`Chart of step ${step}`} />
      ))}
      {tables.map((table, number) => (
        <OneTable key={number} table={table} name={`Table of step ${step}`} place={number === 0 ? place : null} />
      ))}
    </>
  )
}

interface TableProps {
  readonly table: SharedPartCallTablesItem
  readonly name: string
  readonly place: SharedPlace | null
}

function OneTable({ table, name, place }: TableProps) {
  const element = useRef<HTMLDivElement>(null)
  const cell = place?.cell ?? null
  useEffect(() => {
    if (cell === null) return
    element.current?.scrollIntoView({ block: 'nearest' })
    element.current?.querySelector<HTMLElement>('[role="grid"]')?.focus()
  }, [place])
  const { columns, rows, total_rows: total, hidden } = table
  const rowsAt = useCallback((from: number, to: number) => rows.slice(from, to), [rows])
  const shown = useMemo(
    () =>
      columns.map(({ name: column, type }) =>
        Object.assign({ name: column, kind: type }, hidden.includes(column) ? { note: 'hidden' } : {}),
      ),
    [columns, hidden],
  )
  const notes = [
    `${rows.length.toLocaleString('en')} ${rows.length === 1 ? 'row' : 'rows'}`,
    ...(total > rows.length ? [`of ${total.toLocaleString('en')}`] : []),
    ...hidden.map((column) => `${visibleText(column)} hidden`),
  ]
  return (
    <div class="shared-table" ref={element}>
      <p class="muted small">{notes.join(' · ')}</p>
      <DataTable
        caption={name}
        columns={shown}
        rowCount={rows.length}
        rowsAt={rowsAt}
        {...(cell === null ? {} : { mark: cell })}
      />
    </div>
  )
}

function OneChart({ chart, name }: { readonly chart: SharedChart; readonly name: string }) {
  const { title, spec, columns, rows } = chart
  const data = useMemo(
    () => rows.map((row) => Object.fromEntries(columns.map((column, place) => [column.name, row[place]]))),
    [rows, columns],
  )
  return <Chart spec={spec} data={data} title={title ?? name} />
}
