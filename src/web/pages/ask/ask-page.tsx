import { useEffect, useMemo, useState } from 'preact/hooks'
import { toProblem } from '../../api/problem.ts'
import { Empty } from '../../components/empty.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { linkTo } from '../../shell/router.ts'
import type { PageProps } from '../../shell/lazy-page.tsx'
import { conversationAt } from './conversation/conversation-at.ts'
import { ConversationList } from './conversation/conversation-list.tsx'
import { ConversationView } from './conversation/conversation-view.tsx'
import './ask.css'

/** `#/ask` begins a conversation, `#/ask/ID` goes on with one, `#/sessions` lists them. */
export function AskPage({ route }: PageProps) {
  const [first, id = null] = route.path
  if (first === 'sessions')
    return (
      <>
        <h1>Conversations</h1>
        <ConversationList current={null} />
      </>
    )
  return (
    // The question comes before the list, by keyboard and by ear: the list has three stops for each of its rows.
    <div class="ask">
      <OneConversation id={id} />
      <aside class="ask-side" aria-label="Your conversations">
        <ConversationList current={id} />
      </aside>
    </div>
  )
}

function OneConversation({ id }: { readonly id: string | null }) {
  const { conversation, isNew } = useMemo(() => conversationAt(id), [id])
  const [state, setState] = useState<{ readonly of: unknown; readonly error: unknown }>({ of: null, error: null })
  useEffect(() => {
    if (!isNew || id === null) return
    conversation.load().then(
      () => setState({ of: conversation, error: null }),
      (error: unknown) => setState({ of: conversation, error }),
    )
  }, [conversation])
  if (isNew && id !== null && state.of !== conversation)
    return (
      <p class="muted" role="status">
        Loading the conversation…
      </p>
    )
  if (state.of === conversation && state.error !== null) {
    if (toProblem(state.error).status !== 404) return <ProblemNotice error={state.error} />
    return (
      <Empty title="This conversation is not there any more.">
        <p>
          It was deleted, or it is somebody else’s. <a href={linkTo(['ask'])}>Ask something new</a>
        </p>
      </Empty>
    )
  }
  return <ConversationView key={conversation} conversation={conversation} />
}
