import { useState } from 'preact/hooks'
import { askOperators } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { CodeEditor } from '../../../components/code-editor.tsx'
import { Notice, ProblemNotice } from '../../../components/notice.tsx'
import { Time } from '../../../components/time.tsx'
import { linkTo } from '../../../shell/router.ts'
import { visibleText } from '../../../components/visible-text.ts'
import { now } from '../now.ts'
import { Facts } from '../../../components/facts.tsx'
import { Panel } from '../../../components/panel.tsx'
import { Code, Said } from '../../../components/said.tsx'
import { useDoing, useLoaded } from '../../../components/use-loaded.ts'
import { approvalState, askedFor, isOpen } from './approval-words.ts'

/** All of what would run, which is read before it is decided. That it was opened is on the trail. */
export function ApprovalPanel({ id }: { readonly id: string }) {
  const [decided, setDecided] = useState<'allow' | 'refuse' | null>(null)
  const loaded = useLoaded(
    (signal) => askOperators('POST /admin/v1/approvals/{id}/reading', { id, body: {}, signal }),
    [id],
  )
  const doing = useDoing()
  const approval = loaded.value
  const decide = async (verdict: 'allow' | 'refuse'): Promise<void> => {
    const work = () => askOperators('POST /admin/v1/approvals/{id}/decision', { id, body: { verdict } })
    if (await doing.run(work)) {
      setDecided(verdict)
      loaded.reload()
    }
  }
  return (
    <Panel
      title="One approval"
      about="That it was opened is on the audit trail, and so is what you decide."
      loaded={loaded}
    >
      <p>
        <a href={linkTo(['operate', 'approvals'])}>All approvals</a>
      </p>
      {decided !== null && (
        <Notice kind="good">{decided === 'allow' ? 'It may run once, until its end.' : 'It is refused.'}</Notice>
      )}
      {approval !== null && (
        <>
          <Facts
            facts={[
              ['What', <Said>{askedFor(approval)}</Said>],
              ['State', <Badge kind={approvalState(approval.state).kind}>{approvalState(approval.state).text}</Badge>],
              ['Caller', <Said>{approval.principal}</Said>],
              ['Group', <Said>{approval.group}</Said>],
              ['Why it waits', <Said>{approval.reason}</Said>],
              ['Rules', <Said>{approval.rules.join(', ')}</Said>],
              ['Asked', <Time at={approval.asked_at} />],
              ['Ends', <Time at={approval.expires_at} relative />],
              ['Digest', <Code>{approval.digest}</Code>],
              ...(approval.decided_by === null ? [] : [['Decided by', <Said>{approval.decided_by}</Said>] as const]),
            ]}
          />
          <h2>All of what would run</h2>
          <CodeEditor label="What would run" value={visibleText(approval.text)} readOnly />
          {doing.error !== null && <ProblemNotice error={doing.error} />}
          {isOpen(approval, now()) && (
            <div class="actions">
              <Button kind="primary" busy={doing.isBusy} onClick={() => void decide('allow')}>
                Allow it once
              </Button>
              <Button busy={doing.isBusy} onClick={() => void decide('refuse')}>
                Refuse
              </Button>
            </div>
          )}
        </>
      )}
    </Panel>
  )
}
