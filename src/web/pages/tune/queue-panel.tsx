import { useState } from 'preact/hooks'
import { askOperators } from '../../api/operators.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Notice, ProblemNotice } from '../../components/notice.tsx'
import { Time } from '../../components/time.tsx'
import { useDraft } from '../../shell/use-draft.ts'
import { visibleText } from '../../components/visible-text.ts'
import { Field } from '../../components/field.tsx'
import { RecordTable } from '../../components/record-table.tsx'
import { Said } from '../../components/said.tsx'
import { useDoing, useLoaded } from '../../components/use-loaded.ts'
import { MaskedText } from './masked-text.tsx'
import { toldOf, waitingOf, type Waiting } from './queue-items.ts'
import type { TuningPlace } from './tuning-place.ts'
import { problemHere } from './words.ts'

const truths = ['harmful', 'harmless', 'unsure'] as const

/** Complaints about the rule, and decisions that are drawn: a rate is estimated from these, so that all of them are labelled. */
export function QueuePanel({ place }: { readonly place: TuningPlace }) {
  const [seed, setSeed] = useState(1)
  const [done, setDone] = useState<ReadonlyMap<string, string>>(new Map())
  const [chosen, setChosen] = useState<string | null>(null)
  const loaded = useLoaded(
    async (signal) => {
      const query = { ...place, state: 'waiting', limit: 20, seed } as const
      const { data, left } = await askOperators('GET /admin/v1/tuning/queue', { query, signal })
      return { waiting: waitingOf(data, place.rule), left }
    },
    [seed],
  )
  const { waiting, left } = loaded.value ?? { waiting: [], left: 0 }
  const unlabelled = waiting.filter(({ id }) => !done.has(id))
  const next = unlabelled.find(({ id }) => id === chosen) ?? unlabelled[0] ?? null
  return (
    <div aria-busy={loaded.isLoading}>
      {loaded.error !== null && <ProblemNotice error={problemHere(loaded.error)} />}
      {loaded.value === null && loaded.error === null && <p role="status">Reading the queue…</p>}
      {next !== null && (
        <LabelForm
          key={next.id}
          item={next}
          rule={place.rule}
          onDone={(how) => setDone((before) => new Map(before).set(next.id, how))}
        />
      )}
      {loaded.value !== null && next === null && (
        <Notice
          kind={waiting.length === 0 ? 'info' : 'good'}
          title={waiting.length === 0 ? 'Nothing waits.' : 'All of these are labelled.'}
        >
          <p>Draw other decisions, or make a set of the labels under “Sets and proposals”.</p>
        </Notice>
      )}
      <RecordTable
        caption={left === 0 ? 'What waits' : `What waits; ${left.toLocaleString('en')} complaints more behind these`}
        empty="Nothing waits."
        rows={waiting}
        keyOf={({ id }) => id}
        columns={[
          { title: 'What', cell: (item) => toldOf(item, done.has(item.id)).what },
          {
            title: 'Score',
            cell: (item) =>
              done.has(item.id) ? toldOf(item, true).score : <span class="muted">once it is labelled</span>,
            isNumber: true,
          },
          { title: 'Caller', cell: ({ principal }) => <Said>{principal}</Said> },
          { title: 'When', cell: ({ made }) => <Time at={made} relative /> },
          {
            title: 'Label',
            cell: ({ id }) => {
              const how = done.get(id)
              if (how !== undefined) return <Badge kind="good">{how}</Badge>
              if (id === next?.id) return <span class="muted">is above</span>
              return (
                <Button kind="quiet" label={`Label ${id}`} onClick={() => setChosen(id)}>
                  Label
                </Button>
              )
            },
          },
        ]}
      />
      <Button
        onClick={() => {
          setDone(new Map())
          setChosen(null)
          setSeed(seed + 1)
          loaded.reload()
        }}
      >
        Draw other decisions
      </Button>
    </div>
  )
}

// Neither the score nor what the filter did is shown here: who sees it labels what the filter says, and not what the text is.

function LabelForm({
  item: { id, what, isComplaint },
  rule,
  onDone,
}: {
  readonly item: Waiting
  readonly rule: string
  readonly onDone: (how: string) => void
}) {
  // It stays from one to the next, since many are labelled for the same reason.
  const [why, setWhy] = useDraft<string>(`label ${rule}`, '')
  const [decision, setDecision] = useState('')
  const [wasPressed, setPressed] = useState(false)
  const doing = useDoing()
  const fault = wasPressed && why.trim() === '' ? 'Say why in one line: it stands in the history.' : null
  const act = async (how: string, work: (why: string) => Promise<unknown>): Promise<void> => {
    setPressed(true)
    if (why.trim() === '') return
    if (await doing.run(() => work(why.trim()))) onDone(how)
  }
  const label = (truth: (typeof truths)[number]) =>
    act(truth, (said) => {
      const named = decision.trim() === '' ? {} : { decision: decision.trim() }
      return askOperators('POST /admin/v1/tuning/labels', { body: { item: id, rule, truth, why: said, ...named } })
    })
  return (
    <section class="tune-label" aria-label="The next one">
      <h2>Is it harmful by {visibleText(rule)}?</h2>
      <p>
        {what} <code class="small">{visibleText(id)}</code>
      </p>
      <MaskedText id={id} />
      <Field label="Why" fault={fault} hint="For the history and the audit trail.">
        {(field) => (
          <input {...field} value={why} maxLength={500} onInput={(event) => setWhy(event.currentTarget.value)} />
        )}
      </Field>
      {isComplaint && (
        <details>
          <summary>It names no decision</summary>
          <Field label="Decision" hint="dec-…, as the audit trail has it.">
            {(field) => (
              <input {...field} value={decision} onInput={(event) => setDecision(event.currentTarget.value)} />
            )}
          </Field>
        </details>
      )}
      <div class="tune-actions">
        {truths.map((truth) => (
          <Button
            key={truth}
            kind={truth === 'unsure' ? 'plain' : 'primary'}
            busy={doing.isBusy}
            onClick={() => void label(truth)}
          >
            {truth[0]?.toUpperCase()}
            {truth.slice(1)}
          </Button>
        ))}
        {isComplaint && (
          <Button
            busy={doing.isBusy}
            onClick={() =>
              void act('dismissed', (said) =>
                askOperators('POST /admin/v1/tuning/queue/{id}/dismissal', { id, body: { why: said } }),
              )
            }
          >
            Dismiss
          </Button>
        )}
      </div>
      {doing.error !== null && <ProblemNotice error={problemHere(doing.error)} />}
    </section>
  )
}
