import { useEffect, useState } from 'preact/hooks'
import type { Conversation } from '../../../client/generated/conversations.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Notice, ProblemNotice } from '../../components/notice.tsx'
import { Time } from '../../components/time.tsx'
import { visibleText } from '../../components/visible-text.ts'
import { linkTo, navigate } from '../../shell/router.ts'
import { askApi } from './ask-api.ts'
import { conversationsChanged } from './conversations-changed.ts'

/** What the list shows: titles that hold the words, of those that are loaded. */
const holds = ({ title }: Conversation, words: string): boolean =>
  words.trim() === '' || (title ?? '').toLocaleLowerCase().includes(words.trim().toLocaleLowerCase())

/** The caller's conversations, newest first, with what can be done with each. */
export function ConversationList({ current }: { readonly current: string | null }) {
  const [list, setList] = useState<readonly Conversation[] | null>(null)
  const [next, setNext] = useState<string | null>(null)
  const [words, setWords] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [renaming, setRenaming] = useState<Conversation | null>(null)
  const [deleting, setDeleting] = useState<Conversation | null>(null)
  const changes = conversationsChanged.value

  const load = async (after: string | null): Promise<void> => {
    try {
      const page = await askApi.listConversations(after)
      setList((known) => (after === null ? page.data : [...(known ?? []), ...page.data]))
      setNext(page.has_more ? page.last_id : null)
      setError(null)
    } catch (problem) {
      setError(problem)
    }
  }
  useEffect(() => void load(null), [changes, current])

  const shown = (list ?? []).filter((each) => holds(each, words))
  return (
    <section class="conversations" aria-label="Conversations">
      <div class="conversations-head">
        <a class="button button-primary" href={linkTo(['ask'])}>
          New question
        </a>
        <label class="conversations-search">
          <span class="visually-hidden">Search conversations by their title</span>
          <input
            type="search"
            placeholder="Search titles"
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </label>
      </div>
      {error !== null && <ProblemNotice error={error} onDismiss={() => setError(null)} />}
      {list === null && error === null && <p class="muted">Loading…</p>}
      {list !== null && shown.length === 0 && (
        <p class="muted">{list.length === 0 ? 'Nothing was asked yet.' : 'No title has these words.'}</p>
      )}
      <ul class="conversations-list">
        {shown.map((each) => (
          <li key={each.id} class={each.id === current ? 'conversation-row current' : 'conversation-row'}>
            <a href={linkTo(['ask', each.id])} aria-current={each.id === current ? 'page' : undefined}>
              {visibleText(each.title ?? 'Untitled')}
            </a>
            <span class="muted small">
              <Time at={each.used_at} relative />
            </span>
            <span class="conversation-actions">
              <Button kind="quiet" label={`Rename ${each.title ?? 'untitled'}`} onClick={() => setRenaming(each)}>
                Rename
              </Button>
              <Button kind="quiet" label={`Delete ${each.title ?? 'untitled'}`} onClick={() => setDeleting(each)}>
                Delete
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {next !== null && <Button onClick={() => void load(next)}>Older ones</Button>}
      <RenameDialog of={renaming} onClose={() => setRenaming(null)} />
      <DeleteDialog of={deleting} current={current} onClose={() => setDeleting(null)} />
    </section>
  )
}

interface ActionProps {
  readonly of: Conversation | null
  readonly onClose: () => void
}

function RenameDialog({ of, onClose }: ActionProps) {
  const [title, setTitle] = useState('')
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    setTitle(of?.title ?? '')
    setError(null)
  }, [of])
  const rename = async (): Promise<void> => {
    if (of === null) return
    try {
      await askApi.changeConversation(of.id, { title: title.trim() })
      conversationsChanged.value += 1
      onClose()
    } catch (problem) {
      setError(problem)
    }
  }
  return (
    <Dialog
      open={of !== null}
      title="Rename the conversation"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={title.trim() === ''} onClick={() => void rename()}>
            Rename
          </Button>
        </>
      }
    >
      {error !== null && <ProblemNotice error={error} />}
      <label>
        <span>Title</span>
        <input maxLength={500} value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
      </label>
    </Dialog>
  )
}

function DeleteDialog({ of, current, onClose }: ActionProps & { readonly current: string | null }) {
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const remove = async (): Promise<void> => {
    if (of === null) return
    setBusy(true)
    try {
      await askApi.deleteConversation(of.id)
      conversationsChanged.value += 1
      if (of.id === current) navigate(['ask'])
      onClose()
    } catch (problem) {
      setError(problem)
    }
    setBusy(false)
  }
  return (
    <Dialog
      open={of !== null}
      title="Delete the conversation?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button kind="danger" busy={busy} onClick={() => void remove()}>
            Delete for good
          </Button>
        </>
      }
    >
      {error !== null && <ProblemNotice error={error} />}
      <Notice kind="warning">
        “{visibleText(of?.title ?? 'Untitled')}” is deleted with what was answered in it, the files that it made, and
        its shared versions. It cannot be brought back.
      </Notice>
    </Dialog>
  )
}
