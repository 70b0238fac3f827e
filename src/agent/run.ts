import { timeLimit } from '../concurrency/time-limit.ts'
import { ServiceError, toServiceError } from '../core/errors.ts'
import { longestTimer } from '../core/longest-timer.ts'
import { costOf, mostCost, type ModelPrice } from '../core/price.ts'
import { charactersPerToken } from '../core/tokens.ts'
import type { AgentEvent, TokenUsage } from '../core/events.ts'
import { planToolName } from '../core/plan.ts'
import type { AgentBudget } from '../core/grant.ts'
import type { ConversationMessage, RunCaps } from '../core/request.ts'
import type { Model, ModelRequest, ToolRequest } from '../models/model.ts'
import { addUsage } from './add-usage.ts'
import type { CallReport } from './call-report.ts'
import type { CallContext, OnRead } from './calls.ts'
import { runCalls } from './calls.ts'
import { tokensOf } from './compaction.ts'
import { DataRead } from './data-remark.ts'
import { planTool, RunPlan } from './plan.ts'
import { systemPrompt, type PromptFacts } from './prompt.ts'
import { takeTurn, type Turn } from './step.ts'
import * as stop from './stop.ts'
import { createTranscript, type Transcript } from './transcript.ts'

export interface AgentSettings extends PromptFacts {
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
  /** What was asked and said in the turn that is under way, characters; null between turns. */
  turn: { readonly asked: number; said: number } | null
}

/** The next request may hold text that a tokenizer takes apart further than the last. */
const spare = 1.05
const mostPerEstimated = 4
/** Before a provider has counted, an estimate of the input may be so much too low without a limit of cost being passed. */
const spareOfCost = 1.3
/** With fewer a model neither answers nor calls a tool. */
const fewestOutputTokens = 256

const lastRoundNote = 'Note: no more tool calls are possible. Answer now with what you have, and say what is missing.'
const ignoredCall = 'Not run: no more tool calls are allowed.'
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
    ending = stopOf(thrown, { settings, signal, wall })
  } finally {
    left.abort()
    // A fault of the endpoint's is not charged; who leaves has been answered as far as they read.
    if (ending?.ending !== 'failed') settings.onUsage?.(addUsage(run.usage, estimateOf(run.turn)))
  }
  yield { type: 'end', ...ending, usage: run.usage, steps: run.steps, milliseconds: now() - started }
}

function stopOf(
  thrown: unknown,
  at: { readonly settings: AgentSettings; readonly signal: AbortSignal; readonly wall: AbortSignal },
): stop.Stop {
  if (at.signal.aborted) return stop.cancelled
  if (at.wall.aborted) return stop.timeLimit(at.settings.budget)
  const fault = toServiceError(thrown)
  at.settings.onFault?.(fault)
  return stop.failed(fault)
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
    if (ending?.ending === 'answer') yield* remark(run)
    if (ending !== null) return ending
    if (turn.calls.length === 0) {
      run.transcript.addNudge(emptyTurnNudge)
      continue
    }
    const reports = yield* takeCalls(run, turn.calls)
    for (const { read } of reports) if (read !== undefined) run.read.add(read)
    for (const { used } of reports) if (used !== undefined) count(run, used)
    run.corrections += reports.filter((report) => report.correctable).length
    run.transcript.addCalls(turn, reports, noteFor(run, reports))
  }
}

/** An answer names the state of its data, whether its model does or not. */
function* remark(run: Run): Generator<AgentEvent> {
  const text = run.read.remark()
  if (text !== null) yield { type: 'text-delta', step: run.steps, text: `\n\n${text}` }
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

/** One turn of the model, which counts as soon as it begins. */
async function* countedTurn(run: Run, asked: ModelRequest): AsyncGenerator<AgentEvent, Turn> {
  const under = { asked: JSON.stringify([asked.messages, asked.tools]).length, said: 0 }
  run.turn = under
  const onText = (characters: number): void => void (under.said += characters)
  const turn = yield* takeTurn(run.settings.model, asked, { step: run.steps, signal: run.signal, onText })
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
  const { asked, said } = turn ?? { asked: 0, said: 0 }
  return { inputTokens: Math.ceil(asked / charactersPerToken), outputTokens: Math.ceil(said / charactersPerToken) }
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
  const affordableTokens = affordable(run, { messages, tools, maximumOutputTokens: allowed })
  if (affordableTokens === null) return stop.costLimit(budget.maximumCost ?? 0, run.cost)
  return { messages, tools, maximumOutputTokens: affordableTokens }
}

/** How many tokens the model may write, of those it is asked for, so that the limit of cost holds; null where these would be too few. */
function affordable(run: Run, { messages, tools, maximumOutputTokens: most }: ModelRequest): number | null {
  const { maximumCost } = run.settings.budget
  if (maximumCost === undefined) return most
  const { price } = run.settings
  if (!price) {
    throw new ServiceError(
      'invalid-request',
      'What the model costs is not known here, so no limit of cost can be kept.',
      {
        advice: 'Leave the limit out, or have an operator set model.price.',
      },
    )
  }
  const inputTokens = Math.ceil(tokensOf(messages, tools) * Math.max(run.countedPerEstimated, spareOfCost))
  const fits = (outputTokens: number): boolean =>
    run.cost + mostCost({ inputTokens, outputTokens }, price) <= maximumCost
  if (fits(most)) return most
  let least = Math.min(most, fewestOutputTokens)
  if (!fits(least)) return null
  for (let above = most; above - least > 1;) {
    const middle = Math.floor((least + above) / 2)
    if (fits(middle)) least = middle
    else above = middle
  }
  return least
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
