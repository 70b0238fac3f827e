import type { TuningQueueQuery } from '../../../api/generated/operators.ts'
import { askOperators } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Time } from '../../../components/time.tsx'
import { linkTo, navigate } from '../../../shell/router.ts'
import { Field } from '../../../components/field.tsx'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Said } from '../../../components/said.tsx'
import { useLoaded } from '../../../components/use-loaded.ts'
import { OpenedPanel } from './opened-panel.tsx'
import { queueRow } from './queue-rows.ts'
import { readQueue } from './queue-query.ts'

const kinds = [
  { kind: '', title: 'Everything that waits' },
  { kind: 'appeal', title: 'Appeals' },
  { kind: 'thumb', title: 'Thumbs' },
  { kind: 'receipt', title: 'Reports of values' },
  { kind: 'audit', title: 'Drawn decisions' },
] as const

/** What waits for somebody to look at it. What is shown stands in the address. */
export function FeedbackPanel({ opened, query }: { readonly opened: string | null; readonly query: URLSearchParams }) {
  if (opened !== null) return <OpenedPanel id={opened} />
  return <Queue given={Object.fromEntries(query)} />
}

function Queue({ given }: { readonly given: Readonly<Record<string, string>> }) {
  const { query, fault } = readQueue(given)
  const loaded = useLoaded(
    async (signal) =>
      fault === null ? await askOperators('GET /admin/v1/tuning/queue', { query, signal }) : { data: [], left: 0 },
    [JSON.stringify(given)],
  )
  const { data, left } = loaded.value ?? { data: [], left: 0 }
  const change = (name: keyof TuningQueueQuery, value: string): void => {
    const members = Object.entries({ ...given, [name]: value }).filter(([, text]) => text !== '')
    navigate(['operate', 'feedback'], Object.fromEntries(members), { replace: true })
  }
  return (
    <Panel
      title="Feedback"
      about="What callers objected to, what was not masked, and decisions that were drawn to be looked at."
      loaded={loaded}
    >
      <div class="operate-search">
        <Field label="What">
          {(field) => (
            <select
              {...field}
              value={given['kind'] ?? ''}
              onChange={(event) => change('kind', event.currentTarget.value)}
            >
              {kinds.map(({ kind, title }) => (
                <option key={kind} value={kind}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Group">
          {(field) => (
            <input
              {...field}
              value={given['group'] ?? ''}
              onChange={(event) => change('group', event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Category" hint="As toxicity or pii/email." fault={fault}>
          {(field) => (
            <input
              {...field}
              value={given['rule'] ?? ''}
              onChange={(event) => change('rule', event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Direction">
          {(field) => (
            <select
              {...field}
              value={given['direction'] ?? 'outbound'}
              onChange={(event) => change('direction', event.currentTarget.value)}
            >
              <option value="outbound">what a model says</option>
              <option value="inbound">what a model is sent</option>
            </select>
          )}
        </Field>
      </div>
      <RecordTable
        caption={left === 0 ? 'What waits' : `What waits; ${left.toLocaleString('en')} more behind these`}
        empty="Nothing waits."
        rows={data.map(queueRow)}
        keyOf={({ id }) => id}
        columns={[
          { title: 'Kind', cell: ({ kind }) => <Badge>{kind}</Badge> },
          { title: 'What is said', cell: ({ id, what }) => <a href={linkTo(['operate', 'feedback', id])}>{what}</a> },
          { title: 'Group', cell: ({ group }) => <Said>{group}</Said> },
          { title: 'Caller', cell: ({ principal }) => <Said>{principal}</Said> },
          { title: 'When', cell: ({ made }) => <Time at={made} relative /> },
        ]}
      />
      <p>
        <a href={linkTo(['tune'])}>Thresholds are proposed and tried on the page Tune</a>
      </p>
    </Panel>
  )
}
