import { useState } from 'preact/hooks'
import { askOperators, type AnswerOf } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { Facts } from '../../../components/facts.tsx'
import { Field } from '../../../components/field.tsx'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Code, Said } from '../../../components/said.tsx'
import { useDoing, useLoaded } from '../../../components/use-loaded.ts'
import { useDraft } from '../../../shell/use-draft.ts'
import { durationText } from '../../../components/time-text.ts'
import { countText } from '../words.ts'
import { gvisorBadge, stateText } from './sandbox-words.ts'

type Sandboxes = AnswerOf<'GET /admin/v1/sandboxes'>
type Sandbox = Sandboxes['data'][number]

/** How often it is read anew while it is seen. */
const everyMilliseconds = 5_000

/** What runs, behind which wall, and for whom. */
export function SandboxesPanel() {
  const loaded = useLoaded((signal) => askOperators('GET /admin/v1/sandboxes', { signal }), [], everyMilliseconds)
  const [open, setOpen] = useState<'drain' | Sandbox | null>(null)
  const [why, setWhy, forget] = useDraft<string>('drain', '')
  const doing = useDoing()
  const close = (): void => {
    setOpen(null)
    doing.forget()
  }
  const then = async (work: () => Promise<unknown>): Promise<void> => {
    if (await doing.run(work)) {
      close()
      forget()
      loaded.reload()
    }
  }
  const said = why.trim() === '' ? {} : { why: why.trim() }
  const isDraining = loaded.value?.draining === true
  return (
    <Panel
      title="Sandboxes"
      about="Those of the process that is asked, with what proves the wall around them."
      loaded={loaded}
      actions={
        isDraining ? (
          <Button
            kind="primary"
            busy={doing.isBusy}
            onClick={() => void then(() => askOperators('POST /admin/v1/sandboxes/resume', { body: {} }))}
          >
            Resume
          </Button>
        ) : (
          <Button onClick={() => setOpen('drain')}>Drain</Button>
        )
      }
    >
      {isDraining && (
        <Notice kind="warning" title="No sandbox is handed out.">
          <p>What somebody has lives on until they leave it.</p>
        </Notice>
      )}
      {loaded.value !== null && <Walls of={loaded.value} />}
      <RecordTable
        caption="Sandboxes"
        empty="There is none at this moment."
        rows={loaded.value?.data ?? []}
        keyOf={({ id }) => id}
        columns={[
          { title: 'Id', cell: ({ id }) => <Code>{id}</Code> },
          {
            title: 'State',
            cell: ({ state }) => <Badge kind={state === 'running' ? 'accent' : 'neutral'}>{stateText(state)}</Badge>,
          },
          {
            title: 'Held by',
            cell: ({ holder }) => (
              <div class="record-id">
                <Said>{holder ?? 'nobody yet'}</Said>
              </div>
            ),
          },
          {
            title: 'Kernel',
            cell: ({ kind, kernel }) =>
              kind === 'isolate' ? (
                'none: an isolate of JavaScript'
              ) : kernel === null ? (
                <Badge kind="warning">has not said</Badge>
              ) : (
                <Said>{kernel}</Said>
              ),
          },
          { title: 'Age', cell: ({ age_ms: age }) => durationText(age), isNumber: true },
          {
            title: 'Held for',
            cell: ({ held_ms: held }) => (held === null ? '–' : durationText(held)),
            isNumber: true,
          },
          {
            title: 'Limits',
            cell: ({ memory_mb: memory, cpus, processes }) =>
              `${countText(memory)} MB, ${cpus} CPU, ${countText(processes)} processes`,
          },
          {
            title: 'Actions',
            cell: (sandbox) => (
              <Button kind="quiet" label={`End ${sandbox.id}`} onClick={() => setOpen(sandbox)}>
                End
              </Button>
            ),
          },
        ]}
      />
      {open === 'drain' && (
        <FormDialog
          kind="danger"
          title="Drain the sandboxes of this process?"
          verb="Drain"
          doing={doing}
          onSend={() => then(() => askOperators('POST /admin/v1/sandboxes/drain', { body: said }))}
          onClose={close}
        >
          <p>
            From now on it hands out none: questions that need one are refused until somebody resumes. What runs goes
            on.
          </p>
          <Field label="Why" hint="For the audit trail; may be empty.">
            {(given) => (
              <input {...given} maxLength={1_000} value={why} onInput={(event) => setWhy(event.currentTarget.value)} />
            )}
          </Field>
        </FormDialog>
      )}
      {open !== null && open !== 'drain' && (
        <FormDialog
          kind="danger"
          title="End this sandbox?"
          verb="End sandbox"
          doing={doing}
          onSend={() => then(() => askOperators('DELETE /admin/v1/sandboxes/{id}', { id: open.id }))}
          onClose={close}
        >
          <p>
            <Code>{open.id}</Code>
            {open.holder === null
              ? ' is held by nobody.'
              : ' ends with what runs in it, and whoever has it is told that an operator ended it.'}
          </p>
        </FormDialog>
      )}
    </Panel>
  )
}

function Walls({ of: { driver, pool } }: { readonly of: Sandboxes }) {
  const badge = gvisorBadge(driver.gvisor)
  const facts = [
    ['Driver', <Said>{driver.name ?? 'not chosen yet'}</Said>],
    ...(driver.why === null ? [] : [['Why that one', <Said>{driver.why}</Said>] as const]),
    ...(pool === null
      ? []
      : ([
          ['In use', `${countText(pool.claimed)} of ${countText(pool.maximum)}`],
          ['Ready', `${countText(pool.ready)} of ${countText(pool.maximum_ready)}, ${countText(pool.starting)} start`],
          ['Waiting', countText(pool.waiting)],
        ] as const)),
  ] as const
  return (
    <>
      <p>
        <Badge kind={badge.kind}>{badge.text}</Badge> <span class="muted">{badge.about}</span>
      </p>
      {driver.fault !== null && (
        <Notice kind="error" title="The proof of the walls did not hold.">
          <p>
            <Said>{driver.fault}</Said>
          </p>
        </Notice>
      )}
      {driver.missing_walls.length > 0 && (
        <Notice kind="warning" title="What the driver cannot give on this host">
          <ul>
            {driver.missing_walls.map((wall) => (
              <li key={wall}>
                <Said>{wall}</Said>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Facts facts={facts} />
    </>
  )
}
