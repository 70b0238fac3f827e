import { useState } from 'preact/hooks'
import { askOperators } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { Notice, ProblemNotice } from '../../../components/notice.tsx'
import { Time } from '../../../components/time.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { linkTo, navigate } from '../../../shell/router.ts'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { Field } from '../../../components/field.tsx'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Said } from '../../../components/said.tsx'
import { useDoing, useLoaded } from '../../../components/use-loaded.ts'
import { useDraft } from '../../../shell/use-draft.ts'
import { OpenedFacts } from './opened-facts.tsx'
import { queueRow, readLabel, scoreRows, type LabelDraft, type OpenedItem } from './queue-rows.ts'

/** One that waits, opened. That somebody did is on the trail, and texts are shown only where they are asked for. */
export function OpenedPanel({ id }: { readonly id: string }) {
  const [values, setValues] = useState(false)
  const loaded = useLoaded(
    (signal) => askOperators('POST /admin/v1/tuning/queue/{id}/reading', { id, body: { values }, signal }),
    [id, values],
  )
  return (
    <Panel title="One of the queue" about="That it was opened is on the audit trail." loaded={loaded}>
      <p>
        <a href={linkTo(['operate', 'feedback'])}>The queue</a>
      </p>
      {loaded.value !== null && (
        <>
          <OpenedFacts opened={loaded.value} />
          <Texts opened={loaded.value} shown={values} onShow={() => setValues(true)} />
          <Labels opened={loaded.value} onChange={loaded.reload} />
        </>
      )}
    </Panel>
  )
}

function Texts({
  opened: { comment, text },
  shown,
  onShow,
}: {
  readonly opened: OpenedItem
  readonly shown: boolean
  readonly onShow: () => void
}) {
  if (!shown) {
    return (
      <p>
        <Button onClick={onShow}>Show the comment and the masked text</Button>{' '}
        <span class="muted">That they were read is on the audit trail as well.</span>
      </p>
    )
  }
  return (
    <>
      <h2>Comment of the caller</h2>
      <Text of={comment} />
      <h2>What the filter read, masked</h2>
      <Text of={text} />
    </>
  )
}

function Text({ of }: { readonly of: string | null }) {
  if (of === null) return <p class="muted">None is kept.</p>
  return (
    <pre class="quoted-text" dir="auto" tabIndex={0}>
      {visibleText(of)}
    </pre>
  )
}

const truths = [
  { truth: 'harmless', title: 'harmless: the filter should have left it' },
  { truth: 'harmful', title: 'harmful: the filter should act on it' },
  { truth: 'unsure', title: 'unsure: it counts as no label' },
] as const

function Labels({ opened, onChange }: { readonly opened: OpenedItem; readonly onChange: () => void }) {
  const { item, decision, labels } = opened
  const rules = decision === null ? [] : scoreRows(decision).map(({ rule }) => rule)
  const [draft, setDraft, forget] = useDraft<LabelDraft>(`label of ${queueRow(item).id}`, {
    rule: rules[0] ?? '',
    truth: 'harmless',
    why: '',
    decision: '',
  })
  const [wasSent, setWasSent] = useState(false)
  const [isDismissing, setDismissing] = useState(false)
  const [done, setDone] = useState<string | null>(null)
  const labelling = useDoing()
  const dismissing = useDoing()
  const read = readLabel(opened, draft)
  const faultOf = (field: string): string | null =>
    wasSent && 'fault' in read && read.field === field ? read.fault : null
  const { id, isComplaint } = queueRow(item)
  const label = async (): Promise<void> => {
    setWasSent(true)
    if ('fault' in read) return
    if (await labelling.run(() => askOperators('POST /admin/v1/tuning/labels', { body: read.body }))) {
      setDone('The label is kept.')
      forget()
      setWasSent(false)
      onChange()
    }
  }
  const dismiss = async (): Promise<void> => {
    const body = { why: draft.why.trim() }
    if (await dismissing.run(() => askOperators('POST /admin/v1/tuning/queue/{id}/dismissal', { id, body }))) {
      navigate(['operate', 'feedback'])
    }
  }
  const waits = 'complaint' in item && item.complaint.state === 'waiting'
  return (
    <>
      <RecordTable
        caption="Labels, of which the last one of each category holds"
        empty="Nobody has labelled it yet."
        rows={labels}
        keyOf={({ id: of }) => of}
        columns={[
          { title: 'Category', cell: ({ rule }) => <Said>{rule}</Said> },
          { title: 'Label', cell: ({ truth }) => <Badge>{truth}</Badge> },
          { title: 'By', cell: ({ by }) => <Said>{by}</Said> },
          { title: 'Why', cell: ({ why }) => <Said>{why}</Said> },
          { title: 'When', cell: ({ made }) => <Time at={made} /> },
        ]}
      />
      <h2>Label it</h2>
      {done !== null && <Notice kind="good">{done}</Notice>}
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void label()
        }}
      >
        <Field label="Category" fault={faultOf('rule')}>
          {(given) =>
            rules.length === 0 ? (
              <input
                {...given}
                value={draft.rule}
                onInput={(event) => setDraft({ ...draft, rule: event.currentTarget.value })}
              />
            ) : (
              <select
                {...given}
                value={draft.rule}
                onChange={(event) => setDraft({ ...draft, rule: event.currentTarget.value })}
              >
                {rules.map((rule) => (
                  <option key={rule} value={rule}>
                    {rule}
                  </option>
                ))}
              </select>
            )
          }
        </Field>
        <Field label="It is">
          {(given) => (
            <select
              {...given}
              value={draft.truth}
              onChange={(event) => {
                const truth = truths.find((each) => each.truth === event.currentTarget.value)?.truth ?? 'unsure'
                setDraft({ ...draft, truth })
              }}
            >
              {truths.map(({ truth, title }) => (
                <option key={truth} value={truth}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        {decision === null && (
          <Field label="Decision" hint="dec-…: the audit trail has it beside the request." fault={faultOf('decision')}>
            {(given) => (
              <input
                {...given}
                value={draft.decision}
                onInput={(event) => setDraft({ ...draft, decision: event.currentTarget.value })}
              />
            )}
          </Field>
        )}
        <Field label="Why" hint="For the history and the audit trail." fault={faultOf('why')}>
          {(given) => (
            <input
              {...given}
              maxLength={500}
              value={draft.why}
              onInput={(event) => setDraft({ ...draft, why: event.currentTarget.value })}
            />
          )}
        </Field>
        {labelling.error !== null && <ProblemNotice error={labelling.error} />}
        <div class="actions">
          <Button type="submit" kind="primary" busy={labelling.isBusy}>
            Label
          </Button>
          {isComplaint && waits && (
            <Button kind="quiet" onClick={() => setDismissing(true)}>
              Dismiss without a label
            </Button>
          )}
        </div>
      </form>
      {isDismissing && (
        <FormDialog
          kind="danger"
          title="Dismiss this complaint?"
          verb="Dismiss"
          doing={dismissing}
          onSend={() => dismiss()}
          onClose={() => {
            setDismissing(false)
            dismissing.forget()
          }}
        >
          <p>It is taken from the queue and says nothing about any threshold.</p>
          <Field label="Why">
            {(given) => (
              <input
                {...given}
                maxLength={500}
                value={draft.why}
                onInput={(event) => setDraft({ ...draft, why: event.currentTarget.value })}
              />
            )}
          </Field>
        </FormDialog>
      )}
    </>
  )
}
