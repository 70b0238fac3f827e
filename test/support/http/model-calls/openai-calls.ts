import type OpenAI from 'openai'
import type { ClientOptions } from 'openai'
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

type Client = Pick<OpenAI, 'chat' | 'responses' | 'embeddings' | 'models'>

const model = 'gpt-5'
const messages = [
  { role: 'developer' as const, content: 'Answer in one sentence. “é” 🌤' },
  { role: 'user' as const, content: question },
]
const tools = [
  { type: 'function' as const, function: { name: 'weather', strict: true, parameters: weatherParameters } },
  { type: 'function' as const, function: { name: 'calendar', parameters: weatherParameters } },
]
const functions = [{ type: 'function' as const, name: 'weather', strict: true, parameters: weatherParameters }]
const pictureUrl = `data:image/png;base64,${picture}`

/** Every surface of the `openai` package, whichever version it is of. */
export function openAiCalls(Constructor: new (options: ClientOptions) => Client): ModelCalls {
  const client = ({ origin, apiKey, headers }: CallTarget) =>
    new Constructor({ baseURL: `${origin}/v1`, apiKey, defaultHeaders: headers, maxRetries: 0 })
  return { ...chatCalls(client), ...responsesCalls(client), ...keptResponseCalls(client), ...embeddingsCalls(client) }
}

type Open = (target: CallTarget) => Client

function chatCalls(client: Open): ModelCalls {
  return {
    'chat, plain': (to) => client(to).chat.completions.create({ model, messages }),
    'chat, with members of every kind': (to) =>
      client(to).chat.completions.create({
        model,
        messages,
        n: 2,
        seed: 9_007_199_254_740_991,
        metadata: { case: 'é', __proto__: 'x' },
        logit_bias: { '50256': -100 },
        temperature: 1e-7,
        x_later: { deep: [null, -0, 1e21, '\u2028\u0000'] },
      } as never),
    'chat, streamed': async (to) =>
      collected(
        await client(to).chat.completions.create({
          model,
          messages,
          stream: true,
          stream_options: { include_usage: true },
        }),
      ),
    'chat, streamed through its helper': (to) =>
      client(to).chat.completions.stream({ model, messages }).finalChatCompletion(),
    'chat, tools': async (to) => {
      const first = await client(to).chat.completions.create({ model, messages, tools })
      const message = first.choices[0]?.message
      if (message === undefined) throw new Error('no message')
      const results = (message.tool_calls ?? []).map(({ id }) => ({
        role: 'tool' as const,
        tool_call_id: id,
        content: '{"degrees": 21.50}',
      }))
      return [
        first,
        await client(to).chat.completions.create({ model, messages: [...messages, message, ...results], tools }),
      ]
    },
    'chat, tools streamed': async (to) =>
      collected(await client(to).chat.completions.create({ model, messages, tools, stream: true })),
    'chat, tools streamed through its helper': (to) =>
      client(to).chat.completions.stream({ model, messages, tools }).finalChatCompletion(),
    'chat, structured': (to) =>
      client(to).chat.completions.parse({
        model,
        messages,
        response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true, schema: placeSchema } },
      }),
    'chat, refused by the model': async (to) => {
      const refusing = { model, messages: [{ role: 'user' as const, content: 'Please refuse.' }] }
      return [
        await client(to).chat.completions.create(refusing),
        await collected(await client(to).chat.completions.create({ ...refusing, stream: true })),
      ]
    },
    'chat, picture': (to) =>
      client(to).chat.completions.create({
        model,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: question },
              { type: 'image_url', image_url: { url: pictureUrl, detail: 'low' } },
            ],
          },
        ],
      }),
    'chat, abort': async (to) => {
      const controller = new AbortController()
      const slow = [{ role: 'user' as const, content: `${question} Answer slowly.` }]
      const { signal } = controller
      const stream = await client(to).chat.completions.create({ model, messages: slow, stream: true }, { signal })
      return abortedAfterFirst(stream, controller)
    },
  }
}

