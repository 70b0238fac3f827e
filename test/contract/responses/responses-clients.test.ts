import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { createOpenAI } from '@ai-sdk/openai'
import { HumanMessage } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { generateText, streamText, type ModelMessage } from 'ai'
import OpenAI from 'openai'
import OpenAI6 from 'openai-6'
import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import { delta } from '../../support/agent-events.ts'
import { analysis, lab, planned, waiting } from '../../support/http/response-lab.ts'
import { pythonClients } from '../../support/http/model-calls/python-calls.ts'
import { verifies } from '../../support/verifies.ts'

const question = 'How many orders are there?'
const apiKey = 'sp-test'
const answered = /^There are 42 orders, as the chart shows\.\n\n!\[chart\.png\]/
const failing = async function* () {
  yield delta('The first words. ')
  throw new ServiceError('model-unavailable', 'The model is down.')
}

const clients = { 'openai 7': OpenAI, 'openai 6': OpenAI6 as unknown as typeof OpenAI } as const

describe.each(Object.entries(clients))('%s', (_name, Client) => {
  const clientOf = (url: string) => new Client({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 })

  it('creates, streams by its helper, goes on, reads again and deletes', async () => {
    verifies('responses.clients')
    await using it = await lab()
    const client = clientOf(it.service.url)
    const first = await client.responses.create({ model: 'analyst', input: question })
    expect(first.output_text).toContain('There are 42 orders')
    const stream = client.responses.stream({ model: 'analyst', input: 'And now?', previous_response_id: first.id })
    const texts: string[] = []
    stream.on('response.output_text.delta', (event) => void texts.push(event.delta))
    const final = await stream.finalResponse()
    const said = final.output.flatMap((item) => (item.type === 'message' ? item.content : []))
    expect(said.map((part) => (part.type === 'output_text' ? part.text : '')).join('')).toBe(texts.join(''))
    expect(final.output.map(({ type }) => type)).toEqual(['message', 'mcp_call', 'code_interpreter_call', 'message'])
    expect(it.service.received.at(-1)?.messages).toHaveLength(4)
    const resumed: string[] = []
    for await (const event of await client.responses.retrieve(final.id, { stream: true, starting_after: 5 })) {
      resumed.push(event.type)
    }
    expect(resumed.at(-1)).toBe('response.completed')
    const items = await client.responses.inputItems.list(final.id)
    expect(items.data).toHaveLength(1)
    await client.responses.delete(first.id)
    await expect(client.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 })
  })

  it('takes a plan as a summary of reasoning, whole and by its helper, and goes on with it', async () => {
    verifies('responses.plan')
    await using it = await lab({ events: planned })
    const client = clientOf(it.service.url)
    const whole = await client.responses.create({ model: 'analyst', input: question })
    const summaries: string[] = []
    const input = [...(whole.output as OpenAI.Responses.ResponseInput), { role: 'user', content: 'And now?' } as const]
    const stream = client.responses.stream({ model: 'analyst', input })
    stream.on('response.reasoning_summary_text.done', ({ text }) => void summaries.push(text))
    const final = await stream.finalResponse()
    expect(summaries).toEqual(['- ▸ Read the orders\n- ○ Count them', '- ✔ Read the orders\n- ▸ Count them'])
    expect(final.output.map(({ type }) => type)).toEqual(['message', 'reasoning', 'mcp_call', 'reasoning', 'message'])
    expect(JSON.stringify(final.output)).toContain('There are 42 orders.')
  })

  it('waits for one in the background, and cancels one', async () => {
    verifies('responses.clients')
    const { answer, go } = waiting()
    await using it = await lab({ answer })
    const client = clientOf(it.service.url)
    const begun = await client.responses.create({ model: 'analyst', input: question, background: true })
    expect(begun.status).toBe('in_progress')
    const cancelled = await client.responses.cancel(begun.id)
    expect(cancelled.status).toBe('cancelled')
    const other = await client.responses.create({ model: 'analyst', input: question, background: true })
    go()
    await expect.poll(async () => (await client.responses.retrieve(other.id)).status).toBe('completed')
  })

  it('is told of a failure in the middle', async () => {
    verifies('responses.clients')
    await using it = await lab({ answer: failing })
    const client = clientOf(it.service.url)
    const stream = await client.responses.create({ model: 'analyst', input: question, stream: true })
    const types: string[] = []
    const read = async () => {
      for await (const event of stream) types.push(event.type)
    }
    const thrown: unknown = await read().catch((error: unknown) => error)
    // The one rejects with what the event says, the other one gives it as it is.
    if (thrown instanceof Error) expect(thrown.message).toContain('The model does not answer.')
    else expect(types.slice(-2)).toEqual(['error', 'response.failed'])
  })
})

