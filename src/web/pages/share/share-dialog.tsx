import { useEffect, useId, useState } from 'preact/hooks'
import type { MadeShare, ShareAudiences } from '../../../client/generated/shares.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Notice, ProblemNotice } from '../../components/notice.tsx'
import { visibleText } from '../../components/visible-text.ts'
import { currentSession } from '../../shell/session.ts'
import { shareApi } from './share-api.ts'
import {
  addressOfShare,
  dayChoices,
  daysText,
  firstDraft,
  leftOutText,
  toRequest,
  withAudience,
  type ShareDraft,
} from './share-draft.ts'
import './share.css'

interface ShareDialogProps {
  readonly conversation: string
  /** One answer alone; null or absent for all of the conversation. */
  readonly run?: string | null
  readonly onClose: () => void
}

/** Makes a share, and says where it is opened. What is shared is a version that does not change any more. */
export function ShareDialog({ conversation, run = null, onClose }: ShareDialogProps) {
  const [audiences, setAudiences] = useState<ShareAudiences | null>(null)
  const [draft, setDraft] = useState<ShareDraft | null>(null)
  const [made, setMade] = useState<MadeShare | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    shareApi.audiences().then((found) => {
      setAudiences(found)
      setDraft(firstDraft(found, currentSession().group))
    }, setError)
  }, [])
  const make = async (): Promise<void> => {
    if (draft === null) return
    setBusy(true)
    try {
      setMade(await shareApi.make(toRequest(draft, { conversation, run })))
      setError(null)
    } catch (problem) {
      setError(problem)
    }
    setBusy(false)
  }
  return (
    <Dialog
      open
      title={run === null ? 'Share this conversation' : 'Share this answer'}
      onClose={onClose}
      actions={
        made === null ? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" busy={isBusy} disabled={draft === null} onClick={() => void make()}>
              Share
            </Button>
          </>
        ) : (
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        )
      }
    >
      {made === null ? (
        <>
          <p>
            It is made anew for those who read it: they see what their own policy and filters let them see, and nothing
            that was restored for you. It does not change any more.
          </p>
          {audiences !== null && draft !== null && <Choices audiences={audiences} draft={draft} onDraft={setDraft} />}
        </>
      ) : (
        <Made share={made} />
      )}
      {error !== null && <ProblemNotice error={error} onDismiss={() => setError(null)} />}
    </Dialog>
  )
}

interface ChoicesProps {
  readonly audiences: ShareAudiences
  readonly draft: ShareDraft
  readonly onDraft: (draft: ShareDraft) => void
}

function Choices({ audiences, draft, onDraft }: ChoicesProps) {
  const id = useId()
  return (
    <div class="share-choices">
      <fieldset>
        <legend>Who may open it</legend>
        <label>
          <input
            type="radio"
            name={`${id}-audience`}
            checked={draft.audience === 'group'}
            onChange={() => onDraft(withAudience(draft, 'group', audiences))}
          />{' '}
          Whoever is signed in and of a group
        </label>
        <label>
          <input
            type="radio"
            name={`${id}-audience`}
            checked={draft.audience === 'link'}
            disabled={audiences.link === null}
            onChange={() => onDraft(withAudience(draft, 'link', audiences))}
          />{' '}
          Anybody with the link{audiences.link === null ? ': not allowed here' : ''}
        </label>
      </fieldset>
      {draft.audience === 'group' && (
        <label>
          Group{' '}
          <select value={draft.group} onChange={(event) => onDraft({ ...draft, group: event.currentTarget.value })}>
            {audiences.groups.map((group) => (
              <option key={group} value={group}>
                {visibleText(group)}
              </option>
            ))}
          </select>
        </label>
      )}
      {draft.audience === 'link' && audiences.link !== null && (
        <p class="muted small">They see what the group {visibleText(audiences.link.group)} may see.</p>
      )}
      <label>
        For{' '}
        <select
          value={String(draft.days)}
          onChange={(event) => onDraft({ ...draft, days: Number(event.currentTarget.value) })}
        >
          {dayChoices(audiences, draft.audience).map((days) => (
            <option key={days} value={String(days)}>
              {daysText(days)}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

function Made({ share }: { readonly share: MadeShare }) {
  const [isCopied, setCopied] = useState(false)
  const address = addressOfShare(location.href, share.id, share.secret)
  return (
    <>
      <Notice kind="good" title="It is shared.">
        <p>{leftOutText(share.left_out)}</p>
      </Notice>
      <label class="share-address">
        {share.secret === null ? 'Where its readers open it' : 'The link, shown this once'}
        <input type="text" readOnly value={address} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <p>
        <Button onClick={() => void navigator.clipboard.writeText(address).then(() => setCopied(true))}>Copy</Button>{' '}
        <a href={address} target="_blank" rel="noopener noreferrer">
          See it as they do
        </a>
        <span role="status">{isCopied ? ' Copied.' : ''}</span>
      </p>
    </>
  )
}
