import type { ConversationMessage } from '../core/request.ts'
import { estimatedTokens } from '../core/tokens.ts'
import type { ModelMessage, ToolSpecification } from '../models/model.ts'
import type { Fence } from '../text/untrusted.ts'
import { wholeLines } from '../text/whole-lines.ts'
import type { CallReport } from './call-report.ts'
import type { Turn } from './step.ts'

/** A turn of the model with what came of its calls, or a word of the program's own between two of them. */
export type Round =
  | {
      readonly kind: 'calls'
      readonly turn: Pick<Turn, 'text' | 'calls'>
      readonly reports: readonly CallReport[]
      /** The program's own word; stands after the last report, outside of any fence. */
      readonly note: string | null
    }
  | { readonly kind: 'nudge'; readonly text: string }

export interface LongConversation {
  readonly system: string
  /** Ends with the question. */
  readonly said: readonly ConversationMessage[]
  readonly rounds: readonly Round[]
}

/** A stretch that is shortened as one, so that no call parts from its result. */
interface Part {
  /** The whole of it first, then always shorter; the last may be nothing. */
  readonly versions: readonly (readonly ModelMessage[])[]
  /** Said of it in the place of its messages where these are left out. */
  readonly lines: readonly string[]
}

const shownOfMessage = 400
/** Tokens of the frame of a message, and of a call, across providers. */
const tokensOfFrame = 6
const intro = '[The conversation is longer than the model takes, so parts of it are left out or shortened.]'
const leftOutMessages = 'Earlier messages of the conversation were left out.'
const leftOutSteps = 'Earlier steps of this answer were left out.'
const introOfSteps = 'Earlier steps of this answer in short; call a tool again for what is needed of them:'

/**
 * The conversation in at most so many tokens, as they are estimated; null where it cannot be made so short. Nothing is asked of
 * a model: the same conversation is shortened alike, the oldest first, as far as needed. Results of steps but the last become
 * their previews; then earlier messages their beginnings; then these are left out; then steps become lines of what they did;
 * then results of the last step become previews, and notes that they were left out. Instructions, the question and what
 * the model said in the last step stay as they are.
 */
export function compact(
  conversation: LongConversation,
  { tokens, fence }: { readonly tokens: number; readonly fence: Fence },
): readonly ModelMessage[] | null {
  const { said, rounds } = conversation
  const question = Math.max(
    0,
    said.findLastIndex(({ role }) => role === 'user'),
  )
  const history = exchangesOf(said.slice(0, question)).map(historyPart)
  const asked: Part = { versions: [said.slice(question).map(toMessage)], lines: [] }
  const lastCalls = rounds.findLastIndex(({ kind }) => kind === 'calls')
  const steps = rounds.map((round, place) => roundPart(round, place >= lastCalls))
  const parts = [...history, asked, ...steps]
  const stepPlaces = steps.map((_step, place) => history.length + 1 + place)
  const old = stepPlaces.filter((_place, step) => step < lastCalls)
  const last = stepPlaces.filter((_place, step) => step >= lastCalls)
  const historyPlaces = history.map((_part, place) => place)
  const moves = [
    ...old.map((place) => ({ place, to: 1 })),
    ...historyPlaces.map((place) => ({ place, to: 1 })),
    ...historyPlaces.map((place) => ({ place, to: 2 })),
    ...old.map((place) => ({ place, to: 2 })),
    ...last.map((place) => ({ place, to: 1 })),
    ...last.map((place) => ({ place, to: 2 })),
  ]
  const sizes = parts.map(({ versions }) => versions.map((version) => tokensOf(version)))
  const at = parts.map(() => 0)
  const sizeOf = (place: number): number => sizes[place]?.[at[place] ?? 0] ?? 0
  let sum = tokensOf([{ role: 'system', content: conversation.system }])
  for (const place of parts.keys()) sum += sizeOf(place)
  const shown = (withLines: boolean): ModelMessage[] => {
    const messages = parts.flatMap(({ versions }, place) => versions[at[place] ?? 0] ?? [])
    const isWhole = at.every((version) => version === 0)
    const gone = {
      messages: historyPlaces.some((place) => at[place] === 2),
      lines: old.flatMap((place) => (at[place] === 2 ? (parts[place]?.lines ?? []) : [])),
    }
    const content = isWhole
      ? conversation.system
      : [conversation.system, '', ...remarks(gone, { withLines, fence })].join('\n')
    return [{ role: 'system', content }, ...messages]
  }
  const fitting = (withLines: boolean): ModelMessage[] | null => {
    const messages = sum <= tokens ? shown(withLines) : []
    return messages.length > 0 && tokensOf(messages) <= tokens ? messages : null
  }
  for (const { place, to } of moves) {
    const messages = fitting(true)
    if (messages !== null) return messages
    const before = sizeOf(place)
    at[place] = Math.min(to, (parts[place]?.versions.length ?? 1) - 1)
    sum += sizeOf(place) - before
  }
  return fitting(true) ?? fitting(false)
}

