import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import { delta, end } from '../../support/agent-events.ts'
import { lab, planned, waiting } from '../../support/http/response-lab.ts'
import { key } from '../../support/http/http-service.ts'
import { sentEvents, typesOf, type SentEvent } from '../../support/http/response-events.ts'
import { verifies } from '../../support/verifies.ts'

interface Told {
  readonly id: string
  readonly status: string
  readonly output: readonly { readonly type: string; readonly id: string; readonly [name: string]: unknown }[]
  readonly [name: string]: unknown
}

const json = async (answer: Promise<Response>): Promise<Told> => (await (await answer).json()) as Told
const textOf = (told: Told): string => {
  const content = told.output.at(-1)?.['content'] as readonly { readonly text: string }[]
  return content[0]?.text ?? ''
}
const messageEvents = (annotated = false) => [
  'response.output_item.added',
  'response.content_part.added',
  'response.output_text.delta',
  ...(annotated ? ['response.output_text.annotation.added'] : []),
  'response.output_text.done',
  'response.content_part.done',
  'response.output_item.done',
]

const golden = [
  'response.created',
  'response.in_progress',
  ...messageEvents(),
  'response.output_item.added',
  'response.mcp_call.in_progress',
  'response.mcp_call_arguments.delta',
  'response.mcp_call_arguments.done',
  'response.mcp_call.completed',
  'response.output_item.done',
  'response.output_item.added',
  'response.code_interpreter_call.in_progress',
  'response.code_interpreter_call_code.delta',
  'response.code_interpreter_call_code.done',
  'response.code_interpreter_call.interpreting',
  'response.code_interpreter_call.completed',
  'response.output_item.done',
  ...messageEvents(true),
  'response.completed',
]

const planEvents = [
  'response.output_item.added',
  'response.reasoning_summary_part.added',
  'response.reasoning_summary_text.delta',
  'response.reasoning_summary_text.done',
  'response.reasoning_summary_part.done',
  'response.output_item.done',
]

const goldenOfPlan = [
  'response.created',
  'response.in_progress',
  ...messageEvents(),
  ...planEvents,
  'response.output_item.added',
  'response.mcp_call.in_progress',
  'response.mcp_call_arguments.delta',
  'response.mcp_call_arguments.done',
  'response.mcp_call.completed',
  'response.output_item.done',
  ...planEvents,
  ...messageEvents(),
  'response.completed',
]

const withoutLinks = (events: readonly SentEvent[]): unknown =>
  JSON.parse(JSON.stringify(events).replaceAll(/\/v1\/files\/links\/[^)]*/g, 'LINK'))

