import { useEffect, useRef, useState } from 'preact/hooks'
import type { StoredFile } from '../../../client/generated/files.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { visibleText } from '../../components/visible-text.ts'
import { currentSession } from '../../shell/session.ts'
import { ShareDialog } from '../share/share-dialog.tsx'
import { WaitingApprovals } from './approvals.tsx'
import { Composer } from './composer.tsx'
import { conversationsChanged } from './conversations-changed.ts'
import { ExportMenu } from './export-menu.tsx'
import type { OpenConversation } from './open-conversation.ts'
import { Source } from './source-panel.tsx'
import { TurnView } from './turn-view.tsx'

/** Turns whose tables and charts are read at once. */
const recent = 5

/** A conversation: what was asked and answered, and the place for the next question. */
export function ConversationView({ conversation }: { readonly conversation: OpenConversation }) {
  const session = currentSession()
  const { sources } = session
  const [chosen, setSource] = useState<string | null>(null)
  // A conversation goes on with the source that it was asked about.
  const source = chosen ?? /^analyst:(.+)$/.exec(conversation.model.value ?? '')?.[1] ?? null
  const [files, setFiles] = useState<readonly StoredFile[]>([])
  const [draft, setDraft] = useState('')
  const [isSharing, setSharing] = useState(false)
  const end = useRef<HTMLDivElement>(null)
  const turns = conversation.turns.value
  const title = conversation.title.value
  const told = conversation.told.value
  const isRunning = conversation.isRunning

  useEffect(() => {
    if (isRunning) end.current?.scrollIntoView({ block: 'end' })
    if (!isRunning && turns.length > 0) conversationsChanged.value += 1
  }, [isRunning, turns.length])

  const ask = (): void => {
    const question = draft.trim()
    if (question === '' || isRunning) return
    setDraft('')
    const model = source === null ? 'analyst' : `analyst:${source}`
    void conversation.ask(question, { model, files: files.map(({ id }) => id) })
  }
  const about = (words: string): void => {
    setDraft(words)
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
      {turns.length === 0 && <Source sources={sources} chosen={source} onChoose={setSource} />}
      <div class="turns">
        {turns.map((turn, at) => (
          <TurnView
            key={at}
            turn={turn}
            conversation={conversation}
            source={source}
            isRecent={at >= turns.length - recent}
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
        draft={draft}
        onDraft={setDraft}
        onAsk={ask}
        files={files}
        onFiles={setFiles}
        isFirst={turns.length === 0}
        isRunning={isRunning}
        action={
          isRunning ? (
            <Button kind="danger" busy={conversation.stopping.value} onClick={() => void conversation.stop()}>
              Stop
            </Button>
          ) : (
            <Button kind="primary" disabled={draft.trim() === ''} onClick={ask}>
              Ask
            </Button>
          )
        }
      />
      <div ref={end} />
    </section>
  )
}