describe('the AI SDK', () => {
  const modelOf = (url: string) => createOpenAI({ baseURL: `${url}/v1`, apiKey }).responses('analyst')

  it('takes a whole answer, a stream, and goes on with both', async () => {
    verifies('responses.clients')
    await using it = await lab()
    const model = modelOf(it.service.url)
    const messages: ModelMessage[] = [{ role: 'user', content: question }]
    const whole = await generateText({ model, messages, maxRetries: 0 })
    expect(whole.text).toContain('There are 42 orders')
    messages.push(...whole.response.messages, { role: 'user', content: 'And now?' })
    const stream = streamText({ model, messages, maxRetries: 0 })
    expect(await stream.text).toContain('There are 42 orders')
    expect(await stream.finishReason).toBe('stop')
    const told = it.service.received.at(-1)?.messages
    expect(told?.map(({ role }) => role)).toEqual(['user', 'assistant', 'assistant', 'user'])
    expect(told?.[2]?.content).toMatch(answered)
  })

  it('takes a plan as reasoning, whole and in a stream, and goes on with both', async () => {
    verifies('responses.plan')
    await using it = await lab({ events: planned })
    const model = modelOf(it.service.url)
    const messages: ModelMessage[] = [{ role: 'user', content: question }]
    const whole = await generateText({ model, messages, maxRetries: 0 })
    expect(whole.reasoningText).toContain('✔ Read the orders')
    messages.push(...whole.response.messages, { role: 'user', content: 'And now?' })
    const stream = streamText({ model, messages, maxRetries: 0 })
    expect(await stream.text).toContain('There are 42 orders.')
    expect(await stream.reasoningText).toContain('▸ Count them')
    expect(JSON.stringify(it.service.received.at(-1)?.messages)).not.toContain('Count them')
  })

  it('is told of a failure in the middle', async () => {
    verifies('responses.clients')
    await using it = await lab({ answer: failing })
    const errors: unknown[] = []
    const stream = streamText({
      model: modelOf(it.service.url),
      prompt: question,
      maxRetries: 0,
      onError: ({ error }) => void errors.push(error),
    })
    for await (const _part of stream.fullStream) void _part
    expect(JSON.stringify(errors)).toContain('model-unavailable')
  })
})

const python = pythonClients()

const program = `
import openai, json
client = openai.OpenAI(max_retries=0)
whole = client.responses.create(model="analyst", input="How many?")
asked = [item.model_dump() for item in whole.output] + [{"role": "user", "content": "And now?"}]
said = []
with client.responses.stream(model="analyst", input=asked) as stream:
    for event in stream:
        if event.type == "response.reasoning_summary_text.done":
            said.append(event.text)
    final = stream.get_final_response()
print(json.dumps([said, [item.type for item in final.output], final.output_text]))
`

describe.skipIf(typeof python === 'string')('openai of Python', () => {
  it('takes a plan as a summary of reasoning, whole and by its helper, and goes on with it', async () => {
    verifies('responses.plan')
    await using it = await lab({ events: planned })
    const { python: interpreter } = python as Exclude<typeof python, string>
    const env = { OPENAI_BASE_URL: `${it.service.url}/v1`, OPENAI_API_KEY: apiKey }
    const { stdout } = await promisify(execFile)(interpreter, ['-c', program], { env })
    expect(JSON.parse(stdout)).toEqual([
      ['- ▸ Read the orders\n- ○ Count them', '- ✔ Read the orders\n- ▸ Count them'],
      ['message', 'reasoning', 'mcp_call', 'reasoning', 'message'],
      'Let me look.\n\nThere are 42 orders.',
    ])
  })
})

describe('LangChain', () => {
  it('takes a plan beside the answer, whole and in a stream', async () => {
    verifies('responses.plan')
    await using it = await lab({ events: planned })
    const configuration = { baseURL: `${it.service.url}/v1` }
    const model = new ChatOpenAI({ model: 'analyst', apiKey, useResponsesApi: true, configuration, maxRetries: 0 })
    const whole = await model.invoke([new HumanMessage(question)])
    expect(whole.text).toContain('There are 42 orders.')
    expect(JSON.stringify(whole.additional_kwargs)).toContain('✔ Read the orders')
    let text = ''
    for await (const chunk of await model.stream([new HumanMessage(question)])) text += chunk.text
    expect(text).toContain('There are 42 orders.')
  })

  it('takes a whole answer and a stream', async () => {
    verifies('responses.clients')
    await using it = await lab({ events: analysis })
    const model = new ChatOpenAI({
      model: 'analyst',
      apiKey,
      useResponsesApi: true,
      configuration: { baseURL: `${it.service.url}/v1` },
      maxRetries: 0,
    })
    const whole = await model.invoke([new HumanMessage(question)])
    expect(whole.text).toContain('There are 42 orders')
    let text = ''
    for await (const chunk of await model.stream([new HumanMessage(question)])) text += chunk.text
    expect(text).toContain('There are 42 orders')
  })
})
