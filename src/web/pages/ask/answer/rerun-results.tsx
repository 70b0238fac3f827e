import type { ComponentChildren } from 'preact'
import { useCallback } from 'preact/hooks'
import type { Displayed, Execution, MadeFile, Table } from '../../../../client/generated/programs.ts'
import type { Rows } from '../../../../client/generated/sql.ts'
import { saveBlob } from '../../../api/request.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { DataTable } from '../../../components/data-table.tsx'
import { durationText } from '../../../components/time-text.ts'
import { visibleText } from '../../../components/visible-text.ts'
import { ownAddress } from '../data-api.ts'
import { rowsAsCsv } from './rows-csv.ts'
import { tableSummary } from '../table-summary.ts'

/** Rows of a statement that a person ran. */
export function StatementResult({
  rows: { columns, rows, findings, truncated, duration_ms: took },
  onAsk,
}: {
  readonly rows: Rows
  /** Begins a question about it. */
  readonly onAsk: () => void
}) {
  const note = tableSummary({ rowCount: rows.length, findings, truncated })
  return (
    <div class="rerun" role="status">
      <p class="muted small">
        {visibleText(note)} · {durationText(took)}
      </p>
      <ShownTable caption="Rows of the statement" columns={columns} rows={rows}>
        <Button kind="quiet" onClick={onAsk}>
          Ask about this result
        </Button>
      </ShownTable>
    </div>
  )
}

interface ShownTableProps extends Pick<Table, 'columns' | 'rows'> {
  readonly caption: string
  /** What else can be done about it. */
  readonly children?: ComponentChildren
}

function ShownTable({ caption, columns, rows, children }: ShownTableProps) {
  const rowsAt = useCallback((from: number, to: number) => rows.slice(from, to), [rows])
  const shown = columns.map(({ name, type }) => ({ name, kind: type }))
  const save = (): void => saveBlob(new Blob([rowsAsCsv(columns, rows)], { type: 'text/csv' }), 'rows.csv')
  return (
    <>
      <DataTable caption={caption} columns={shown} rowCount={rows.length} rowsAt={rowsAt} />
      <div class="run-table-foot">
        <Button kind="quiet" onClick={save}>
          Download CSV
        </Button>
        {children}
      </div>
    </>
  )
}

/** What a program said and made that a person ran. */
export function ProgramResult({ execution }: { readonly execution: Execution }) {
  const { outcome, stdout, stderr, error, results, files, missing, notice, renewed, timings, findings } = execution
  const said = [renewed, notice, ...missing, ...findings.map(({ message }) => message)]
  return (
    <div class="rerun" role="status">
      <p class="muted small">
        <Badge kind={outcome === 'ok' ? 'good' : 'warning'}>{outcome}</Badge> {durationText(timings.run_ms)}
      </p>
      {said.map((sentence) => sentence !== null && <p key={sentence}>{visibleText(sentence)}</p>)}
      <Output label="Standard output" text={stdout} />
      <Output label="Standard error" text={stderr} />
      {error !== null && (
        <Output label="Error" text={error.traceback === '' ? `${error.name}: ${error.value}` : error.traceback} />
      )}
      {results.map((result, at) => (
        <ShownResult key={at} result={result} at={at} />
      ))}
      {files.map((file) => (
        <LinkedFile key={file.path} file={file} />
      ))}
    </div>
  )
}

function Output({ label, text }: { readonly label: string; readonly text: string }) {
  if (text === '') return null
  return (
    <pre tabIndex={0} aria-label={label}>
      {visibleText(text)}
    </pre>
  )
}

function ShownResult({ result, at }: { readonly result: Displayed; readonly at: number }) {
  const { data, text, png_url: png, jpeg_url: jpeg } = result
  const picture = ownAddress(png ?? jpeg ?? '')
  if (picture !== '') return <img class="rerun-picture" src={picture} alt={`Figure ${at + 1} of the program`} />
  if (data !== undefined)
    return <ShownTable caption={`Table ${at + 1} of the program`} columns={data.columns} rows={data.rows} />
  return text === undefined ? null : <Output label={`Value ${at + 1}`} text={text} />
}

function LinkedFile({ file: { path, url = '' } }: { readonly file: MadeFile }) {
  const address = ownAddress(url)
  const name = visibleText(path)
  return address === '' ? null : (
    <p>
      <a href={address} download={name}>
        {name}
      </a>
    </p>
  )
}
