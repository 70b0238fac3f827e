import { useEffect, useMemo, useState } from 'preact/hooks'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { prepareCharts } from '../../../components/chart.tsx'
import { MarkedText } from '../../../components/marked-text.tsx'
import { Notice } from '../../../components/notice.tsx'
import { durationText } from '../../../components/time-text.ts'
import { visibleText } from '../../../components/visible-text.ts'
import { AskedApproval } from './approvals.tsx'
import { checkedOf, fittingMarks, sourceSentence } from './cited-figures.ts'
import { Feedback } from './feedback.tsx'
import { FigureSource } from './figure-source.tsx'
import { MadeFiles } from './made-files.tsx'
import type { OpenConversation } from '../conversation/open-conversation.ts'
import { useRunData } from './run-data.ts'
import { RunCharts, RunTables, type Place } from './run-results.tsx'
import { Steps } from './steps.tsx'
import {
  isRunning,
  languageOf,
  runOf,
  splitEnding,
  stepsOf,
  type Mark,
  type Turn,
  type TurnState,
} from '../turn/turn.ts'
import { WhyHidden } from './why-hidden.tsx'

interface TurnProps {
  readonly turn: Turn
  readonly conversation: OpenConversation
  readonly source: string | null
  /** Are its tables and charts read at once? Those of earlier turns are when somebody wants them. */
  readonly isRecent: boolean
  /** Is its end told beside it, by what was done about it here? */
  readonly isTold: boolean
  /** Words for the next question. */
  readonly onAbout: (words: string) => void
}

/** A question and its answer: the answer first, what it rests on below it. */
export function TurnView({ turn, conversation, source, isRecent, isTold, onAbout }: TurnProps) {
  const running = isRunning(turn)
  const [isWanted, setWanted] = useState(isRecent)
  const run = runOf(turn)
  const data = useRunData(running || !(isRecent || isWanted) ? null : run)
  const [figure, setFigure] = useState<Mark | null>(null)
  const [place, setPlace] = useState<Place | null>(null)
  const [openCall, setOpenCall] = useState<number | null>(null)
  const { answer, sentence } = splitEnding(turn)
  // Heard once by who was waiting for it, and not for each of a conversation that is opened.
  const [wasRunning] = useState(running)
  const mayDraw = running && stepsOf(turn).some(({ tool }) => languageOf(tool) === 'python')
  useEffect(() => {
    if (mayDraw) prepareCharts()
  }, [mayDraw])
  const drawn = new Set(
    data.charts.flatMap(({ picture, spec }) => (spec === null || picture === null ? [] : [picture])),
  )

  /** Goes to the cell that a figure rests on, or to the step that gave it. */
  const show = (mark: Mark): void => {
    setFigure(mark)
    const [first] = mark.sources
    if (first === undefined) return
    const hasTable = data.tables.some(({ call }) => call === first.run)
    setPlace(hasTable ? { call: first.run, row: first.row, column: first.column } : null)
    setOpenCall(hasTable ? null : first.run)
  }

  return (
    <article class="turn" aria-label={visibleText(turn.question)} aria-busy={running}>
      <h2 class="turn-question">{visibleText(turn.question)}</h2>
      {running && <Progress turn={turn} />}
      <p class="visually-hidden" role="status">
        {wasRunning && !running && answer !== null ? 'The answer is there.' : ''}
      </p>
      {answer !== null && <Answer turn={turn} text={answer.text} chosen={figure} onFigure={show} />}
      {!isTold && <Ending turn={turn} sentence={sentence} />}
      {mayAskAgain(turn) && <Button onClick={() => onAbout(turn.question)}>Ask again</Button>}
      {turn.approvals.map((id) => running && <AskedApproval key={id} id={id} />)}
      {figure !== null && (
        <FigureSource
          mark={figure}
          tables={data.tables}
          onPlace={(to) => {
            setPlace(to)
            setOpenCall(null)
          }}
          onStep={setOpenCall}
          onClose={() => {
            setFigure(null)
            setPlace(null)
          }}
        />
      )}
      {!running && !isRecent && !isWanted && run !== null && (
        <Button onClick={() => setWanted(true)}>Show its tables and charts</Button>
      )}
      <RunCharts charts={data.charts} onAbout={onAbout} />
      <MadeFiles files={turn.files.filter(({ fileId }) => !drawn.has(fileId))} />
      <RunTables data={data} place={place} onAbout={onAbout} />
      <Steps turn={turn} conversation={conversation} source={source} openCall={openCall} onAbout={onAbout} />
      {!running && (
        <footer class="turn-foot">
          <Checked turn={turn} />
          <WhyHidden turn={turn} tables={data.tables} />
          {turn.response !== null && <Feedback about={turn.response} />}
        </footer>
      )}
    </article>
  )
}

