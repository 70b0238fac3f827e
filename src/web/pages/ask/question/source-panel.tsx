import { useEffect, useState } from 'preact/hooks'
import { Badge } from '../../../components/badge.tsx'
import { durationText } from '../../../components/time-text.ts'
import { ProblemNotice } from '../../../components/notice.tsx'
import { Time } from '../../../components/time.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { currentSession } from '../../../shell/session.ts'
import { describeSource, type DescribedSource } from '../data-api.ts'
import { kindName } from '../table-summary.ts'

interface SourceProps {
  readonly sources: readonly string[]
  /** Null for the first one. */
  readonly chosen: string | null
  readonly onChoose: (source: string | null) => void
}

/** Which data source is asked, and what it holds as far as the person may see it. */
export function Source({ sources, chosen, onChoose }: SourceProps) {
  const name = chosen ?? sources[0]
  if (name === undefined)
    return <p class="muted">Your group has no data source: drop a file below and ask about that.</p>
  const maySee = currentSession().scopes.includes('sql')
  return (
    <div class="source">
      <label>
        <span>Data source</span>
        <select value={name} onChange={(event) => onChoose(event.currentTarget.value)}>
          {sources.map((each) => (
            <option key={each} value={each}>
              {visibleText(each)}
            </option>
          ))}
        </select>
      </label>
      {maySee && <Schema key={name} name={name} />}
    </div>
  )
}

function Schema({ name }: { readonly name: string }) {
  const [source, setSource] = useState<DescribedSource | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    if (isOpen && source === null) describeSource(name).then(setSource, setError)
  }, [isOpen])
  return (
    <details class="schema" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Tables and columns</summary>
      {error !== null && <ProblemNotice error={error} />}
      {source === null && error === null && <p class="muted">Reading the schema…</p>}
      {source !== null && (
        <>
          {source.freshness !== null && (
            <p class="muted small">
              As of <Time at={source.freshness.as_of} />
              {source.freshness.lag_ms !== null && `, ${durationText(source.freshness.lag_ms)} behind its primary`}
            </p>
          )}
          {source.tables.map((table) => (
            <SchemaTable key={table.name} table={table} />
          ))}
        </>
      )}
    </details>
  )
}

function SchemaTable({ table }: { readonly table: DescribedSource['tables'][number] }) {
  const { name, comment, estimated_rows: rows, columns } = table
  return (
    <details class="schema-table">
      <summary>
        <code>{visibleText(name)}</code>{' '}
        <span class="muted small">
          {columns.length} columns{rows === null ? '' : ` · about ${Math.round(rows).toLocaleString('en')} rows`}
        </span>
      </summary>
      {comment !== null && <p class="small">{visibleText(comment)}</p>}
      <ul class="schema-columns">
        {columns.map(({ name: of, type, use, pii }) => (
          <li key={of}>
            <code>{visibleText(of)}</code> <span class="muted small">{visibleText(type)}</span>{' '}
            {use !== 'allow' && <Badge kind="accent">{use === 'mask' ? 'masked for you' : 'in aggregates only'}</Badge>}{' '}
            {pii.length > 0 && <Badge kind="warning">{pii.map(kindName).join(', ')}</Badge>}
          </li>
        ))}
      </ul>
    </details>
  )
}
