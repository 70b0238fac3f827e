import { useState } from 'preact/hooks'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { askApi } from '../ask-api.ts'
import { ReasonFields, type ReasonDraft } from './reason-fields.tsx'

const reasons = [
  ['wrong', 'It is wrong'],
  ['needed', 'What was hidden is needed'],
  ['harmless', 'Something harmless was held back'],
  ['harmful', 'Something harmful was let through'],
  ['other', 'Something else'],
] as const

type Reason = (typeof reasons)[number][0]

/** Thumbs for an answer. Up is said at once, down with a reason; who runs the service reads both. */
export function Feedback({ about }: { readonly about: string }) {
  const [said, setSaid] = useState<'up' | 'down' | null>(null)
  const [isOpen, setOpen] = useState(false)
  const [draft, setDraft] = useState<ReasonDraft<Reason>>({ reason: 'wrong', comment: '' })
  const [error, setError] = useState<unknown>(null)

  const give = async (verdict: 'up' | 'down'): Promise<void> => {
    try {
      const why = verdict === 'up' ? {} : draft
      await askApi.giveFeedback({ about, verdict, ...why })
      setSaid(verdict)
      setOpen(false)
      setError(null)
    } catch (problem) {
      setError(problem)
    }
  }
  return (
    <div class="feedback" role="group" aria-label="Was the answer good?">
      {said === null ? (
        <>
          <Button kind="quiet" label="Good answer" onClick={() => void give('up')}>
            Good
          </Button>
          <Button kind="quiet" label="Bad answer" onClick={() => setOpen(true)}>
            Bad
          </Button>
        </>
      ) : (
        <span class="muted small" role="status">
          {said === 'up' ? 'Thank you.' : 'Thank you: people who run this service will look at it.'}
        </span>
      )}
      {error !== null && !isOpen && <ProblemNotice error={error} onDismiss={() => setError(null)} />}
      <Dialog
        open={isOpen}
        title="What was wrong?"
        onClose={() => setOpen(false)}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button kind="primary" onClick={() => void give('down')}>
              Send
            </Button>
          </>
        }
      >
        {error !== null && <ProblemNotice error={error} />}
        <ReasonFields legend="Reason" choices={reasons} draft={draft} onDraft={setDraft} />
      </Dialog>
    </div>
  )
}