interface AnswerProps {
  readonly turn: Turn
  readonly text: string
  readonly chosen: Mark | null
  readonly onFigure: (mark: Mark) => void
}

function Answer({ turn, text, chosen, onFigure }: AnswerProps) {
  const { grounding } = turn
  const marks = useMemo(() => (grounding === null ? [] : fittingMarks(text, grounding)), [text, grounding])
  return (
    <div class="turn-answer">
      <MarkedText text={text} marks={marks} chosen={chosen} sentenceOf={sourceSentence} onChoose={onFigure} />
    </div>
  )
}

const doing: Readonly<Record<string, string>> = {
  describe_data: 'Looking at the data',
  run_sql: 'Running a query',
  run_python: 'Running a program',
  run_javascript: 'Running a program',
  run_shell: 'Running commands',
  extract_values: 'Reading a text',
}

function Progress({ turn }: { readonly turn: Turn }) {
  const step = stepsOf(turn).findLast(({ state }) => state === 'running')
  const words = turn.approvals.length > 0 && step !== undefined ? 'A call may wait for a person' : null
  return (
    <p class="turn-progress" role="status">
      <span class="pulse" aria-hidden="true" />
      {words ?? (step === undefined ? 'Thinking' : (doing[step.tool] ?? 'Using a tool'))}…
    </p>
  )
}

const unanswered: ReadonlySet<TurnState> = new Set(['failed', 'cancelled', 'cut', 'incomplete'])

const mayAskAgain = ({ question, state }: Turn): boolean => question !== '' && unanswered.has(state)

/** How a turn ended, where that is not by its answer. `sentence`: what the service says of it, in words. */
function Ending({ turn, sentence }: { readonly turn: Turn; readonly sentence: string | null }) {
  const { state, fault, response } = turn
  if (fault !== null && state !== 'cancelled')
    return (
      <Notice kind="error" title="This was not answered.">
        <p>{visibleText(fault.message)}</p>
        {response !== null && (
          <p class="muted small">
            Response <code>{visibleText(response)}</code>, for whoever runs the service
          </p>
        )}
      </Notice>
    )
  if (state === 'cancelled')
    return (
      <Notice title="Stopped">
        Somebody stopped it, or its page was left while it was answered. Nothing runs for this question any more.
      </Notice>
    )
  if (state === 'elsewhere')
    return (
      <Notice>It is being answered, and another page shows how. The answer will be seen here when it is there.</Notice>
    )
  if (state === 'cut')
    return (
      <Notice kind="warning" title="The connection broke off.">
        The service ends what runs for an answer that nobody reads. What had come until then is shown; ask again for the
        rest.
      </Notice>
    )
  if (state === 'incomplete' && turn.items.length === 0)
    return <Notice title="This was not answered.">Nothing was kept of an answer to it.</Notice>
  if (state === 'incomplete')
    return (
      <Notice kind="warning" title="The answer is not whole.">
        {visibleText(sentence ?? 'It ended at a limit, or a part of it was held back.')}
      </Notice>
    )
  return null
}

function Checked({ turn }: { readonly turn: Turn }) {
  const { grounding, milliseconds } = turn
  const time = milliseconds === null ? null : <span class="muted small">{durationText(milliseconds)}</span>
  if (grounding === null) return time
  const { borneOut, contradicted, withoutSource } = checkedOf(grounding)
  return (
    <span class="checked">
      {borneOut > 0 && (
        <Badge kind="good">
          {borneOut} {borneOut === 1 ? 'figure' : 'figures'} with a source
        </Badge>
      )}
      {contradicted > 0 && <Badge kind="danger">{contradicted} contradicted</Badge>}
      {withoutSource > 0 && <Badge kind="warning">{withoutSource} without a source</Badge>}
      {time}
    </span>
  )
}
