import { timeLimit } from '../concurrency/time-limit.ts'
import type { ServiceError } from '../core/errors.ts'
import { longestTimer } from '../core/longest-timer.ts'
import { costOf, type ModelPrice } from '../core/price.ts'
import { charactersPerToken } from '../core/tokens.ts'
import type { AgentEvent, TokenUsage } from '../core/events.ts'
import { planToolName } from '../core/plan.ts'
import type { AgentBudget } from '../core/grant.ts'
import type { ConversationMessage, RunCaps } from '../core/request.ts'
import type { Model, ModelRequest, ToolRequest } from '../models/model.ts'
import { addUsage } from './add-usage.ts'
import { affordable } from './affordable.ts'
import type { CallReport } from './call-report.ts'
import type { CallContext, OnRead } from './calls.ts'
import { runCalls } from './calls.ts'
import { tokensOf } from './compaction.ts'
import { DataRead } from './data-remark.ts'
import { mayBeTold, type HeldWords } from './held-words.ts'
import { planTool, RunPlan } from './plan.ts'
import { systemPrompt, type PromptFacts } from './prompt.ts'
import { takeTurn, type Turn } from './step.ts'
import * as stop from './stop.ts'
import { createTranscript, type Transcript } from './transcript.ts'

export interface AgentSettings extends PromptFacts, HeldWords {
  readonly model: Model
  readonly budget: AgentBudget
  /** What the model costs; null where nobody said. Then nothing can keep to a limit of cost, and what has one fails. */
  readonly price?: ModelPrice | null
  readonly caps?: RunCaps
  /** Ends with the question. */
  readonly conversation: readonly ConversationMessage[]
  readonly maximumOutputTokens: number
  /** The most characters of one tool result that go to the model. */
  readonly maximumResultCharacters: number
  /** Told of the fault behind `failed`, whose event holds only what may be shown. */
  readonly onFault?: (fault: ServiceError) => void
  /** Told of what the run has used so far, after each turn; of a turn that was broken off from this side, an estimate. */
  readonly onUsage?: (usage: TokenUsage) => void
  /** What models have used for the run beside its turns since this was last asked. */
  readonly takeUsedAside?: () => TokenUsage
  /** Told of what goes back to the model for each call. */
  readonly onRead?: OnRead
  /** Milliseconds since any fixed point. */
  readonly now?: () => number
}

interface Run {
  readonly settings: AgentSettings
  readonly transcript: Transcript
  readonly context: CallContext
  readonly signal: AbortSignal
  steps: number
  corrections: number
  emptyTurns: number
  /** Calls of tools that were run. */
  calls: number
  usage: TokenUsage
  /** Of the turns so far, in millionths of the currency of the price. */
  cost: number
  /** How many tokens the provider counts for one that is estimated, by its last count. */
  countedPerEstimated: number
  readonly read: DataRead
  /** What was asked in the turn that is under way, and the characters that were said; null between turns. */
  turn: { readonly asked: ModelRequest; said: number } | null
}

/** The next request may hold text that a tokenizer takes apart further than the last. */
const spare = 1.05
const mostPerEstimated = 4

const lastRoundNote = 'Note: no more tool calls are possible. Answer now with what you have, and say what is missing.'
const ignoredCall = 'Not run: no more tool calls are allowed.'
const writeAgain =
  'Nobody has seen your answer yet: the results of this run do not bear all of it out. Write it once more, whole, with figures that the results hold, or call a tool for what is missing. Leave out what you cannot find.'
const emptyTurnNudge = 'Your last turn was empty. Call a tool or write the answer.'

/**
 * Runs the loop: model turn, tool calls, results back, until there is an answer or something ends it. Never throws:
 * the last event is always `end`, with a sentence unless it is an answer. Leaving the iteration early, or aborting
 * `signal`, cancels the turn and the code that is running.
 */
