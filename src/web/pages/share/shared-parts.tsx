import { useCallback, useMemo } from 'preact/hooks'
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

/** The parts of a share, in their order. Nothing in them can be run, and nothing leads to what they were made of. */
export function SharedParts({ items }: { readonly items: readonly SharedPart[] }) {
  return (
    <ol class="shared-parts">
      {items.map((item, at) => (
        <li key={at} class={`shared-part shared-${item.type === 'message' ? item.role : item.type}`}>
          {item.type === 'message' && isRemark(items, at) ? (
            <div class="muted">
              <Markdown text={item.text} />
            </div>
          ) : (
            <Part item={item} step={stepOf(items, at)} />
          )}
        </li>
      ))}
    </ol>
  )
}

const speakers = { user: 'Question', assistant: 'Answer', system: 'Instructions' } as const

function Part({ item, step }: { readonly item: SharedPart; readonly step: number }) {
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
            {item.steps.map(({ text, status }, place) => (
              <li key={place}>
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
      return <OneCall call={item} step={step} />
  }
}

const kinds = { message: 'An answer', plan: 'A plan', call: 'A step', file: 'A file', picture: 'A picture' } as const

function leftOutName({ what, name }: Extract<SharedPart, { readonly type: 'left-out' }>): string {
  return name === null ? kinds[what] : `${kinds[what]} (${visibleText(name)})`
}

function OneCall({ call, step }: { readonly call: SharedPartCall; readonly step: number }) {
  const { tool, source, outcome, summary, output, tables, charts } = call
  return (
    <>
      <details>
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
      {charts.map((chart, place) => (
        <OneChart key={place} chart={chart} name={`Chart of step ${step}`} />
      ))}
      {tables.map((table, place) => (
        <OneTable key={place} table={table} name={`Table of step ${step}`} />
      ))}
    </>
  )
}

function OneTable({ table, name }: { readonly table: SharedPartCallTablesItem; readonly name: string }) {
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
    <div class="shared-table">
      <p class="muted small">{notes.join(' · ')}</p>
      <DataTable caption={name} columns={shown} rowCount={rows.length} rowsAt={rowsAt} />
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