describe('responses of the own model', () => {
  it('stream the events that clients know, numbered from 0', async () => {
    verifies('responses.events')
    await using it = await lab()
    const events = await sentEvents(await it.ask({ stream: true }))
    expect(typesOf(events)).toEqual(golden)
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, at) => at))
  })

  it('tell of a plan whenever it changes, and the same again from every number on', async () => {
    verifies('responses.plan', 'responses.resume')
    await using it = await lab({ events: planned })
    const events = await sentEvents(await it.ask({ stream: true }))
    expect(
      typesOf(events)
        .map((type, at, all) => (type === all[at - 1] ? null : type))
        .filter(Boolean),
    ).toEqual(goldenOfPlan)
    const { response } = events.at(-1) as unknown as { readonly response: Told }
    const plans = response.output.filter(({ type }) => type === 'reasoning')
    expect(plans).toEqual([
      {
        id: expect.stringMatching(/^rs_[0-9a-f]{32}_1$/) as string,
        type: 'reasoning',
        status: 'completed',
        summary: [{ type: 'summary_text', text: '- ▸ Read the orders\n- ○ Count them' }],
      },
      expect.objectContaining({
        id: expect.stringMatching(/^rs_[0-9a-f]{32}_3$/) as string,
        summary: [{ type: 'summary_text', text: '- ✔ Read the orders\n- ▸ Count them' }],
      }),
    ])
    for (const after of [null, 12, events.length - 2]) {
      const again = await sentEvents(
        await it.get(`${response.id}?stream=true${after === null ? '' : `&starting_after=${after}`}`),
      )
      expect(again).toEqual(events.slice(after === null ? 0 : after + 1))
    }
    expect(textOf(response)).toBe('There are 42 orders.')
    const [conversation] = await it.kept.history.conversations.list('k1', { most: 1 })
    const items = await fetch(`${it.service.url}/v1/conversations/${conversation?.id}/items?order=asc`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const { data } = (await items.json()) as { readonly data: readonly object[] }
    const kept = { type: 'reasoning', status: 'completed', summary: plans[1]?.['summary'] }
    expect(data.slice(-2)).toMatchObject([kept, { type: 'message' }])
  })

  it('are asked on without the plan of before, whichever way what was said comes back', async () => {
    verifies('agent.plan-own-words')
    await using it = await lab({ events: planned })
    const first = await json(it.ask({}))
    await it.ask({ input: 'And now?', previous_response_id: first.id })
    const again = { role: 'user', content: 'And now?' }
    await it.ask({ input: [...first.output, again] })
    await it.ask({ input: [...first.output.map(({ id }) => ({ type: 'item_reference', id })), again] })
    const told = it.service.received.slice(1).map(({ messages }) => JSON.stringify(messages))
    expect(told).toHaveLength(3)
    for (const messages of told) {
      expect(messages).toContain('There are 42 orders.')
      expect(messages).not.toContain('Count them')
    }
  })

  it('are told again from what is kept as they were told at first, from every number on', async () => {
    verifies('responses.resume')
    await using it = await lab()
    const events = await sentEvents(await it.ask({ stream: true }))
    const { id } = (events[0] as unknown as { readonly response: Told }).response
    for (const after of [null, 0, 7, events.length - 2, events.length - 1]) {
      const query = after === null ? '' : `&starting_after=${after}`
      const again = await sentEvents(await it.get(`${id}?stream=true${query}`))
      expect(withoutLinks(again)).toEqual(withoutLinks(events.slice(after === null ? 0 : after + 1)))
    }
    const never = await it.get(`${id}?stream=true&starting_after=${events.length}`)
    expect(never.status).toBe(400)
    expect(await never.json()).toMatchObject({ code: 'invalid-request', error: { param: 'starting_after' } })
    expect((await it.get(`${id}?stream=true&starting_after=-1`)).status).toBe(400)
    const last = (events.at(-1) as unknown as { readonly response: Told }).response
    expect(withoutLinks([await json(it.get(id))] as never)).toEqual(withoutLinks([last] as never))
  })

  it('have a last message that stands alone, with the chart as a picture and as a cited file', async () => {
    await using it = await lab()
    const told = await json(it.ask({}))
    expect(told.status).toBe('completed')
    expect(told.output.map(({ type }) => type)).toEqual(['message', 'mcp_call', 'code_interpreter_call', 'message'])
    const [{ text, annotations } = { text: '', annotations: [] }] = (told.output[3]?.['content'] ?? []) as readonly {
      readonly text: string
      readonly annotations: readonly {
        readonly file_id: string
        readonly start_index: number
        readonly end_index: number
      }[]
    }[]
    expect(text).toMatch(/^There are 42 orders, as the chart shows\.\n\n!\[chart\.png\]\(http:[^)]+\)$/)
    const [citation] = annotations
    expect(citation).toMatchObject({ type: 'container_file_citation', filename: 'chart.png' })
    expect(text.slice(citation?.start_index, citation?.end_index)).toMatch(/^!\[chart\.png\]/)
    expect((await it.kept.history.files.show('k1', citation?.file_id.slice(1) ?? ''))?.bytes).toBe(8)
    expect((await fetch(/\((http[^)]+)\)/.exec(text)?.[1] ?? '')).status).toBe(200)
    expect(told.output[1]).toMatchObject({
      name: 'run_sql',
      arguments: '{"statement":"SELECT count(*) FROM orders"}',
      output: '1 row',
    })
    expect(told.output[2]).toMatchObject({ code: 'print(6 * 7)', outputs: [{ type: 'logs', logs: '42\n' }] })
  })

  it('link to tables that a spreadsheet takes for values alone, the first time and when they are told again', async () => {
    const content = Buffer.from('name\n=1+1\n').toString('base64')
    const file = { type: 'artifact', artifact: { name: 'made.csv', mediaType: 'text/csv', content } } as const
    await using it = await lab({ events: [delta('Here it is.'), file, end()] })
    const first = await json(it.ask({}))
    for (const told of [first, await json(it.get(first.id))]) {
      const link = /\((http[^)]+)\)/.exec(textOf(told))?.[1] ?? ''
      expect(link).toContain('/v1/files/links/')
      expect(await (await fetch(link)).text()).toBe("name\n'=1+1\n")
    }
  })

  it('are whole without the files that a caller may not keep any more', async () => {
    await using it = await lab({ files: { maximum_count: 1 } })
    const told = [await json(it.ask({})), await json(it.ask({}))]
    expect(told.map(({ status }) => status)).toEqual(['completed', 'completed'])
    expect(told.map((each) => JSON.stringify(each).includes('container_file_citation'))).toEqual([true, false])
    expect(await it.kept.history.files.used('k1')).toMatchObject({ files: 1 })
  })

  it('say of a file that is not there why it is not', async () => {
    await using it = await lab({ files: { maximum_count: 1 } })
    const [kept, unkept] = [await json(it.ask({})), await json(it.ask({}))]
    expect(textOf(await json(it.get(unkept.id)))).toContain('The file "chart.png" was not kept')
    const { files } = it.kept.history
    const [file] = await files.list('k1', { order: 'asc', most: 1 })
    await files.delete('k1', file?.id ?? '')
    expect(textOf(await json(it.get(kept.id)))).toContain('The file "chart.png" is not kept any more')
  })

  it('go on from one another with what was said before', async () => {
    await using it = await lab({ events: [delta('Fine.'), end()] })
    const first = await json(it.ask({ input: 'one', instructions: 'be brief' }))
    const second = await json(it.ask({ input: 'two', previous_response_id: first.id }))
    expect(second['previous_response_id']).toBe(first.id)
    await json(
      it.ask({
        input: [{ role: 'user', content: [{ type: 'input_text', text: 'three' }] }],
        previous_response_id: second.id,
      }),
    )
    expect(it.service.received.at(-1)?.messages.map(({ content }) => content)).toEqual([
      'one',
      'Fine.',
      'two',
      'Fine.',
      'three',
    ])
    const listed = (await (await it.get(`${first.id}/input_items`)).json()) as { readonly data: readonly object[] }
    expect(listed.data).toMatchObject([{ role: 'user', content: [{ type: 'input_text', text: 'one' }] }])
  })

  it('answer items by their ids', async () => {
    await using it = await lab({ events: [delta('Fine.'), end()] })
    const first = await json(it.ask({ input: 'one' }))
    const reference = { type: 'item_reference', id: first.output[0]?.id }
    await json(it.ask({ input: [{ role: 'user', content: 'one' }, reference, { role: 'user', content: 'two' }] }))
    expect(it.service.received.at(-1)?.messages).toEqual([
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'Fine.' },
      { role: 'user', content: 'two' },
    ])
    const nobodys = await it.ask({
      input: [
        { type: 'item_reference', id: 'msg_x' },
        { role: 'user', content: 'two' },
      ],
    })
    expect(nobodys.status).toBe(404)
  })

  it('go on in a conversation, one at a time', async () => {
    verifies('responses.one-writer')
    const { answer, go } = waiting()
    await using it = await lab({ answer })
    const { id } = await it.kept.history.conversations.create('k1', { title: null, metadata: {} }, [])
    const background = await json(it.ask({ conversation: id, background: true }))
    // Each is answered before its run is over: were it let in, that would be seen at once, while the first one still waits.
    for (const how of [{ background: true }, { stream: true }]) {
      const second = await it.ask({ conversation: { id }, ...how })
      expect([how, second.status]).toEqual([how, 400])
    }
    go()
    await expect.poll(async () => (await json(it.get(background.id))).status).toBe('completed')
    expect((await it.ask({ conversation: id })).status).toBe(200)
    expect((await it.ask({ conversation: `conv_${'0'.repeat(32)}` })).status).toBe(404)
  })

  it('run on behind an answer, can be read meanwhile, cancelled, and deleted with their files', async () => {
    verifies('responses.background')
    const { answer } = waiting()
    await using it = await lab({ answer })
    const begun = await json(it.ask({ background: true }))
    expect(begun).toMatchObject({ status: 'in_progress', background: true })
    expect((await it.get(begun.id, 'DELETE')).status).toBe(400)
    const stream = it.get(`${begun.id}?stream=true&starting_after=1`)
    expect((await json(it.get(`${begun.id}/cancel`, 'POST'))).status).toBe('cancelled')
    const events = await sentEvents(await stream)
    expect(typesOf(events).slice(-2)).toEqual(['error', 'response.failed'])
    expect((await json(it.get(begun.id))).status).toBe('cancelled')
    expect(await json(it.get(begun.id, 'DELETE'))).toMatchObject({ deleted: true })
    expect((await it.get(begun.id)).status).toBe(404)
  })

  it('end with the connection of whoever did not ask for the background', async () => {
    const left = Promise.withResolvers<string>()
    await using it = await lab({
      answer: async function* (_received, signal) {
        yield delta('A first sentence of it. ')
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        left.resolve('ended')
        yield end({ ending: 'cancelled', message: 'The run was cancelled.' })
      },
    })
    const response = await it.ask({ stream: true })
    await response.body?.cancel()
    await expect(left.promise).resolves.toBe('ended')
  })

  it("are nobody else's", async () => {
    verifies('responses.own')
    await using it = await lab()
    const { id } = await json(it.ask({}))
    const other = { authorization: 'Bearer sp-only-ask' }
    for (const [path, method] of [
      ['', 'GET'],
      ['', 'DELETE'],
      ['/cancel', 'POST'],
      ['/input_items', 'GET'],
      ['?stream=true', 'GET'],
    ] as const) {
      const answered = await fetch(`${it.service.url}/v1/responses/${id}${path}`, { method, headers: other })
      expect([path, answered.status]).toEqual([path, 404])
    }
    const goesOn = await it.ask({ previous_response_id: id }, other)
    expect(goesOn.status).toBe(404)
    const item = await it.ask({ input: [{ type: 'item_reference', id: `msg_${id.slice(5)}_0` }] }, other)
    expect(item.status).toBe(404)
    expect((await it.get(id)).status).toBe(200)
  })

  it('are not kept where that is not wanted', async () => {
    await using it = await lab()
    const told = await json(it.ask({ store: false }))
    expect(told['store']).toBe(false)
    expect((await it.get(told.id)).status).toBe(404)
    expect(await it.kept.history.conversations.list('k1', { most: 5 })).toEqual([])
    expect((await it.ask({ store: false, background: true })).status).toBe(400)
  })

  it('keep nothing of what is refused before it begins', async () => {
    await using it = await lab({
      answer: () => {
        throw new ServiceError('quota-exceeded', 'Nothing is left.')
      },
    })
    for (const body of [{}, { stream: true }, { background: true }]) {
      const refused = await it.ask(body)
      expect(refused.status).toBe(403)
      expect(await refused.json()).toMatchObject({ code: 'quota-exceeded' })
    }
    expect(await it.kept.history.conversations.list('k1', { most: 5 })).toEqual([])
  })

  it.each([
    ['refused', 'response.incomplete', 'incomplete'],
    ['content-blocked', 'response.incomplete', 'incomplete'],
    ['approval-required', 'response.failed', 'failed'],
    ['model-unavailable', 'response.failed', 'failed'],
  ] as const)('say in the text and in their end that they broke off: %s', async (code, type, status) => {
    verifies('responses.failures')
    await using it = await lab({
      answer: async function* () {
        yield delta('The first words. ')
        throw new ServiceError(code, 'It may not leave.')
      },
    })
    const events = await sentEvents(await it.ask({ stream: true }))
    const told = (events.at(-1) as unknown as { readonly response: Told }).response
    expect([events.at(-1)?.type, told.status]).toEqual([type, status])
    expect(events.some((event) => event.type === 'error')).toBe(status === 'failed')
    expect(textOf(told)).toMatch(/The first words\. \n\n\*\*The answer broke off: .+\*\*$/)
    expect((await json(it.get(told.id))).status).toBe(status)
    const whole = await it.ask({})
    expect(whole.status).toBeGreaterThanOrEqual(400)
    expect(await whole.json()).toMatchObject({ code })
  })

  it.each([
    ['step-limit', 'max_output_tokens'],
    ['model-length', 'max_output_tokens'],
    ['model-filtered', 'content_filter'],
  ] as const)('are incomplete where they ended early: %s', async (ending, reason) => {
    await using it = await lab({ events: [delta('Half of it.'), end({ ending, message: 'It ended early.' })] })
    const told = await json(it.ask({}))
    expect(told).toMatchObject({ status: 'incomplete', incomplete_details: { reason } })
    expect(textOf(told)).toBe('Half of it.\n\n**It ended early.**')
  })

  it.each([
    [{ tools: [{ type: 'function', name: 'f' }] }, 'tools[0].type'],
    [{ tool_choice: 'required' }, 'tool_choice'],
    [{ text: { format: { type: 'json_schema' } } }, 'text'],
    [{ input: [] }, 'input'],
    [{ input: ' ' }, 'input'],
    [{ input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }] }, 'input[0].content[0].type'],
    [{ input: [{ type: 'function_call_output', call_id: 'c', output: 'x' }] }, 'input[0].type'],
    [{ previous_response_id: 'resp_x', conversation: 'conv_x' }, 'conversation'],
    [{ max_output_tokens: 0 }, 'max_output_tokens'],
    [{ metadata: { a: 1 } }, 'metadata.a'],
    [{ prompt: { id: 'p' } }, 'prompt'],
    [{ stream: 'yes' }, 'stream'],
    [{ approvals: 'always' }, 'approvals'],
    [{ approvals: { calls: 'never' } }, 'approvals.calls'],
    [{ approvals: { wait_ms: 600_001 } }, 'approvals.wait_ms'],
    [{ approvals: { wait_ms: -1 } }, 'approvals.wait_ms'],
  ])('refuse what cannot be honoured by its name: %j', async (body, parameter) => {
    await using it = await lab()
    const refused = await it.ask(body)
    expect(refused.status).toBe(400)
    expect(((await refused.json()) as { readonly error: { readonly param: string } }).error.param).toBe(parameter)
  })

  it('say which members have no effect', async () => {
    await using it = await lab()
    const answered = await it.ask({
      temperature: 0.5,
      top_p: 0.5,
      reasoning: { effort: 'low' },
    })
    expect(answered.headers.get('x-sallyport-ignored')).toBe('temperature, top_p, reasoning')
    expect(await answered.json()).toMatchObject({ temperature: null, top_p: null })
  })

  it('are bounded in words and in calls of tools as they are asked to be, and say so', async () => {
    verifies('responses.bounds')
    await using it = await lab()
    const first = await json(it.ask({ max_output_tokens: 100, max_tool_calls: 3 }))
    expect(it.service.received.at(-1)?.caps).toEqual({ outputTokens: 100, toolCalls: 3 })
    const said = { max_output_tokens: 100, max_tool_calls: 3, tool_choice: 'auto' }
    expect(first).toMatchObject(said)
    expect(await json(it.get(first.id))).toMatchObject(said)
    const dear = await it.ask({ max_cost: 250_000, store: false })
    expect(dear.headers.get('x-sallyport-ignored')).toBe(null)
    expect(it.service.received.at(-1)?.maximumCost).toBe(250_000)
    expect((await it.ask({ max_cost: 0.5 })).status).toBe(400)
    const asked = await it.ask({ approvals: { calls: 'on-write' }, store: false })
    expect(asked.headers.get('x-sallyport-ignored')).toBe(null)
    expect(it.service.received.at(-1)?.approvals).toMatchObject({ calls: 'on-write', waitMilliseconds: 0 })
    const none = await json(it.ask({ tool_choice: 'none', max_tool_calls: 3, store: false }))
    expect(it.service.received.at(-1)?.caps).toEqual({ toolCalls: 0 })
    expect(none).toMatchObject({ tool_choice: 'none' })
  })
})
