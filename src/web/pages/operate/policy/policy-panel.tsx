import { askOperators, type AnswerOf } from '../../../api/operators.ts'
import { Notice } from '../../../components/notice.tsx'
import { Time } from '../../../components/time.tsx'
import { linkTo } from '../../../shell/router.ts'
import { factLine } from '../audit/facts.ts'
import { Code, Facts, Panel, RecordTable, Said } from '../parts.tsx'
import { useLoaded } from '../use-loaded.ts'
import { DryRun } from './dry-run.tsx'

type Policy = AnswerOf<'GET /admin/v1/policy'>

/** How far back decisions are listed. */
const dayMilliseconds = 86_400_000

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
  const loaded = useLoaded(async (signal) => {
    const since = new Date(Date.now() - dayMilliseconds).toISOString()
    return await askOperators('GET /admin/v1/decisions', { query: { since, limit: 1_000 }, signal })
  }, [])
  const lines = (loaded.value?.data ?? []).toReversed().slice(0, 50)
  return (
    <section aria-label="What rules have decided">
      <h2>What rules have decided</h2>
      {loaded.error !== null && <Notice kind="info">No decisions can be read: {(loaded.error as Error).message}</Notice>}
      <RecordTable
        caption="Decisions of the last day on this machine, the newest of them first"
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
              return request === null ? '–' : <a href={linkTo(['operate', 'audit'], { request })}>Lines of this request</a>
            },
          },
        ]}
      />
    </section>
  )
}

