import { planToolName } from '../../core/plan.ts'
import type { Authorized } from '../../core/request.ts'
import type { Model, ModelEvent, ModelMessage, ToolRequest } from '../../models/model.ts'
import { createDetect } from './detect/detect.ts'
import type { DetectorsFor } from './detect/detectors.ts'
import { maskBody, type Detect, type DetectedValue } from './mask/mask-body.ts'
import type { PrivacyOptions } from './profiles/options.ts'
import { createProfileFor } from './profiles/profile-for.ts'
import { positionsOf } from './positions/api-positions.ts'
import { restoreLetters, restoreText, TextRestorer } from './restore/text-restorer.ts'
import { surrogateFormsOf } from './surrogates/asked-forms.ts'
import type { TokenKeys } from './keys/token-keys.ts'
import { labelsOf } from './profiles/labels-of.ts'
import { levelFor } from './profiles/level-for.ts'
import { Spellings } from './tokens/spellings.ts'
import { TokenBook } from './tokens/token-book.ts'

export interface PrivateModelOptions {
  readonly options: PrivacyOptions
  readonly detectorsFor: DetectorsFor
  readonly tokenKeys: () => Promise<TokenKeys>
}

/** What has to be known of a request for a model to be hidden things from. */
export type ModelCaller = Pick<Authorized, 'principal' | 'grant'>

/** Name of the service's own model among the upstreams of a privacy profile. */
const ownModel = 'analyst'

/**
 * The service's own model as one caller's profile wants it: it sees tokens in the place of values, in the question, in rows
 * of databases and in files, and never the values. Its words and what it calls the service's tools with have them again:
 * statements and programs run behind the gate and in the sandbox.
 */
export function createPrivateModelFor({ options, detectorsFor, tokenKeys }: PrivateModelOptions) {
  const labels = labelsOf(options)
  const spellings = new Spellings(labels.all)
  const profileFor = createProfileFor(options)
  return (model: Model, { principal, grant }: ModelCaller): Model => {
    if (grant.privacyProfile === null) return model
    const profile = profileFor(grant.privacyProfile, principal.group)
    const level = levelFor(profile, [{ upstream: ownModel, region: null }])
    if (level === 'none') return model
    const { chain } = detectorsFor(profile)
    const detect = remembering(createDetect({ chain, profile, level, group: principal.group }))
    let opened: Promise<TokenBook> | null = null
    const openBook = async (): Promise<TokenBook> =>
      new TokenBook((await tokenKeys()).of({ principal: principal.id, endUser: null }), labels)
    return {
      id: model.id,
      scripted: model.scripted,
      ...(model.contextTokens === undefined ? {} : { contextTokens: model.contextTokens }),
      async *turn(request, signal) {
        const book = await (opened ??= openBook())
        const positions = positionsOf['chat-completions']
        const surrogates = surrogateFormsOf({}, { positions, choices: profile.surrogates, labels })
        const maskOptions = {
          detect,
          book,
          spellings,
          labels,
          by: 'tokens',
          surrogates,
          unread: 'refuse',
          places: 'refuse',
        } as const
        const body = JSON.stringify({ messages: request.messages.map(toWire) })
        const masked = await maskBody(body, positions, { ...maskOptions, lateFinds: profile.late_finds }, signal)
        const { messages } = JSON.parse(masked.body) as { readonly messages: readonly WireMessage[] }
        yield* restoreTurn(model.turn({ ...request, messages: messages.map(fromWire) }, signal), { book, spellings })
      },
    }
  }
}

/** The same texts come again in every turn: what was found in one is not looked for again. */
function remembering(detect: Detect): Detect {
  const known = new Map<string, DetectedValue[]>()
  return async (parts, signal) => {
    const keys = parts.map(({ text, label }) => `${label ?? ''}\0${text}`)
    const unknown = parts.flatMap((part, index) => (known.has(keys[index] ?? '') ? [] : [{ part, index }]))
    const found = await detect(
      unknown.map(({ part }) => part),
      signal,
    )
    for (const { index } of unknown) known.set(keys[index] ?? '', [])
    for (const value of found) known.get(keys[unknown[value.part]?.index ?? -1] ?? '')?.push(value)
    return keys.flatMap((key, part) =>
      Array.from(known.get(key) ?? [], ({ start, end, category, action }) => ({ part, start, end, category, action })),
    )
  }
}

interface WireMessage {
  readonly role: ModelMessage['role']
  readonly content: string
  readonly tool_call_id?: string
  readonly tool_calls?: readonly { readonly id: string; readonly function: { name: string; arguments: string } }[]
}

/** In the form for which there is a table of positions. */
function toWire(message: ModelMessage): WireMessage {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.content }
  if (message.role !== 'assistant') return message
  const calls = message.toolCalls.map(({ callId, name, argumentsText }) => ({
    id: callId,
    function: { name, arguments: argumentsText },
  }))
  return { role: 'assistant', content: message.content, tool_calls: calls }
}

function fromWire({ role, content, tool_call_id: callId = '', tool_calls: calls = [] }: WireMessage): ModelMessage {
  if (role === 'tool') return { role, callId, content }
  if (role !== 'assistant') return { role, content }
  const toolCalls = calls.map(({ id, function: { name, arguments: argumentsText } }) => ({
    callId: id,
    name,
    argumentsText,
  }))
  return { role, content, toolCalls }
}

interface Restoring {
  readonly book: TokenBook
  readonly spellings: Spellings
}

/** Words come back but for those in addresses, as in any answer, and so does a plan; what a tool is called with comes back to the letter. */
async function* restoreTurn(events: AsyncIterable<ModelEvent>, restoring: Restoring): AsyncGenerator<ModelEvent> {
  const restorer = new TextRestorer({ ...restoring, form: 'prose' })
  for await (const event of events) {
    if (event.type === 'text-delta') {
      const text = restorer.push(event.text)
      if (text !== '') yield { type: 'text-delta', text }
      continue
    }
    // Words may go on behind it.
    if (event.type === 'call-begin') {
      yield event
      continue
    }
    const rest = restorer.end()
    if (rest !== '') yield { type: 'text-delta', text: rest }
    yield event.type === 'tool-call' ? { type: 'tool-call', call: restoredCall(event.call, restoring) } : event
  }
}

function restoredCall(call: ToolRequest, { book, spellings }: Restoring): ToolRequest {
  if (call.name === planToolName)
    return { ...call, argumentsText: restoredPlan(call.argumentsText, { book, spellings }) }
  return { ...call, argumentsText: restoreLetters(call.argumentsText, { book, spellings, form: 'json' }) }
}

/** A plan is read by people and runs nothing: each of its texts has its values as words have. What is not JSON has none. */
function restoredPlan(text: string, restoring: Restoring): string {
  try {
    return JSON.stringify(JSON.parse(text), (_name, value: unknown) =>
      typeof value === 'string' ? restoreText(value, { ...restoring, form: 'prose' }) : value,
    )
  } catch {
    return text
  }
}
