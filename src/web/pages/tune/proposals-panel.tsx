import { useState } from 'preact/hooks'
import { askOperators } from '../../api/operators.ts'
import { Empty } from '../../components/empty.tsx'
import { Button } from '../../components/button.tsx'
import { Notice, ProblemNotice } from '../../components/notice.tsx'
import { Time } from '../../components/time.tsx'
import { visibleText } from '../../components/visible-text.ts'
import { Field } from '../../components/field.tsx'
import { RecordTable } from '../../components/record-table.tsx'
import { Code, Said } from '../../components/said.tsx'
import { useDoing, useLoaded } from '../../components/use-loaded.ts'
import type { AimDraft } from './aim-draft.ts'
import { ProposalCard } from './proposal-card.tsx'
import { ProposeForm } from './propose-form.tsx'
import { isAt, type TuningPlace } from './tuning-place.ts'
import { problemHere } from './words.ts'

interface ProposalsPanelProps {
  readonly place: TuningPlace
  readonly aim: AimDraft
  readonly onAim: (aim: AimDraft) => void
  /** A rollout was begun. */
  readonly onBegun: () => void
}

/** Labels kept together, and thresholds that they bear out. Nothing of it changes what the filter does. */
export function ProposalsPanel({ place, aim, onAim, onBegun }: ProposalsPanelProps) {
  const loaded = useLoaded(async (signal) => {
    const [sets, proposals] = await Promise.all([
      askOperators('GET /admin/v1/tuning/sets', { signal }),
      askOperators('GET /admin/v1/tuning/proposals', { query: { limit: 1_000 }, signal }),
    ])
    return { sets: sets.data.filter(isAt(place)), proposals: proposals.data.filter(isAt(place)) }
  }, [])
  if (loaded.value === null) {
    return loaded.error === null ? (
      <p role="status">Reading sets…</p>
    ) : (
      <ProblemNotice error={problemHere(loaded.error)} />
    )
  }
  const { sets, proposals } = loaded.value
  return (
    <>
      {loaded.error !== null && <ProblemNotice error={problemHere(loaded.error)} />}
      <h2>Sets of labels</h2>
      <NewSet place={place} last={sets.at(-1)?.name ?? ''} onMade={loaded.reload} />
      <RecordTable
        caption="Versions, which never change"
        empty="There is no set of this rule yet."
        rows={sets.toReversed()}
        keyOf={({ name, version }) => `${name}@${version}`}
        columns={[
          { title: 'Set', cell: ({ name, version }) => <Said>{`${name}@${version}`}</Said> },
          { title: 'Labels', cell: ({ size }) => size.toLocaleString('en'), isNumber: true },
          { title: 'Made', cell: ({ made }) => <Time at={made} /> },
          { title: 'By', cell: ({ by }) => <Said>{by}</Said> },
          { title: 'Digest', cell: ({ digest }) => <Code>{digest.slice(0, 12)}</Code> },
        ]}
      />
      <h2>Proposals</h2>
      {sets.length > 0 && <ProposeForm sets={sets} aim={aim} onAim={onAim} onProposed={loaded.reload} />}
      {proposals.length === 0 ? (
        <Empty title="Nothing is proposed yet." />
      ) : (
        proposals
          .slice(0, 10)
          .map((proposal) => <ProposalCard key={proposal.id} proposal={proposal} onBegun={onBegun} />)
      )}
    </>
  )
}

function NewSet({
  place,
  last,
  onMade,
}: {
  readonly place: TuningPlace
  /** The name of the newest set, whose next version is made unless another name is given. */
  readonly last: string
  readonly onMade: () => void
}) {
  const [name, setName] = useState(last)
  const [made, setMade] = useState<string | null>(null)
  const doing = useDoing()
  const make = async (): Promise<void> => {
    const isMade = await doing.run(async () => {
      const set = await askOperators('POST /admin/v1/tuning/sets', { body: { name, ...place } })
      setMade(`${set.name}@${set.version} has ${set.size} labels.`)
    })
    if (isMade) onMade()
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void make()
      }}
    >
      <div class="tune-row">
        <Field label="Name of the set" hint="a-z, 0-9 and hyphens. The same name makes its next version.">
          {(field) => (
            <input
              {...field}
              required
              pattern="[a-z0-9][a-z0-9\-]*"
              maxLength={64}
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Button type="submit" busy={doing.isBusy}>
          Make a version of the labels
        </Button>
      </div>
      {made !== null && <Notice kind="good">{visibleText(made)}</Notice>}
      {doing.error !== null && <ProblemNotice error={problemHere(doing.error)} />}
    </form>
  )
}
