import { useRef, useState } from 'preact/hooks'
import type { Execution } from '../../../../client/generated/programs.ts'
import type { Rows } from '../../../../client/generated/sql.ts'
import { Button } from '../../../components/button.tsx'
import { CodeEditor } from '../../../components/code-editor.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { currentSession } from '../../../shell/session.ts'
import { askApi } from '../ask-api.ts'
import type { OpenConversation } from '../conversation/open-conversation.ts'
import { isGone } from '../conversation/place-of-programs.ts'
import { ProgramResult, StatementResult } from './rerun-results.tsx'
import { languageOf, type Step } from '../turn/turn.ts'

interface StepCodeProps {
  readonly step: Step
  readonly code: string
  readonly conversation: OpenConversation
  /** The data source of the question; null for the first one. */
  readonly source: string | null
  /** False while the answer is being given: its own programs come first. */
  readonly mayRun: boolean
  /** Words for the next question. */
  readonly onAbout: (words: string) => void
}

/** What ran, to be changed and run again by whoever may: statements through the gate, programs in the sandbox of the conversation. */
export function StepCode({ step, code, conversation, source, mayRun, onAbout }: StepCodeProps) {
  const language = languageOf(step.tool)
  const [text, setText] = useState(code)
  const [result, setResult] = useState<{ readonly statement: string; readonly rows: Rows } | null>(null)
  const [execution, setExecution] = useState<Execution | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const abort = useRef<AbortController | null>(null)
  const { scopes } = currentSession()
  const isGranted = language !== null && scopes.includes(language === 'sql' ? 'sql' : 'execute')

  const run = async (): Promise<void> => {
    if (language === null || isBusy || !mayRun || !isGranted) return
    const leave = new AbortController()
    abort.current = leave
    setBusy(true)
    setError(null)
    try {
      if (language === 'sql')
        setResult({ statement: text, rows: await askApi.runStatement(text, source, leave.signal) })
      else {
        const within = async (container: string) =>
          setExecution(await askApi.runProgram(language, text, container, leave.signal))
        try {
          await within(await conversation.container())
        } catch (thrown) {
          if (!isGone(thrown)) throw thrown
          await within(await conversation.renewedContainer())
        }
      }
    } catch (problem) {
      if (!leave.signal.aborted) setError(problem)
    }
    setBusy(false)
  }

  return (
    <div class="step-code">
      <CodeEditor
        label={language === 'sql' ? 'Statement' : 'Program'}
        value={text}
        language={language === 'shell' || language === null ? 'text' : language}
        readOnly={!isGranted}
        onInput={setText}
        onRun={() => void run()}
      />
      {isGranted && (
        <div class="step-code-actions">
          <Button kind="primary" busy={isBusy} disabled={!mayRun || text.trim() === ''} onClick={() => void run()}>
            {text === code ? 'Run again' : 'Run changed'}
          </Button>
          {isBusy && <Button onClick={() => abort.current?.abort()}>Stop</Button>}
          {text !== code && (
            <Button kind="quiet" onClick={() => setText(code)}>
              Back to what ran
            </Button>
          )}
          <span class="muted small">Ctrl and Enter run it.</span>
        </div>
      )}
      {error !== null && <ProblemNotice error={error} onDismiss={() => setError(null)} />}
      {result !== null && (
        <StatementResult
          rows={result.rows}
          onAsk={() => onAbout(`Look at what this statement gives: ${result.statement.trim()}`)}
        />
      )}
      {execution !== null && <ProgramResult execution={execution} />}
    </div>
  )
}
