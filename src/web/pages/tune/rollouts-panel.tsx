import { askOperators, type AnswerOf } from '../../api/operators.ts'
import { Badge } from '../../components/badge.tsx'
import { Empty } from '../../components/empty.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { Time } from '../../components/time.tsx'
import { visibleText } from '../../components/visible-text.ts'
import { Facts } from '../../components/facts.tsx'
import { RecordTable } from '../../components/record-table.tsx'
import { Code, Said } from '../../components/said.tsx'
import { useLoaded } from '../../components/use-loaded.ts'
import { RolloutSteps } from './rollout-steps.tsx'
import type { TuningPlace } from './tuning-place.ts'
import { problemHere, stageText, stepsFrom, thresholdText } from './words.ts'

type Entry = AnswerOf<'GET /admin/v1/tuning/rollouts'>['data'][number]

/** Every process counts once a second, and what rolls back by itself is to be seen without asking. */
const everyMilliseconds = 2_000

/** Thresholds on their way and those that were: who moved them, when, why and by which data. */
export function RolloutsPanel({ place }: { readonly place: TuningPlace }) {
  const loaded = useLoaded(
    async (signal) => (await askOperators('GET /admin/v1/tuning/rollouts', { query: place, signal })).data,
    [],
    everyMilliseconds,
  )
  return (
    <>
      {loaded.error !== null && <ProblemNotice error={problemHere(loaded.error)} />}
      {loaded.value === null && loaded.error === null && <p role="status">Reading rollouts…</p>}
      {loaded.value?.length === 0 && (
        <Empty title="No threshold of this rule was ever on its way.">
          <p>A rollout begins with a proposal.</p>
        </Empty>
      )}
      {loaded.value?.map((entry) => (
        <RolloutCard key={entry.rollout.id} entry={entry} onChange={loaded.reload} />
      ))}
    </>
  )
}

function RolloutCard({
  entry: { rollout, proposal },
  onChange,
}: {
  readonly entry: Entry
  readonly onChange: () => void
}) {
  const { id, from, to, stage, share, bounds, steps } = rollout
  const isActive = stepsFrom(stage).length > 0
  return (
    <article class="tune-card" aria-label={`Rollout ${visibleText(id)}`}>
      <h2>
        {thresholdText(from)} → {thresholdText(to)}{' '}
        <Badge kind={stage === 'rolled-back' ? 'danger' : isActive ? 'accent' : 'neutral'}>{stage}</Badge>
      </h2>
      <p>
        {thresholdText(to)}: {stageText(stage)}
        {stage === 'canary' && `, ${Math.round(share * 1_000) / 10} % of them`}.
      </p>
      {isActive && <Counts id={id} stage={stage} />}
      {isActive && <RolloutSteps rollout={rollout} set={proposal?.set ?? null} onChange={onChange} />}
      <RecordTable
        caption="History"
        empty=""
        rows={steps.toReversed()}
        keyOf={({ at, to: stepTo }) => `${at} ${stepTo}`}
        columns={[
          { title: 'When', cell: ({ at }) => <Time at={at} /> },
          { title: 'To', cell: ({ to: stepTo }) => stepTo },
          { title: 'By', cell: ({ by }) => <Said>{by}</Said> },
          { title: 'Why', cell: ({ why }) => <Said>{why}</Said> },
        ]}
      />
      <Facts
        facts={[
          ['Rollout', <Code>{id}</Code>],
          [
            'Set',
            proposal === null ? 'not kept any more' : <Said>{`${proposal.set.name}@${proposal.set.version}`}</Said>,
          ],
          ['Digest of the set', proposal === null ? '' : <Code>{proposal.set.digest}</Code>],
          [
            'Rolled back where it acts',
            `${bounds.most_acted_ratio} times as often, or on ${Math.round(bounds.most_acted_increase * 1_000) / 10} % more of all`,
          ],
          ['Or is complained of', `${bounds.most_complaint_increase} times more in a hundred decisions`],
        ]}
      />
    </article>
  )
}

function Counts({ id, stage }: { readonly id: string; readonly stage: string }) {
  const loaded = useLoaded(
    (signal) => askOperators('GET /admin/v1/tuning/rollouts/{id}', { id, signal }),
    [id, stage],
    everyMilliseconds,
  )
  return (
    <RecordTable
      caption="What was counted, of all processes together"
      empty="Nothing was counted yet: it waits for traffic."
      rows={loaded.value?.counts ?? []}
      keyOf={({ stage: of, arm }) => `${of} ${arm}`}
      columns={[
        { title: 'Stage', cell: ({ stage: of }) => of },
        { title: 'Decided by', cell: ({ arm }) => (arm === 'canary' ? 'the new one' : 'the one in force') },
        { title: 'Requests', cell: ({ requests }) => requests.toLocaleString('en'), isNumber: true },
        { title: 'In force acts on', cell: (of) => of.acted_before.toLocaleString('en'), isNumber: true },
        { title: 'New one acts on', cell: (of) => of.acted_after.toLocaleString('en'), isNumber: true },
        { title: 'Complaints', cell: ({ complaints }) => complaints.toLocaleString('en'), isNumber: true },
      ]}
    />
  )
}