/** About how many tokens messages and tools are to a model. */
export function tokensOf(messages: readonly ModelMessage[], tools: readonly ToolSpecification[] = []): number {
  let sum = tools.length === 0 ? 0 : estimatedTokens(JSON.stringify(tools))
  for (const message of messages) {
    sum += tokensOfFrame + estimatedTokens(message.content)
    for (const call of message.role === 'assistant' ? message.toolCalls : []) {
      sum += tokensOfFrame + estimatedTokens(call.name) + estimatedTokens(call.argumentsText)
    }
  }
  return sum
}

function toMessage({ role, content }: ConversationMessage): ModelMessage {
  return role === 'assistant' ? { role, content, toolCalls: [] } : { role, content }
}

/** Each question with what was answered; messages of the system stand by themselves, and stay. */
function exchangesOf(messages: readonly ConversationMessage[]): readonly (readonly ConversationMessage[])[] {
  const exchanges: ConversationMessage[][] = []
  for (const message of messages) {
    const [first] = exchanges.at(-1) ?? []
    const begins = message.role !== 'assistant' || first === undefined || first.role === 'system'
    if (begins) exchanges.push([message])
    else exchanges.at(-1)?.push(message)
  }
  return exchanges
}

function historyPart(exchange: readonly ConversationMessage[]): Part {
  const whole = exchange.map(toMessage)
  if (exchange[0]?.role === 'system') return { versions: [whole], lines: [] }
  return { versions: [whole, exchange.map(shortened).map(toMessage), []], lines: [] }
}

function shortened(message: ConversationMessage): ConversationMessage {
  const { role, content } = message
  const beginning = wholeLines(content, shownOfMessage)
  const text = `${beginning}\n[The beginning of ${content.length} characters.]`.trimStart()
  return text.length < content.length ? { role, content: text } : message
}

function roundPart(round: Round, isLast: boolean): Part {
  if (round.kind === 'nudge') return { versions: [[{ role: 'user', content: round.text }]], lines: [] }
  const { turn, reports, note } = round
  const asked: ModelMessage = { role: 'assistant', content: turn.text, toolCalls: turn.calls }
  const told = (content: (report: CallReport) => string): readonly ModelMessage[] => [
    asked,
    ...reports.map((report, place): ModelMessage => {
      const text = shorter(content(report), report.content)
      const isNoted = note !== null && place === reports.length - 1
      return { role: 'tool', callId: report.callId, content: isNoted ? `${text}\n${note}` : text }
    }),
  ]
  const least = isLast ? told(({ preview, leftOut }) => shorter(leftOut, preview)) : []
  return {
    versions: [told(({ content }) => content), told(({ preview }) => preview), least],
    lines: reports.map(({ line }) => line),
  }
}

function shorter(left: string, right: string): string {
  return left.length < right.length ? left : right
}

function remarks(
  gone: { readonly messages: boolean; readonly lines: readonly string[] },
  { withLines, fence }: { readonly withLines: boolean; readonly fence: Fence },
): readonly string[] {
  const steps = withLines ? [introOfSteps, fence.wrap('steps', gone.lines.join('\n'))] : [leftOutSteps]
  return [intro, ...(gone.messages ? [leftOutMessages] : []), ...(gone.lines.length === 0 ? [] : steps)]
}
