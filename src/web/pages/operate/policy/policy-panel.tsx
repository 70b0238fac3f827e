import { useState } from 'preact/hooks'
import { askOperators, type AnswerOf } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Notice, ProblemNotice } from '../../../components/notice.tsx'
import { Time } from '../../../components/time.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { linkTo } from '../../../shell/router.ts'
import { factLine } from '../audit/facts.ts'
import { lineColumns } from '../audit/line-columns.tsx'
import { countText } from '../words.ts'
import { Facts } from '../../../components/facts.tsx'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Code, Said } from '../../../components/said.tsx'
import { useLoaded } from '../../../components/use-loaded.ts'
import { DryRun } from './dry-run.tsx'
import { mostRead, mostShown, shownDecisions, type Which } from './recent-decisions.ts'

type Policy = AnswerOf<'GET /admin/v1/policy'>

const sources = {
  shipped: 'the rules that come with Sallyport',
  bundle: 'a bundle of this installation',
  server: 'a server of policy',
} as const

/** The rules in force, what they would say of a question, and what they have said. */
export function PolicyPanel() {
  const loaded = useLoaded((signal) => askOperators('GET /admin/v1/policy', { signal }), [])
  return (
    <Panel title="Policy" about="Rules only take away from what groups are configured to do." loaded={loaded}>
      {loaded.value !== null && <InForce of={loaded.value} />}
      {loaded.value !== null && <DryRun examples={loaded.value.examples} />}
      <Decisions />
    </Panel>
  )
}

function InForce({ of: { source, revision, patterns, shadow, faults } }: { readonly of: Policy }) {
  return (
    <>
      {faults.length > 0 && (
        <Notice kind="error" title="Not all of it can be used.">
          <ul>
            {faults.map((fault) => (
              <li key={fault}>
                <Said>{fault}</Said>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Facts
        facts={[
          ['In force', sources[source]],
          ['Revision', revision === null ? 'none is said' : <Code>{revision}</Code>],
          ['Patterns', patterns.length === 0 ? 'none' : <Said>{patterns.join(', ')}</Said>],
          ['Beside them', shadow ? 'a shadow bundle, which decides nothing' : 'nothing'],
        ]}
      />
    </>
  )
}

function Decisions() {
  const [which, setWhich] = useState<Which>('all')
  const loaded = useLoaded(
    (signal) => askOperators('GET /admin/v1/decisions', { query: { order: 'newest', limit: mostRead }, signal }),
    [],
  )
  const read = loaded.value?.data ?? []
  const { lines, refused } = shownDecisions(read, which)
  return (
    <section aria-label="What rules have decided">
      <h2>What rules have decided</h2>
      {loaded.error !== null && <ProblemNotice error={loaded.error} />}
      <label class="choice">
        <input
          type="checkbox"
          checked={which === 'refusals'}
          onChange={(event) => setWhich(event.currentTarget.checked ? 'refusals' : 'all')}
        />
        only what was not allowed
      </label>
      <RecordTable
        caption={`${countText(refused)} of the newest ${countText(read.length)} decisions on this machine were not allowed. These come first, ${mostShown} lines at most`}
        empty={
          loaded.isLoading ? 'Reading…' : read.length === 0 ? 'Nothing was decided yet.' : 'All of them were allowed.'
        }
        rows={lines}
        keyOf={({ sequence }) => sequence}
        columns={[
          { title: 'Time', cell: ({ time }) => <Time at={time} exact /> },
          {
            title: 'Outcome',
            cell: ({ fact }) => (
              <Badge kind={fact['outcome'] === 'allowed' ? 'neutral' : 'warning'}>
                {visibleText(typeof fact['outcome'] === 'string' ? fact['outcome'] : 'not said')}
              </Badge>
            ),
          },
          lineColumns.caller,
          lineColumns.said,
          {
            title: 'Request',
            cell: (entry) => {
              const { request } = factLine(entry)
              return request === null ? (
                '–'
              ) : (
                <a href={linkTo(['operate', 'audit'], { request })}>Lines of this request</a>
              )
            },
          },
        ]}
      />
    </section>
  )
}
