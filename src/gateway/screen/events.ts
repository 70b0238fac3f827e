import type { AgentEvent, ToolSource } from '../../core/events.ts'
import { withPlanWords, wordsOfPlan } from '../../core/plan.ts'
import type { FilterPart } from '../../filters/filter.ts'
import { screenArtifact } from './artifact.ts'
import { cutTable, screenCell } from './cell.ts'
import { noteFor } from './note-for.ts'
import { ResultCap } from './result-cap.ts'
import type { Screener } from './screener.ts'
import { TurnCap } from './turn-cap.ts'
import { TextStream } from './text-stream.ts'
import { screenTable } from './values.ts'

export interface EventScreenOptions {
  readonly screener: Screener
  /** Told of each SQL statement before anything that follows it is screened. */
  readonly onSql: (statement: string) => void
  /** May files pass that no filter can read? */
  readonly passesUnread: boolean
  /** May previews of SQL be shown? Never for a group whose profile hides SQL altogether. */
  readonly previewSql: boolean
}

async function screenSource(
  source: ToolSource,
  options: EventScreenOptions,
  signal: AbortSignal,
): Promise<ToolSource | null> {
  if (source.language === 'sql' && !options.previewSql) return null
  // A preview is the code itself: what the profile hides in it is data, and SQL only from those who may not see any.
  const keep = (category: string) => options.previewSql && category.startsWith('sql-leak')
  const [text = ''] = await options.screener.texts([{ text: source.text, provenance: 'model' }], signal, keep)
  return { language: source.language, text, ...(text === source.text ? {} : { isChanged: true as const }) }
}

/** The id and the name of a call: a model's own words, and the same ones in every event of the call. */
async function screenCall(
  { callId, tool }: { readonly callId: string; readonly tool: string },
  screener: Screener,
  signal: AbortSignal,
): Promise<{ readonly callId: string; readonly tool: string }> {
  const parts = [callId, tool].map((text): FilterPart => ({ text, provenance: 'model' }))
  const [screenedId = '', screenedTool = ''] = await screener.texts(parts, signal)
  return { callId: screenedId, tool: screenedTool }
}

type Result = Extract<AgentEvent, { type: 'tool-result' }>
type Refusal = Extract<AgentEvent, { type: 'tool-refusal' }>

async function screenResult(event: Result, screener: Screener, signal: AbortSignal): Promise<AgentEvent> {
  const callId = await screener.text(event.callId, 'model', signal)
  // What was replaced in the words before belongs to the answer.
  const ofText = screener.takeFindings()
  const cap = new ResultCap(screener.maximumResultCharacters)
  // Each waits for its turn of the event loop: together they wait for one.
  const [summary, cell] = await Promise.all([
    screener.text(cap.text(event.summary), 'tool', signal),
    event.cell === null ? null : screenCell(event.cell, screener, { signal, cap }),
  ])
  const table = event.table === null ? null : await screenTable(cutTable(event.table, cap), screener, signal)
  const cut = cap.finding()
  const known = [...(cell?.findings ?? []), ...screener.takeFindings()]
  const isSaid = cut === null || known.some((finding) => finding.rule === cut.rule)
  for (const finding of ofText) screener.say(finding)
  return { ...event, callId, summary, cell, table, findings: isSaid ? known : [...known, cut] }
}

async function screenRefusal(event: Refusal, screener: Screener, signal: AbortSignal): Promise<AgentEvent> {
  const call = await screenCall(event, screener, signal)
  const parts: FilterPart[] = [event.message, ...event.findings.map((finding) => finding.message)].map((text) => ({
    text,
    provenance: 'tool',
  }))
  const [message = '', ...messages] = await screener.texts(parts, signal)
  const findings = event.findings.map((finding, index) => ({ ...finding, message: messages[index] ?? '' }))
  return { ...event, ...call, message, findings }
}

/** Every event but text, which streams and is held back elsewhere. */
async function screenEvent(
  event: Exclude<AgentEvent, { type: 'text-delta' }>,
  options: EventScreenOptions,
  signal: AbortSignal,
): Promise<AgentEvent> {
  const { screener } = options
  switch (event.type) {
    case 'step-start':
      return event
    case 'plan': {
      // In the form of the answer's own words.
      const part = { text: wordsOfPlan(event.steps), provenance: 'model', form: 'markdown' } as const
      const [words = ''] = await screener.texts([part], signal)
      return { type: 'plan', steps: withPlanWords(event.steps, words) }
    }
    case 'tool-call': {
      const [call, source] = await Promise.all([
        screenCall(event, screener, signal),
        event.source === null ? null : screenSource(event.source, options, signal),
      ])
      return { ...event, ...call, source }
    }
    case 'tool-refusal':
      return screenRefusal(event, screener, signal)
    case 'tool-result':
      return screenResult(event, screener, signal)
    case 'tool-failure': {
      const call = await screenCall(event, screener, signal)
      return { ...event, ...call, message: await screener.text(event.message, 'tool', signal) }
    }
    case 'artifact': {
      const screened = await screenArtifact(event.artifact, { ...options, isAnswer: true }, signal)
      if (screened.kind === 'passes') return { type: 'artifact', artifact: screened.artifact }
      screener.say({ rule: 'filter/file-withheld', line: 1, column: 1, message: screened.message })
      return { type: 'text-delta', step: 0, text: `\n\n> ${screened.message}\n\n` }
    }
    case 'end':
      return {
        ...event,
        message: event.message === null ? null : await screener.text(event.message, 'tool', signal),
        findings: screener.takeFindings(),
      }
  }
}

const isWhole = (cap: TurnCap, turn: number, words: string): boolean => cap.take(turn, words).text === words

/**
 * The events as they may leave. Text is held back until what follows it is known; every other event first releases the
 * text before it, so that the order stays. Rejects with `refused` where the profile blocks.
 */
export async function* screenEvents(
  events: AsyncIterable<AgentEvent>,
  options: EventScreenOptions,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  const stream = new TextStream(options.screener)
  const cap = new TurnCap(options.screener.maximumTurnCharacters)
  let step = 0
  let turn = 0
  for await (const event of events) {
    if (event.type === 'text-delta') {
      const before = event.step === step ? '' : await stream.flush(signal)
      if (before !== '') yield { type: 'text-delta', step, text: before }
      step = event.step
      const { text: kept, note } = cap.take(step, event.text)
      const text = (await stream.push(kept, signal)) + (note === null ? '' : (await stream.flush(signal)) + note)
      if (note !== null) options.screener.say(cap.finding())
      if (text !== '') yield { type: 'text-delta', step, text }
      continue
    }
    // The statement counts as soon as it is known: the text before the call may already announce it.
    if (event.type === 'tool-call' && event.source?.language === 'sql') options.onSql(event.source.text)
    const flushing = stream.flush(signal)
    // A call waits for its turn of the event loop together with the text before it, and is told behind that all the same.
    const calling = event.type === 'tool-call' ? screenEvent(event, options, signal) : null
    calling?.catch(() => undefined)
    const rest = await flushing
    if (rest !== '') yield { type: 'text-delta', step, text: rest }
    if (event.type === 'step-start') turn = event.step
    // It is part of what a turn may say; half of one is none.
    if (event.type === 'plan' && !isWhole(cap, turn, wordsOfPlan(event.steps))) {
      options.screener.say(cap.finding())
      continue
    }
    const screened = await (calling ?? screenEvent(event, options, signal))
    if (event.type === 'end' && options.screener.annotated.size > 0) {
      yield { type: 'text-delta', step, text: noteFor(options.screener.annotated) }
    }
    yield screened
  }
}
