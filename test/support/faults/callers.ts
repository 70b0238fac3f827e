import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import type { WrittenName } from './events.ts'

/** What a caller has at the end, by the official client of the API. */
export interface CallerView {
  text: string
  /** What the client threw, or the answer said; null for an answer that ended. */
  failure: string | null
  /** Did it say why it ended? */
  hasReason: boolean
  isRefusal: boolean
}

export interface Asked {
  readonly url: string
  readonly key: string
  readonly model: string
  readonly plain: boolean
  readonly tool: boolean
  readonly signal: AbortSignal
}

const question = [{ role: 'user' as const, content: 'Say twelve words.' }]

async function chat({ url, key, model, plain, tool, signal }: Asked, view: CallerView): Promise<void> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
  const body = { model, messages: question, ...(tool && { web_search_options: {} }) }
  const choiceSeen = (reason: string | null | undefined): void => {
    view.hasReason ||= typeof reason === 'string'
    view.isRefusal ||= reason === 'content_filter'
  }
  if (plain) {
    const [choice] = (await client.chat.completions.create(body, { signal })).choices
    view.text = choice?.message.content ?? ''
    return choiceSeen(choice?.finish_reason)
  }
  const stream = { stream: true, stream_options: { include_usage: true } } as const
  for await (const chunk of await client.chat.completions.create({ ...body, ...stream }, { signal })) {
    const [choice] = chunk.choices
    view.text += choice?.delta.content ?? ''
    choiceSeen(choice?.finish_reason)
  }
}

async function responses({ url, key, model, plain, tool, signal }: Asked, view: CallerView): Promise<void> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
  const body = { model, input: question, ...(tool && { tools: [{ type: 'web_search' as const }] }) }
  if (plain) {
    const answer = await client.responses.create(body, { signal })
    view.text = answer.output_text
    view.hasReason = answer.status === 'completed'
    return
  }
  for await (const event of await client.responses.create({ ...body, stream: true }, { signal })) {
    if (event.type === 'response.output_text.delta') view.text += event.delta
    if (event.type === 'response.failed' || event.type === 'error') view.failure = event.type
    view.hasReason ||= event.type === 'response.completed' || event.type === 'response.incomplete'
    view.isRefusal ||= event.type === 'response.incomplete'
  }
}

async function messages({ url, key, model, plain, tool, signal }: Asked, view: CallerView): Promise<void> {
  const client = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 })
  const tools = [{ type: 'web_search_20250305' as const, name: 'web_search' as const }]
  const body = { model, messages: question, max_tokens: 100, ...(tool && { tools }) }
  if (plain) {
    const answer = await client.messages.create(body, { signal })
    view.text = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    view.hasReason = answer.stop_reason !== null
    return
  }
  for await (const event of await client.messages.create({ ...body, stream: true }, { signal })) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') view.text += event.delta.text
    if (event.type === 'message_delta') view.isRefusal = event.delta.stop_reason === 'refusal'
    view.hasReason ||= event.type === 'message_stop'
  }
}

const callers = { chat, responses, messages } as const

/** Asks once, as an application would, and tells what it has in the end. */
export async function ask(api: WrittenName, asked: Asked): Promise<CallerView> {
  const view: CallerView = { text: '', failure: null, hasReason: false, isRefusal: false }
  try {
    await callers[api](asked, view)
  } catch (thrown) {
    view.failure = String(thrown)
  }
  return view
}