function responsesCalls(client: Open): ModelCalls {
  return {
    'responses, plain': (to) =>
      client(to).responses.create({ model, input: question, instructions: 'Be brief.', metadata: { case: 'é' } }),
    'responses, streamed': async (to) =>
      collected(await client(to).responses.create({ model, input: question, stream: true })),
    'responses, streamed through its helper': (to) =>
      client(to).responses.stream({ model, input: question }).finalResponse(),
    'responses, tools over a kept response': async (to) => {
      const first = await client(to).responses.create({ model, input: question, tools: functions })
      const outputs = first.output.flatMap((item) =>
        item.type === 'function_call'
          ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: '{"degrees": 21.50}' }]
          : [],
      )
      const previous_response_id = first.id
      return [
        first,
        await client(to).responses.create({ model, input: outputs, tools: functions, previous_response_id }),
      ]
    },
    'responses, tools streamed': async (to) =>
      collected(await client(to).responses.create({ model, input: question, tools: functions, stream: true })),
    'responses, structured': (to) =>
      client(to).responses.parse({
        model,
        input: question,
        text: { format: { type: 'json_schema', name: 'place', strict: true, schema: placeSchema } },
      }),
    'responses, refused by the model': async (to) =>
      collected(await client(to).responses.create({ model, input: 'Please refuse.', stream: true })),
    'responses, picture': (to) =>
      client(to).responses.create({
        model,
        input: [
          {
            role: 'user',
            content: [
              { type: 'input_text', text: question },
              { type: 'input_image', image_url: pictureUrl, detail: 'auto' },
            ],
          },
        ],
      }),
    'responses, reasoning carried by the caller': async (to) => {
      const stateless = { model, store: false, include: ['reasoning.encrypted_content' as const] }
      const first = await client(to).responses.create({ ...stateless, input: question })
      const input = [{ role: 'user' as const, content: question }, ...first.output]
      return [first, await client(to).responses.create({ ...stateless, input: input as never })]
    },
    'responses, abort': async (to) => {
      const controller = new AbortController()
      const { signal } = controller
      const asked = { model, input: `${question} Answer slowly.`, stream: true as const }
      return abortedAfterFirst(await client(to).responses.create(asked, { signal }), controller)
    },
  }
}

function keptResponseCalls(client: Open): ModelCalls {
  const items = [
    { role: 'user' as const, content: 'One.' },
    { role: 'user' as const, content: 'Two.' },
    { role: 'user' as const, content: 'Three.' },
  ]
  return {
    'responses, retrieved': async (to) => {
      const { id } = await client(to).responses.create({ model, input: question })
      return [
        await client(to).responses.retrieve(id),
        await collected(await client(to).responses.retrieve(id, { stream: true })),
      ]
    },
    'responses, cancelled': async (to) => {
      const { id } = await client(to).responses.create({ model, input: question, background: true })
      return [await client(to).responses.cancel(id), await client(to).responses.retrieve(id)]
    },
    'responses, deleted': async (to) => {
      const { id } = await client(to).responses.create({ model, input: question })
      return client(to).responses.delete(id)
    },
    'responses, input items page by page': async (to) => {
      const { id } = await client(to).responses.create({ model, input: items })
      return collected(client(to).responses.inputItems.list(id, { limit: 1, order: 'asc' }))
    },
  }
}

function embeddingsCalls(client: Open): ModelCalls {
  const embedding = 'text-embedding-3-small'
  return {
    'embeddings, as the client asks by itself': (to) =>
      client(to).embeddings.create({ model: embedding, input: [question, '“é” 🌤'] }),
    'embeddings, as numbers': (to) =>
      client(to).embeddings.create({ model: embedding, input: question, encoding_format: 'float', dimensions: 8 }),
    'embeddings, in base64': (to) =>
      client(to).embeddings.create({ model: embedding, input: question, encoding_format: 'base64' }),
    'embeddings, of tokens': (to) => client(to).embeddings.create({ model: embedding, input: [9906, 1917] }),
  }
}
