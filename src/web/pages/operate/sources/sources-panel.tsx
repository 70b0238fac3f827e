import { useState } from 'preact/hooks'
import { askOperators, type AnswerOf } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { Notice, ProblemNotice } from '../../../components/notice.tsx'
import { Time } from '../../../components/time.tsx'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Code, Said } from '../../../components/said.tsx'
import { useDoing, useLoaded } from '../../../components/use-loaded.ts'
import { durationText } from '../../../components/time-text.ts'
import { freshnessText, sourceState } from './source-words.ts'

type Source = AnswerOf<'GET /admin/v1/sources'>['data'][number]

/** Data sources as they were last seen; each is asked anew when somebody says so. */
export function SourcesPanel() {
  const loaded = useLoaded((signal) => askOperators('GET /admin/v1/sources', { signal }), [])
  const [asked, setAsked] = useState<ReadonlyMap<string, Source>>(new Map())
  const [busy, setBusy] = useState<string | null>(null)
  const doing = useDoing()
  const check = async (id: string): Promise<void> => {
    setBusy(id)
    await doing.run(async () => {
      const source = await askOperators('POST /admin/v1/sources/{id}/check', { id, body: {} })
      setAsked((before) => new Map([...before, [id, source]]))
    })
    setBusy(null)
  }
  const rows = (loaded.value?.data ?? []).map((source) => asked.get(source.name) ?? source)
  const withFaults = rows.filter(({ fault }) => fault !== null)
  return (
    <Panel
      title="Data sources"
      about="Whether they answer, what their role may do beyond reading, and how fresh they are."
      loaded={loaded}
    >
      {doing.error !== null && <ProblemNotice error={doing.error} />}
      {withFaults.map(({ name, fault }) => (
        <Notice key={name} kind="error" title={`${name} cannot be used`}>
          <p>
            <Said>{fault?.detail ?? ''}</Said>
          </p>
          {fault?.advice !== null && (
            <p>
              <Said>{fault?.advice ?? ''}</Said>
            </p>
          )}
        </Notice>
      ))}
      <RecordTable
        caption="Data sources, as they were last seen"
        empty="No data source is configured."
        rows={rows}
        keyOf={({ name }) => name}
        columns={[
          { title: 'Name', cell: ({ name }) => <Code>{name}</Code> },
          { title: 'Kind', cell: ({ kind }) => kind },
          {
            title: 'State',
            cell: ({ state }) => {
              const { text, kind } = sourceState(state)
              return <Badge kind={kind}>{text}</Badge>
            },
          },
          {
            title: 'Freshness',
            cell: (source) => {
              const { text, kind } = freshnessText(source)
              return <Badge kind={kind}>{text}</Badge>
            },
          },
          { title: 'Role', cell: ({ role }) => <Said>{role ?? 'not known'}</Said> },
          {
            title: 'Beyond reading',
            cell: ({ excess, state }) =>
              excess.length > 0 ? (
                <>
                  <Badge kind="warning">accepted by the configuration</Badge> <Said>{excess.join(', ')}</Said>
                </>
              ) : state === 'usable' ? (
                'nothing'
              ) : (
                'not known'
              ),
          },
          { title: 'State of its data', cell: ({ as_of: of }) => <Time at={of} /> },
          { title: 'Groups', cell: ({ groups }) => <Said>{groups.length === 0 ? 'none' : groups.join(', ')}</Said> },
          {
            title: 'Asked',
            cell: ({ checked_ago_ms: ago, took_ms: took }) =>
              ago === null ? 'never' : `${durationText(ago)} ago${took === null ? '' : `, took ${durationText(took)}`}`,
          },
          {
            title: 'Actions',
            cell: ({ name }) => (
              <Button
                label={`Ask now: ${name}`}
                busy={busy === name}
                disabled={busy !== null}
                onClick={() => void check(name)}
              >
                Ask now
              </Button>
            ),
          },
        ]}
      />
    </Panel>
  )
}
