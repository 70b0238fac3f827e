import { useState } from 'preact/hooks'
import { askOperators } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Time } from '../../../components/time.tsx'
import { linkTo } from '../../../shell/router.ts'
import { everyPiece } from '../every-piece.ts'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Said } from '../../../components/said.tsx'
import { useLoaded } from '../../../components/use-loaded.ts'
import { ApprovalPanel } from './approval-panel.tsx'
import { approvalState, askedFor } from './approval-words.ts'

const everyMilliseconds = 10_000

/** What callers asked to run and a person has to allow first. */
export function ApprovalsPanel({ opened }: { readonly opened: string | null }) {
  const [withDecided, setWithDecided] = useState(false)
  const loaded = useLoaded(
    async (signal) =>
      opened !== null
        ? []
        : await everyPiece((after) =>
            askOperators('GET /admin/v1/approvals', {
              query: { state: withDecided ? 'all' : 'waiting', limit: 1_000, after },
              signal,
            }),
          ),
    [withDecided],
    opened === null ? everyMilliseconds : 0,
  )
  if (opened !== null) return <ApprovalPanel id={opened} />
  return (
    <Panel title="Approvals" about="What a rule wants a person to look at before it runs." loaded={loaded}>
      <label class="choice">
        <input
          type="checkbox"
          checked={withDecided}
          onChange={(event) => setWithDecided(event.currentTarget.checked)}
        />
        with those that are decided or over
      </label>
      <RecordTable
        caption="Approvals"
        empty="Nothing waits."
        rows={loaded.value ?? []}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'What',
            cell: (approval) => (
              <a href={linkTo(['operate', 'approvals', approval.id])}>
                <Said>{askedFor(approval)}</Said>
              </a>
            ),
          },
          {
            title: 'State',
            cell: ({ state }) => {
              const { text, kind } = approvalState(state)
              return <Badge kind={kind}>{text}</Badge>
            },
          },
          { title: 'Caller', cell: ({ principal }) => <Said>{principal}</Said> },
          { title: 'Group', cell: ({ group }) => <Said>{group}</Said> },
          { title: 'Rules', cell: ({ rules }) => <Said>{rules.join(', ')}</Said> },
          { title: 'Asked', cell: ({ asked_at: at }) => <Time at={at} relative /> },
          { title: 'Ends', cell: ({ expires_at: at }) => <Time at={at} relative /> },
        ]}
      />
    </Panel>
  )
}
