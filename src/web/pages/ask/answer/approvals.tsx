import { useEffect, useState } from 'preact/hooks'
import type { Approval } from '../../../../client/generated/approvals.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { CodeEditor } from '../../../components/code-editor.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { Time } from '../../../components/time.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { currentSession } from '../../../shell/session.ts'
import { askApi } from '../ask-api.ts'

/** How often what waits is looked at, milliseconds. */
const lookEvery = 3_000

/** A call that waits for a person: what would run, why it is asked about, and the decision where the person may make it. */
export function AskedApproval({ id }: { readonly id: string }) {
  const [approval, setApproval] = useState<Approval | null>(null)
  const [text, setText] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const isOpen = approval === null || approval.state === 'pending'
  useEffect(() => {
    if (!isOpen) return
    const look = (): void => void askApi.showApproval(id).then(setApproval, setError)
    look()
    const timer = setInterval(look, lookEvery)
    return () => clearInterval(timer)
  }, [id, isOpen])

  const decide = async (verdict: 'allow' | 'refuse' | 'edit'): Promise<void> => {
    setBusy(true)
    try {
      await askApi.decideApproval(id, verdict === 'edit' && text !== null ? { verdict, text } : { verdict })
      setApproval(await askApi.showApproval(id))
      setError(null)
    } catch (problem) {
      setError(problem)
    }
    setBusy(false)
  }

  if (approval === null) return error === null ? null : <ProblemNotice error={error} />
  const { state, reason, rules, editable, expires_at: expires, language } = approval
  const mayDecide = currentSession().scopes.includes('approve')
  return (
    <section class="approval" role="group" aria-label="A call waits for a person">
      <p>
        <strong>{state === 'pending' ? 'A person has to allow this call' : `The call was ${state}`}</strong>{' '}
        {rules.map((rule) => (
          <Badge key={rule} kind="accent">
            {visibleText(rule)}
          </Badge>
        ))}
      </p>
      <p>{visibleText(reason)}</p>
      {state === 'pending' && (
        <>
          <CodeEditor
            label="What would run"
            value={text ?? editable ?? approval.text}
            readOnly={editable === null || !mayDecide}
            language={language === 'sql' || language === 'python' || language === 'javascript' ? language : 'text'}
            onInput={setText}
          />
          <div class="approval-actions">
            {mayDecide ? (
              <>
                {text !== null && text !== editable ? (
                  <Button kind="primary" busy={isBusy} onClick={() => void decide('edit')}>
                    Run the changed text instead
                  </Button>
                ) : (
                  <Button kind="primary" busy={isBusy} onClick={() => void decide('allow')}>
                    Allow once
                  </Button>
                )}
                <Button kind="danger" busy={isBusy} onClick={() => void decide('refuse')}>
                  Refuse
                </Button>
              </>
            ) : (
              <span class="muted">Somebody of your group with the scope “approve” decides.</span>
            )}
            <span class="muted small">
              Until <Time at={expires} />
            </span>
          </div>
        </>
      )}
      {error !== null && <ProblemNotice error={error} onDismiss={() => setError(null)} />}
    </section>
  )
}

/** What others of the group wait for, for whoever may decide it. `isRunning`: one's own answer shows what it waits for itself. */
export function WaitingApprovals({ isRunning }: { readonly isRunning: boolean }) {
  const [ids, setIds] = useState<readonly string[]>([])
  const mayDecide = currentSession().scopes.includes('approve')
  useEffect(() => {
    if (!mayDecide || isRunning) return
    const look = (): void => {
      if (document.hidden) return
      // What cannot be asked now is asked again with the next look.
      void askApi.listApprovals().then(
        ({ data }) => setIds(data.filter(({ state }) => state === 'pending').map(({ id }) => id)),
        () => {},
      )
    }
    look()
    const timer = setInterval(look, 10 * lookEvery)
    return () => clearInterval(timer)
  }, [mayDecide, isRunning])
  if (isRunning || ids.length === 0) return null
  return (
    <details class="waiting-approvals">
      <summary>
        {ids.length} {ids.length === 1 ? 'call of your group waits' : 'calls of your group wait'} for a decision
      </summary>
      {ids.map((id) => (
        <AskedApproval key={id} id={id} />
      ))}
    </details>
  )
}