export async function* runAgent(settings: AgentSettings, signal: AbortSignal): AsyncGenerator<AgentEvent, void> {
  const now = settings.now ?? (() => performance.now())
  const started = now()
  const left = new AbortController()
  using limit = timeLimit(Math.min(settings.budget.wallMilliseconds, longestTimer))
  const wall = limit.signal
  let calls = 0
  const run: Run = {
    settings,
    transcript: createTranscript({
      system: systemPrompt(settings),
      conversation: settings.conversation,
      fence: settings.fence,
    }),
    context: {
      tools: settings.tools,
      plan: settings.tools.length === 0 || settings.caps?.toolCalls === 0 ? null : new RunPlan(),
      fence: settings.fence,
      maximumResultCharacters: settings.maximumResultCharacters,
      onRead: settings.onRead,
      nextNumber: () => (calls += 1),
      now,
    },
    signal: AbortSignal.any([signal, wall, left.signal]),
    steps: 0,
    corrections: 0,
    emptyTurns: 0,
    calls: 0,
    usage: { inputTokens: 0, outputTokens: 0 },
    cost: 0,
    countedPerEstimated: 1,
    read: new DataRead(),
    turn: null,
  }
  let ending: stop.Stop | null = null
  try {
    ending = yield* loop(run)
  } catch (thrown) {
    ending = stop.ofThrown(thrown, { settings, signal, wall })
  } finally {
    left.abort()
    const aside = settings.takeUsedAside?.()
    if (aside !== undefined) count(run, aside)
    // A fault of the endpoint's is not charged; who leaves has been answered as far as they read.
    if (ending?.ending !== 'failed') settings.onUsage?.(addUsage(run.usage, estimateOf(run.turn)))
  }
  yield { type: 'end', ...ending, usage: run.usage, steps: run.steps, milliseconds: now() - started }
}

async function* loop(run: Run): AsyncGenerator<AgentEvent, stop.Stop> {
  for (;;) {
    run.signal.throwIfAborted()
    const exhausted = stop.exhausted(run, run.settings.budget) ?? stop.capped(run, run.settings.caps)
    if (exhausted !== null) return exhausted
    const asked = request(run)
    if ('ending' in asked) return asked
    run.steps += 1
    yield { type: 'step-start', step: run.steps }
    const turn = yield* countedTurn(run, asked)
    const ending = endOf(run, turn)
    if (ending?.ending === 'answer' && (await isAskedAgain(run, turn))) continue
    if (run.settings.review !== undefined && turn.text !== '' && (await mayBeTold(turn, ending, run.settings))) {
      yield { type: 'text-delta', step: run.steps, text: turn.text }
    }
    if (ending?.ending === 'answer') yield* remark(run, turn)
    if (ending !== null) return ending
    if (turn.calls.length === 0) {
      run.transcript.addNudge(emptyTurnNudge)
      continue
    }
    const reports = yield* takeCalls(run, turn.calls)
    for (const { read } of reports) if (read !== undefined) run.read.add(read)
    const aside = { used: run.settings.takeUsedAside?.() }
    for (const { used } of [...reports, aside]) if (used !== undefined) count(run, used)
    run.corrections += reports.filter((report) => report.correctable).length
    run.transcript.addCalls(turn, reports, noteFor(run, reports))
  }
}

/** Is the model to write its answer once more? Then it has been told why. */
async function isAskedAgain(run: Run, { text }: Turn): Promise<boolean> {
  const { review, budget, caps, fence } = run.settings
  if (review === undefined) return false
  const isLast = (stop.exhausted(run, budget) ?? stop.capped(run, caps)) !== null
  const finding = await review(text, !isLast)
  if (finding === null) return false
  run.transcript.addCalls({ text, calls: [] }, [], null)
  run.transcript.addNudge(`${writeAgain}\n${fence.wrap('findings', finding)}`)
  return true
}

/** An answer names the state of its data, whether its model does or not. */
function* remark(run: Run, { text: words }: Turn): Generator<AgentEvent> {
  const text = run.read.behind(words)
  if (text !== null) yield { type: 'text-delta', step: run.steps, text, isRemark: true }
}

/** Runs as many of the calls as are left to the run; the model is told of the others that nothing came of them. */
async function* takeCalls(run: Run, calls: Turn['calls']): AsyncGenerator<AgentEvent, readonly CallReport[]> {
  const left = (run.settings.caps?.toolCalls ?? Number.POSITIVE_INFINITY) - run.calls
  const counted = calls.filter((call) => !isPlan(run, call)).slice(0, left)
  const taken = calls.filter((call) => isPlan(run, call) || counted.includes(call))
  run.calls += counted.length
  const reports = yield* runCalls(taken, run.context, run.signal)
  const ignored = calls
    .filter((call) => !taken.includes(call))
    .map(({ callId }) => ({
      callId,
      content: ignoredCall,
      preview: ignoredCall,
      leftOut: ignoredCall,
      line: 'a call that was not run',
      correctable: false,
    }))
  return [...reports, ...ignored]
}

/** Is it a word to the reader, and no call that runs something? */
const isPlan = ({ context }: Run, { name }: ToolRequest): boolean => context.plan !== null && name === planToolName

/** Begins what a call of this tool needs; one that may not be run any more needs nothing. */
function begin({ settings: { budget, caps, tools }, steps, calls, signal }: Run, name: string): void {
  if (steps >= budget.maximumSteps || calls >= (caps?.toolCalls ?? Number.POSITIVE_INFINITY)) return
  tools.find((tool) => tool.name === name)?.ahead?.(signal)
}

