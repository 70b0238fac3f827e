import { useEffect, useState } from 'preact/hooks'
import type { ConversationsSearchAnswer } from '../../../../client/generated/conversations.ts'
import { Button } from '../../../components/button.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { Time } from '../../../components/time.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { linkTo } from '../../../shell/router.ts'
import { askApi } from '../ask-api.ts'

type Found = ConversationsSearchAnswer['data'][number]

/** Whoever writes on is not asked about half a word. */
const patience = 300

/** Conversations whose title or text holds the words, with the place where they stand. */
export function ConversationSearch({ words }: { readonly words: string }) {
  const [found, setFound] = useState<readonly Found[]>([])
  const [next, setNext] = useState<string | null>(null)
  const [searched, setSearched] = useState(0)
  const [state, setState] = useState<'looking' | 'done'>('looking')
  const [error, setError] = useState<unknown>(null)

  /** Goes on to older ones until something is found or all were looked through. */
  const look = async (begin: string | null, isCurrent: () => boolean): Promise<void> => {
    setState('looking')
    if (begin === null) setSearched(0)
    try {
      let after = begin
      for (;;) {
        const answer = await askApi.searchConversations(words, after)
        if (!isCurrent()) return
        const { data, searched: seen, last_id: last } = answer
        const isFirst = after === null
        setFound((known) => (isFirst ? data : [...known, ...data]))
        setSearched((before) => before + seen)
        after = answer.has_more ? last : null
        setNext(after)
        if (after === null || data.length > 0) break
      }
      setError(null)
    } catch (problem) {
      if (isCurrent()) setError(problem)
    }
    setState('done')
  }
  useEffect(() => {
    let isCurrent = true
    const timer = setTimeout(() => void look(null, () => isCurrent), patience)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [words])

  return (
    <>
      {error !== null && <ProblemNotice error={error} onDismiss={() => setError(null)} />}
      <p class="muted small" role="status">
        {state === 'looking' ? 'Searching…' : `${found.length} found`}
        {searched > 0 && ` in the newest ${searched.toLocaleString('en')}`}
      </p>
      <ul class="conversations-list">
        {found.map((each) => (
          <FoundConversation key={each.conversation.id} found={each} />
        ))}
      </ul>
      {next !== null && state === 'done' && (
        <Button onClick={() => void look(next, () => true)}>Search older ones</Button>
      )}
    </>
  )
}

function FoundConversation({ found: { conversation, matches } }: { readonly found: Found }) {
  const match = matches.find(({ where }) => where !== 'title')
  return (
    <li class="conversation-row">
      <a href={linkTo(['ask', conversation.id])}>{visibleText(conversation.title ?? 'Untitled')}</a>
      <span class="muted small">
        <Time at={conversation.used_at} relative />
      </span>
      {match !== undefined && (
        <p class="small conversation-match">
          {visibleText(match.excerpt.slice(0, match.start))}
          <mark>{visibleText(match.excerpt.slice(match.start, match.start + match.length))}</mark>
          {visibleText(match.excerpt.slice(match.start + match.length))}
        </p>
      )}
    </li>
  )
}
