import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../../../components/button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { currentSession } from '../../../shell/session.ts'
import { ShareDialog } from '../../share/share-dialog.tsx'
import { WaitingApprovals } from '../answer/approvals.tsx'
import { Composer } from '../question/composer.tsx'
import { conversationsChanged } from './conversations-changed.ts'
import { ExportMenu } from './export-menu.tsx'
import type { Draft } from './draft.ts'
import type { OpenConversation } from './open-conversation.ts'
import { Source } from '../question/source-panel.tsx'
import { uploadsOf } from '../question/draft-uploads.ts'
import { useFileNames } from '../question/use-file-names.ts'
import { TurnView } from '../answer/turn-view.tsx'

/** Turns whose tables and charts are read at once. */
const recent = 5

/** A conversation: what was asked and answered, and the place for the next question. */
export function ConversationView({ conversation }: { readonly conversation: OpenConversation }) {
  const session = currentSession()
  const { sources } = session
  const draft = conversation.draft.value
  const write = (change: Partial<Draft>): void => {
    conversation.draft.value = { ...conversation.draft.value, ...change }
  }
  // A conversation goes on with the source that it was asked about.
  const source = draft.source ?? /^analyst:(.+)$/.exec(conversation.model.value ?? '')?.[1] ?? null
  const [isSharing, setSharing] = useState(false)
  const end = useRef<HTMLDivElement>(null)
  const turns = conversation.turns.value
  const title = conversation.title.value
  const told = conversation.told.value
  const isRunning = conversation.isRunning
  const uploads = uploadsOf(conversation.draft)
  const isUploading = uploads.going.value.length > 0
  const known = useFileNames(isRunning ? null : conversation.place)

  useEffect(() => {
    if (isRunning) end.current?.scrollIntoView({ block: 'end' })
    if (!isRunning && turns.length > 0) conversationsChanged.value += 1
  }, [isRunning, turns.length])

  useEffect(() => {
    // Whoever comes back to a conversation goes on at its end.
    if (turns.length > 1) end.current?.scrollIntoView({ block: 'end' })
  }, [conversation])

  useEffect(() => {
    // Where there is a keyboard: a phone would put its own over the page.
    if (conversation.id === null && matchMedia('(pointer: fine)').matches) document.getElementById('question')?.focus()
  }, [conversation])

  useEffect(() => {
    if (!isRunning) return
    // An answer that nobody reads is ended by the service.
    const hold = (event: BeforeUnloadEvent): void => {
      if (turns.at(-1)?.state !== 'elsewhere') event.preventDefault()
    }
    window.addEventListener('beforeunload', hold)
    return () => window.removeEventListener('beforeunload', hold)
  }, [isRunning])

  const ask = (words: string): void => {
    const question = words.trim()
    // A question is about the files that are on their way, too.
    if (question === '' || isRunning || isUploading) return
    write({ words: '' })
    const model = source === null ? 'analyst' : `analyst:${source}`
    void conversation.ask(question, { model, files: draft.files.map(({ id }) => id) })
  }
  /** Behind what is being written, which nothing takes away. */
  const about = (words: string): void => {
    const before = draft.words.trimEnd()
    if (!before.endsWith(words)) write({ words: before === '' ? words : `${before} ${words}` })
    document.getElementById('question')?.focus()
  }

  return (
    <section class="ask-main" aria-label="Conversation">
      <div class="ask-head">
        <h1>{visibleText(title ?? (turns.length === 0 ? 'What do you want to know?' : 'Conversation'))}</h1>
        {conversation.id !== null && turns.length > 0 && (
          <div class="ask-head-actions">
            <Button kind="quiet" disabled={isRunning} onClick={() => setSharing(true)}>
              Share
            </Button>
            <ExportMenu conversation={conversation.id} />
          </div>
        )}
        {isSharing && conversation.id !== null && (
          <ShareDialog conversation={conversation.id} onClose={() => setSharing(false)} />
        )}
      </div>
      {session.label !== null && <p class="muted small">{visibleText(session.label)}</p>}
      {turns.length === 0 && (
        <Source sources={sources} chosen={source} onChoose={(chosen) => write({ source: chosen })} />
      )}
      {turns.length === 0 && <Suggestions questions={session.questions} onAsk={ask} />}
      <div class="turns">
        {turns.map((turn, at) => (
          <TurnView
            key={at}
            turn={turn}
            conversation={conversation}
            source={source}
            isRecent={at >= turns.length - recent}
            isTold={turn.state === 'cancelled' && told !== null && at === turns.length - 1}
            onAbout={about}
          />
        ))}
      </div>
      {told !== null && (
        <Notice kind={told.kind} onDismiss={() => conversation.dismiss()}>
          {visibleText(told.text)}
        </Notice>
      )}
      <WaitingApprovals isRunning={isRunning} />
      <Composer
        draft={draft.words}
        onDraft={(words) => write({ words })}
        onAsk={() => ask(draft.words)}
        files={draft.files}
        uploads={uploads}
        known={known}
        onFiles={(files) => write({ files })}
        isFirst={turns.length === 0}
        isRunning={isRunning}
        action={
          isRunning ? (
            <Button kind="danger" busy={conversation.stopping.value} onClick={() => void conversation.stop()}>
              Stop
            </Button>
          ) : (
            <Button kind="primary" disabled={draft.words.trim() === '' || isUploading} onClick={() => ask(draft.words)}>
              Ask
            </Button>
          )
        }
      />
      <div ref={end} />
    </section>
  )
}

/** What may be asked to begin with; a press asks it. */
function Suggestions({
  questions,
  onAsk,
}: {
  readonly questions: readonly string[]
  readonly onAsk: (question: string) => void
}) {
  if (questions.length === 0) return null
  return (
    <div class="suggestions" role="group" aria-label="Questions to begin with">
      {questions.map((question) => (
        <Button key={question} kind="quiet" onClick={() => onAsk(question)}>
          {visibleText(question)}
        </Button>
      ))}
    </div>
  )
}
