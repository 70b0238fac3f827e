import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import type { Served } from '../cli/sallyport-process.ts'
import type { WrittenName } from './events.ts'

/** An answer as the helpers of the official clients put it together: its words, and why it ended. */
export interface PutTogether {
  readonly words: number
  readonly reason: string | null | undefined
}

const wordsIn = (text: string | null | undefined): number =>
  (text ?? '').split(' ').filter((word) => word !== '').length
const messages = [{ role: 'user' as const, content: 'Say twelve words.' }]

type Server = Pick<Served, 'url' | 'key'>

const helpers: Readonly<Record<WrittenName, (model: string, server: Server) => Promise<PutTogether>>> = {
  async chat(model, { url, key }) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
    const { choices } = await client.chat.completions.stream({ model, messages }).finalChatCompletion()
    return { words: wordsIn(choices[0]?.message.content), reason: choices[0]?.finish_reason }
  },
  async responses(model, { url, key }) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
    const { output_text: text, status } = await client.responses.stream({ model, input: messages }).finalResponse()
    return { words: wordsIn(text), reason: status }
  },
  async messages(model, { url, key }) {
    const client = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 })
    const { content, stop_reason: reason } = await client.messages
      .stream({ model, messages, max_tokens: 100 })
      .finalMessage()
    return { words: wordsIn(content.map((block) => (block.type === 'text' ? block.text : '')).join('')), reason }
  },
}

/** Asks by the helper of a client that promises a whole answer; null where it throws. */
export async function askHelper(api: WrittenName, model: string, server: Server): Promise<PutTogether | null> {
  try {
    return await helpers[api](model, server)
  } catch {
    return null
  }
}

/** Why a whole answer ended, and one that a filter ended. */
export const reasons: Readonly<Record<WrittenName, { readonly whole: string; readonly refusal: string }>> = {
  chat: { whole: 'stop', refusal: 'content_filter' },
  responses: { whole: 'completed', refusal: 'incomplete' },
  messages: { whole: 'end_turn', refusal: 'refusal' },
}
