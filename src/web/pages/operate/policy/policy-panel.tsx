import { askOperators, type AnswerOf } from '../../../api/operators.ts'
import { Notice, ProblemNotice } from '../../../components/notice.tsx'
import { Time } from '../../../components/time.tsx'
import { linkTo } from '../../../shell/router.ts'
import { factLine } from '../audit/facts.ts'
import { now } from '../now.ts'
import { Facts } from '../../../components/facts.tsx'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Code, Said } from '../../../components/said.tsx'
import { useLoaded } from '../../../components/use-loaded.ts'
import { DryRun } from './dry-run.tsx'
import { mostShown, recentDecisions } from './recent-decisions.ts'

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
  const loaded = useLoaded(
    (signal) =>
      recentDecisions(
        (since) => askOperators('GET /admin/v1/decisions', { query: { since, limit: 1_000 }, signal }),
        now(),
      ),
    [],
  )
  const { lines, isCut } = loaded.value ?? { lines: [], isCut: false }
  return (
    <section aria-label="What rules have decided">
      <h2>What rules have decided</h2>
      {loaded.error !== null && <ProblemNotice error={loaded.error} />}
      <RecordTable
        caption={
          isCut
            ? 'Some decisions of the last five minutes on this machine; there are too many for a list'
            : `The newest decisions of the last day on this machine, ${mostShown} at most`
        }
        empty={loaded.isLoading ? 'Reading…' : 'None in the last day.'}
        rows={lines}
        keyOf={({ sequence }) => sequence}
        columns={[
          { title: 'Time', cell: ({ time }) => <Time at={time} /> },
          { title: 'Caller', cell: (entry) => <Said>{factLine(entry).principal ?? '–'}</Said> },
          { title: 'What it says', cell: (entry) => <Said>{factLine(entry).said}</Said> },
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
