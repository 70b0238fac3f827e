import Anthropic from '@anthropic-ai/sdk'
import type { MessageParam } from '@anthropic-ai/sdk/resources/messages'
import {
  abortedAfterFirst,
  collected,
  picture,
  placeSchema,
  question,
  weatherParameters,
  type CallTarget,
  type ModelCalls,
} from './model-call.ts'

const client = ({ origin, apiKey, headers }: CallTarget) =>
  new Anthropic({ baseURL: origin, apiKey, defaultHeaders: headers, maxRetries: 0 })

const user = (content: MessageParam['content']): MessageParam => ({ role: 'user', content })
const plain = { model: 'claude-sonnet-5', max_tokens: 2048, messages: [user(question)] }
const thinking = { type: 'enabled' as const, budget_tokens: 1024 }
const tools = [
  { name: 'weather', description: 'The weather of a city.', input_schema: weatherParameters },
  { name: 'calendar', input_schema: weatherParameters, cache_control: { type: 'ephemeral' as const } },
]

/** Every surface of `@anthropic-ai/sdk` that takes messages. */
export const anthropicCalls: ModelCalls = {
  'messages, plain': (to) =>
    client(to).messages.create({
      ...plain,
      system: [{ type: 'text', text: 'Be brief. “é” 🌤', cache_control: { type: 'ephemeral' } }],
      metadata: { user_id: 'u-1' },
      stop_sequences: ['\n\nHuman:'],
    }),
  'messages, with members that the client does not know': (to) =>
    client(to).messages.create({ ...plain, x_later: { deep: [null, -0, 1e21, '\u2028'] } } as never),
  'messages, streamed': async (to) => collected(await client(to).messages.create({ ...plain, stream: true })),
  'messages, streamed through its helper': (to) => client(to).messages.stream(plain).finalMessage(),
  'messages, thinking': (to) => client(to).messages.create({ ...plain, thinking }),
  'messages, thinking streamed': async (to) =>
    collected(await client(to).messages.create({ ...plain, thinking, stream: true })),
  'messages, tools, with its thoughts given back': async (to) => {
    const first = await client(to).messages.create({ ...plain, thinking, tools })
    const results = first.content.flatMap((block) =>
      block.type === 'tool_use'
        ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: '{"degrees": 21.50}' }]
        : [],
    )
    const messages = [user(question), { role: 'assistant' as const, content: first.content as never }, user(results)]
    return [first, await client(to).messages.create({ ...plain, thinking, tools, messages })]
  },
  'messages, tools streamed': async (to) =>
    collected(await client(to).messages.create({ ...plain, tools, stream: true })),
  'messages, tools streamed through its helper': (to) =>
    client(to)
      .messages.stream({ ...plain, thinking, tools })
      .finalMessage(),
  'messages, structured': (to) =>
    client(to).messages.create({ ...plain, output_config: { format: { type: 'json_schema', schema: placeSchema } } }),
  'messages, picture': (to) =>
    client(to).messages.create({
      ...plain,
      messages: [
        user([
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: picture } },
          { type: 'text', text: question },
        ]),
      ],
    }),
  'messages, of the beta': (to) =>
    client(to).beta.messages.create({ ...plain, betas: ['context-management-2025-06-27'] }),
  'messages, counted': (to) =>
    client(to).messages.countTokens({ model: plain.model, messages: plain.messages, system: 'Be brief.', tools }),
  'messages, abort': async (to) => {
    const controller = new AbortController()
    const slow = { ...plain, messages: [user(`${question} Answer slowly.`)], stream: true as const }
    return abortedAfterFirst(await client(to).messages.create(slow, { signal: controller.signal }), controller)
  },
}
