import { useEffect, useState } from 'preact/hooks'
import type { Conversation } from '../../../../client/generated/conversations.ts'
import { toProblem } from '../../../api/problem.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { Notice, ProblemNotice } from '../../../components/notice.tsx'
import { Time } from '../../../components/time.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { linkTo, navigate } from '../../../shell/router.ts'
import { askApi } from '../ask-api.ts'
import { ConversationSearch } from './conversation-search.tsx'
import { conversationsChanged } from './conversations-changed.ts'
import { containerMember } from './open-conversation.ts'

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

  return (
    <section class="conversations" aria-label="Conversations">
      <div class="conversations-head">
        <a class="button button-primary" href={linkTo(['ask'])}>
          New question
        </a>
        <label class="conversations-search">
          <span class="visually-hidden">Search conversations</span>
          <input
            type="search"
            placeholder="Search"
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </label>
      </div>
      {error !== null && <ProblemNotice error={error} onDismiss={() => setError(null)} />}
      {words.trim() === '' ? (
        <>
          {list === null && error === null && <p class="muted">Loading…</p>}
          {list?.length === 0 && <p class="muted">Nothing was asked yet.</p>}
          <ul class="conversations-list">
            {(list ?? []).map((each) => (
              <ConversationRow
                key={each.id}
                conversation={each}
                isCurrent={each.id === current}
                onRename={() => setRenaming(each)}
                onDelete={() => setDeleting(each)}
              />
            ))}
          </ul>
          {next !== null && <Button onClick={() => void load(next)}>Older ones</Button>}
        </>
      ) : (
        <ConversationSearch words={words.trim()} />
      )}
      <RenameDialog of={renaming} onClose={() => setRenaming(null)} />
      <DeleteDialog of={deleting} current={current} onClose={() => setDeleting(null)} />
    </section>
  )
}

interface RowProps {
  readonly conversation: Conversation
  readonly isCurrent: boolean
  readonly onRename: () => void
  readonly onDelete: () => void
}

function ConversationRow({ conversation, isCurrent, onRename, onDelete }: RowProps) {
  const title = visibleText(conversation.title ?? 'Untitled')
  return (
    <li class={isCurrent ? 'conversation-row current' : 'conversation-row'}>
      <a href={linkTo(['ask', conversation.id])} aria-current={isCurrent ? 'page' : undefined}>
        {title}
      </a>
      <span class="muted small">
        <Time at={conversation.used_at} relative />
      </span>
      <span class="conversation-actions">
        <Button kind="quiet" label={`Rename ${title}`} onClick={onRename}>
          Rename
        </Button>
        <Button kind="quiet" label={`Delete ${title}`} onClick={onDelete}>
          Delete
        </Button>
      </span>
    </li>
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

/** Of a conversation that is gone; one that has expired is gone, too. */
async function endSandbox({ metadata }: Conversation): Promise<void> {
  const container = metadata[containerMember]
  if (container === undefined) return
  try {
    await askApi.deleteContainer(container)
  } catch (problem) {
    if (toProblem(problem).status !== 404) throw problem
  }
}

function DeleteDialog({ of, current, onClose }: ActionProps & { readonly current: string | null }) {
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const remove = async (): Promise<void> => {
    if (of === null) return
    setBusy(true)
    try {
      await askApi.deleteConversation(of.id)
      await endSandbox(of)
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
        “{visibleText(of?.title ?? 'Untitled')}” is deleted with what was answered in it, the files that it made, its
        sandbox, and its shared versions. It cannot be brought back.
      </Notice>
    </Dialog>
  )
}