/** One turn of the model, which counts as soon as it begins. */
async function* countedTurn(run: Run, asked: ModelRequest): AsyncGenerator<AgentEvent, Turn> {
  const under = { asked, said: 0 }
  run.turn = under
  const onText = (characters: number): void => void (under.said += characters)
  const onCall = (name: string): void => begin(run, name)
  const isHeld = run.settings.review !== undefined
  const turn = yield* takeTurn(run.settings.model, asked, {
    step: run.steps,
    signal: run.signal,
    onText,
    onCall,
    isHeld,
  })
  if (!turn.usage.estimated) {
    const estimated = tokensOf(asked.messages, asked.tools)
    run.countedPerEstimated = Math.min(mostPerEstimated, Math.max(1, (turn.usage.inputTokens / estimated) * spare))
  }
  run.turn = null
  count(run, turn.usage)
  return turn
}

/** What a model has used for the run, by a turn of its own or for a tool. */
function count(run: Run, used: TokenUsage): void {
  run.usage = addUsage(run.usage, used)
  if (run.settings.price) run.cost += costOf(used, run.settings.price)
  run.settings.onUsage?.(run.usage)
}

function estimateOf(turn: Run['turn']): TokenUsage {
  if (turn === null) return { inputTokens: 0, outputTokens: 0 }
  const asked = JSON.stringify([turn.asked.messages, turn.asked.tools]).length
  return { inputTokens: Math.ceil(asked / charactersPerToken), outputTokens: Math.ceil(turn.said / charactersPerToken) }
}

/** What the model is asked next, or how the run ends before it is. */
function request(run: Run): ModelRequest | stop.Stop {
  const { model, budget, caps, maximumOutputTokens } = run.settings
  const offered = caps?.toolCalls === 0 ? [] : run.settings.tools
  const tools = [
    ...offered.map(({ name, description, parameters }) => ({ name, description, parameters })),
    ...(run.context.plan === null ? [] : [planTool]),
  ]
  const { contextTokens } = model
  const answer = Math.min(maximumOutputTokens, Math.floor((contextTokens ?? Number.POSITIVE_INFINITY) / 2))
  const room =
    contextTokens === undefined
      ? null
      : Math.floor((contextTokens - answer) / run.countedPerEstimated) - tokensOf([], tools)
  const messages = run.transcript.messages(room)
  if (messages === null) throw stop.tooLong(contextTokens ?? 0)
  const allowed = stop.outputAllowance(run, budget, Math.min(answer, stop.outputLeft(run, caps)))
  const left = { price: run.settings.price, budget, spent: run.cost, countedPerEstimated: run.countedPerEstimated }
  const affordableTokens = affordable({ messages, tools, maximumOutputTokens: allowed }, left)
  if (affordableTokens === null) return stop.costLimit(budget.maximumCost ?? 0, run.cost)
  return { messages, tools, maximumOutputTokens: affordableTokens }
}

/** How this turn ends the run; null where the run goes on. */
function endOf(run: Run, turn: Turn): stop.Stop | null {
  if (turn.reason === 'length') return stop.capped(run, run.settings.caps) ?? stop.cutAtLength
  if (turn.reason === 'content-filter') return stop.filteredByProvider
  if (turn.calls.length > 0) {
    run.emptyTurns = 0
    const { toolCalls } = run.settings.caps ?? {}
    // It was told that there are none left.
    const asksMore = turn.calls.some((call) => !isPlan(run, call))
    if (asksMore && toolCalls !== undefined && run.calls >= toolCalls) return stop.toolCallLimit(toolCalls)
    // Results of the last permitted turn would never be read.
    return run.steps >= run.settings.budget.maximumSteps ? stop.stepLimit(run.settings.budget) : null
  }
  if (turn.text.trim() !== '') return stop.answered
  run.emptyTurns += 1
  return run.emptyTurns >= 2 ? stop.emptyTurns : null
}

function noteFor(run: Run, reports: readonly CallReport[]): string | null {
  const { maximumSteps, maximumCorrections } = run.settings.budget
  if (run.steps === maximumSteps - 1 || run.calls >= (run.settings.caps?.toolCalls ?? Number.POSITIVE_INFINITY)) {
    return lastRoundNote
  }
  if (!reports.some((report) => report.correctable)) return null
  // The refusal just counted may be corrected too, while the count is not above the limit.
  const left = maximumCorrections - run.corrections + 1
  return left > 0 ? `Note: ${left} ${left === 1 ? 'correction is' : 'corrections are'} left.` : null
}
