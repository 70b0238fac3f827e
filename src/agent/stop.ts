import type { ErrorCode } from '../core/error-table.ts'
import { errorTable } from '../core/error-table.ts'
import { type AwaitedApproval, ServiceError, toServiceError } from '../core/errors.ts'
import type { AgentEnding, TokenUsage } from '../core/events.ts'
import type { AgentBudget } from '../core/grant.ts'
import type { RunCaps } from '../core/request.ts'

/** How a run ends and, unless it is an answer, the sentence that says so. */
export interface Stop {
  readonly ending: AgentEnding
  readonly message: string | null
  readonly code?: ErrorCode
  readonly retryAfterSeconds?: number
  readonly approval?: AwaitedApproval
}

/** What a run has used so far. */
export interface Spent {
  readonly steps: number
  readonly usage: TokenUsage
  readonly corrections: number
}

export const answered: Stop = { ending: 'answer', message: null }
export const cancelled: Stop = { ending: 'cancelled', message: 'Cancelled before there was an answer.' }
export const emptyTurns: Stop = {
  ending: 'empty-turns',
  message: 'The model answered with nothing twice in a row. Ask again, or use another model.',
}
export const cutAtLength: Stop = {
  ending: 'model-length',
  message:
    'The model reached its output limit, so the answer is incomplete. Ask for less, or raise model.max_output_tokens.',
}
export const filteredByProvider: Stop = {
  ending: 'model-filtered',
  message: "The model provider's own content filter stopped the answer.",
}

export function timeLimit(budget: AgentBudget): Stop {
  const seconds = budget.wallMilliseconds / 1000
  return { ending: 'time-limit', message: `The time limit of ${seconds} s was reached before there was an answer.` }
}

export function stepLimit(budget: AgentBudget): Stop {
  const turns = budget.maximumSteps === 1 ? '1 model turn' : `${budget.maximumSteps} model turns`
  return { ending: 'step-limit', message: `There was no answer after ${turns}, the limit. Ask something smaller.` }
}

/** A limit and what was spent are in millionths of a currency. */
export function costLimit(maximumCost: number, spent: number): Stop {
  const amount = (millionths: number): string => String(millionths / 1_000_000)
  const message = `The next step could cost more than is left of the limit of ${amount(maximumCost)}, of which ${amount(spent)} was spent. Ask something smaller, or raise the limit.`
  return { ending: 'cost-limit', message }
}

/** The first budget that is used up before another model turn, or null. */
export function exhausted(spent: Spent, budget: AgentBudget): Stop | null {
  if (spent.corrections > budget.maximumCorrections) {
    return {
      ending: 'correction-limit',
      message: `What the model wrote was refused ${spent.corrections} times, and ${budget.maximumCorrections} corrections are allowed.`,
    }
  }
  const reached = limitsOf(spent.usage, budget).find(({ used, most }) => used >= most)
  if (reached !== undefined) {
    const message = `The limit of ${reached.most} ${reached.what} was reached before there was an answer (${reached.used} used).`
    return { ending: 'token-limit', message }
  }
  return spent.steps >= budget.maximumSteps ? stepLimit(budget) : null
}

/** Output tokens that its caller leaves to the rest of a run. */
export function outputLeft({ usage }: Pick<Spent, 'usage'>, caps: RunCaps | undefined): number {
  return (caps?.outputTokens ?? Number.POSITIVE_INFINITY) - usage.outputTokens
}

/** The end of a run that has said as much as its caller wanted, or null. */
export function capped(spent: Pick<Spent, 'usage'>, caps: RunCaps | undefined): Stop | null {
  if (outputLeft(spent, caps) > 0) return null
  const message = `The answer is incomplete: it reached the ${caps?.outputTokens} output tokens that were asked for at most.`
  return { ending: 'model-length', message }
}

export function toolCallLimit(most: number): Stop {
  const calls = most === 1 ? '1 tool call' : `${most} tool calls`
  return { ending: 'step-limit', message: `There was no answer after ${calls}, as many as were asked for at most.` }
}

/** Output tokens the next turn may have. */
export function outputAllowance(spent: Spent, budget: AgentBudget, perTurn: number): number {
  const left = limitsOf(spent.usage, budget).flatMap(({ what, used, most }) =>
    what === 'input tokens' ? [] : [most - used],
  )
  return Math.max(1, Math.min(perTurn, ...left))
}

interface TokenLimit {
  readonly what: 'tokens' | 'input tokens' | 'output tokens'
  readonly used: number
  readonly most: number
}

/** What a run may use of each direction and of both, and has used. */
export function limitsOf(usage: TokenUsage, budget: AgentBudget): readonly TokenLimit[] {
  const { maximumTokens, maximumInputTokens: input, maximumOutputTokens: output } = budget
  return [
    { what: 'tokens', used: tokens(usage), most: maximumTokens },
    { what: 'input tokens', used: usage.inputTokens, most: input ?? Number.POSITIVE_INFINITY },
    { what: 'output tokens', used: usage.outputTokens, most: output ?? Number.POSITIVE_INFINITY },
  ]
}

interface BrokenRun {
  readonly settings: { readonly budget: AgentBudget; readonly onFault?: (fault: ServiceError) => void }
  /** Aborted where its caller has left. */
  readonly signal: AbortSignal
  /** Aborted where its time is over. */
  readonly wall: AbortSignal
}

/** The end of a run that threw. */
export function ofThrown(thrown: unknown, { settings, signal, wall }: BrokenRun): Stop {
  if (signal.aborted) return cancelled
  if (wall.aborted) return timeLimit(settings.budget)
  const fault = toServiceError(thrown)
  settings.onFault?.(fault)
  return failed(fault)
}

/**
 * The end of a run that a fault ended, in the words of an operator: what only the log may have is replaced by the table's
 * title. An interface whose reader is a caller makes its own sentence of `code`.
 */
export function failed(error: ServiceError): Stop {
  const facts = errorTable[error.code]
  const isLogOnly = facts.audience === 'log'
  const message = isLogOnly ? facts.title : error.message
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`
  return {
    ending: 'failed',
    message: `${sentence} ${isLogOnly ? facts.advice : error.advice}`,
    code: error.code,
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
    ...(error.approval === undefined ? {} : { approval: error.approval }),
  }
}

function tokens(usage: TokenUsage): number {
  return usage.inputTokens + usage.outputTokens
}

/** Not even the shortest form of what has to be said fits. */
export function tooLong(contextTokens: number): ServiceError {
  return new ServiceError(
    'payload-too-large',
    `The question, the instructions and the last results do not fit in the ${contextTokens} tokens that the model takes.`,
    { advice: 'Ask for less at once, or set model.context_tokens if the model takes more.' },
  )
}
