import { useState } from 'preact/hooks'
import type { Suspension } from '../../../api/generated/operators.ts'
import { askOperators } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { Time } from '../../../components/time.tsx'
import { everyPiece } from '../every-piece.ts'
import { LifetimeField } from '../lifetime-field.tsx'
import { now } from '../now.ts'
import { unlimited } from '../lifetimes.ts'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { Field } from '../../../components/field.tsx'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Code, Said } from '../../../components/said.tsx'
import { useDoing, useLoaded } from '../../../components/use-loaded.ts'
import { useDraft } from '../../../shell/use-draft.ts'
import { isInForce, readSuspension, reasonText, type SuspensionDraft } from './suspension-draft.ts'

/** Who is kept out, and why. */
export function SuspensionsPanel() {
  const [withEnded, setWithEnded] = useState(false)
  const loaded = useLoaded(
    (signal, show: (part: readonly Suspension[]) => void) =>
      everyPiece(
        (after) =>
          askOperators('GET /admin/v1/suspensions', {
            query: { state: withEnded ? 'all' : 'in-force', limit: 1_000, after },
            signal,
          }),
        show,
      ),
    [withEnded],
  )
  const [open, setOpen] = useState<'new' | Suspension | null>(null)
  const lifting = useDoing()
  const close = (): void => {
    setOpen(null)
    lifting.forget()
  }
  const lift = async (id: string): Promise<void> => {
    if (await lifting.run(() => askOperators('DELETE /admin/v1/suspensions/{id}', { id }))) {
      close()
      loaded.reload()
    }
  }
  return (
    <Panel
      title="Suspensions"
      about="Who is kept out: by an operator, or by what was counted of them."
      loaded={loaded}
      actions={
        <Button kind="primary" onClick={() => setOpen('new')}>
          Suspend a caller
        </Button>
      }
    >
      <label class="choice">
        <input type="checkbox" checked={withEnded} onChange={(event) => setWithEnded(event.currentTarget.checked)} />
        with those that are over
      </label>
      <RecordTable
        caption="Suspensions, newest first"
        empty="Nobody is kept out."
        rows={loaded.value ?? []}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'Who',
            cell: ({ principal, subject }) => (
              <>
                <Code>{principal}</Code>
                {subject !== principal && <Said>{` ${subject}`}</Said>}
              </>
            ),
          },
          {
            title: 'State',
            cell: (each) => (isInForce(each, now()) ? <Badge kind="danger">in force</Badge> : <Badge>over</Badge>),
          },
          { title: 'Why', cell: ({ reason }) => reasonText(reason) },
          { title: 'Note', cell: ({ note }) => <Said>{note ?? ''}</Said> },
          { title: 'Since', cell: ({ made }) => <Time at={made} /> },
          { title: 'By', cell: ({ made_by: by }) => <Said>{by}</Said> },
          { title: 'Until', cell: ({ until }) => (until === null ? 'it is lifted' : <Time at={until} />) },
          {
            title: 'Actions',
            cell: (each) =>
              isInForce(each, now()) && (
                <Button kind="quiet" label={`Lift the suspension of ${each.principal}`} onClick={() => setOpen(each)}>
                  Lift
                </Button>
              ),
          },
        ]}
      />
      {open === 'new' && (
        <SuspendDialog
          onClose={close}
          onDone={() => {
            close()
            loaded.reload()
          }}
        />
      )}
      {open !== null && open !== 'new' && (
        <FormDialog
          kind="danger"
          title="Lift this suspension?"
          verb="Lift suspension"
          doing={lifting}
          onSend={() => lift(open.id)}
          onClose={close}
        >
          <p>
            <Code>{open.principal}</Code> is let in from the next request on.
          </p>
        </FormDialog>
      )}
    </Panel>
  )
}

function SuspendDialog({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: () => void }) {
  const [draft, setDraft, forget] = useDraft<SuspensionDraft>('suspension', {
    principal: '',
    person: '',
    note: '',
    lasts: { ...unlimited, kind: 'days', days: '1' },
  })
  const [wasSent, setWasSent] = useState(false)
  const doing = useDoing()
  const read = readSuspension(draft, now())
  const faultOf = (field: string): string | null =>
    wasSent && 'fault' in read && read.field === field ? read.fault : null
  const suspend = async (): Promise<void> => {
    setWasSent(true)
    if ('fault' in read) return
    if (!(await doing.run(() => askOperators('POST /admin/v1/suspensions', { body: read.body })))) return
    forget()
    onDone()
  }
  return (
    <FormDialog title="Suspend a caller" verb="Suspend" kind="danger" doing={doing} onSend={suspend} onClose={onClose}>
      <Field label="Caller" hint="The id of a key, or token-… of whoever has a token." fault={faultOf('principal')}>
        {(given) => (
          <input
            {...given}
            autocomplete="off"
            value={draft.principal}
            onInput={(event) => setDraft({ ...draft, principal: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="One person behind it" hint="As the application signs them; empty for everybody.">
        {(given) => (
          <input
            {...given}
            value={draft.person}
            maxLength={1_000}
            onInput={(event) => setDraft({ ...draft, person: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="Note" hint="For operators; whoever is suspended does not read it.">
        {(given) => (
          <textarea
            {...given}
            rows={2}
            maxLength={1_000}
            value={draft.note}
            onInput={(event) => setDraft({ ...draft, note: event.currentTarget.value })}
          />
        )}
      </Field>
      <LifetimeField
        legend="It lasts"
        draft={draft.lasts}
        fault={faultOf('lasts')}
        onChange={(lasts) => setDraft({ ...draft, lasts })}
      />
    </FormDialog>
  )
}
