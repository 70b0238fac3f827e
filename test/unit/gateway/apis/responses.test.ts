import { describe, expect, it } from 'vitest'
import { keptResponseFacts, responses } from '../../../../src/gateway/apis/responses.ts'
import { endsOf } from '../../../support/http/stream-end.ts'

const facts = (body: object) => responses.factsOf({ model: 'm', ...body })

describe('a request for Responses', () => {
  it('says its model and nothing more where it has nothing more', () => {
    expect(facts({ input: 'x' })).toEqual({
      model: 'm',
      streamed: false,
      outputTokens: null,
      hostedTools: [],
      ids: [],
      itemIds: [],
      answerIsKept: true,
    })
  })

  it('is a stream where it asks for one, and may cost what it says', () => {
    expect(facts({ stream: true, max_output_tokens: 30, max_tokens: 20 })).toMatchObject({
      streamed: true,
      outputTokens: 30,
    })
  })

  it.each(['function', 'custom', 'local_shell', 'apply_patch', 'namespace'])(
    'may use %s, which its client runs',
    (type) => {
      expect(facts({ tools: [{ type }] }).hostedTools).toEqual([])
    },
  )

  it.each([
    'file_search',
    'computer',
    'computer_use_preview',
    'web_search',
    'web_search_preview_2025_03_11',
    'mcp',
    'code_interpreter',
    'programmatic_tool_calling',
    'image_generation',
    'shell',
    'tool_search',
    'functions',
    'my_custom',
  ])('needs the right to %s, which OpenAI runs', (type) => {
    expect(facts({ tools: [{ type }] }).hostedTools).toEqual([{ name: type, parameter: 'tools[0].type' }])
  })

  it.each(['additional_tools', 'tool_search_output'])('needs the right to tools that an item brings: %s', (type) => {
    const tools = [{ type: 'function' }, { type: 'web_search' }, { type: 'namespace', tools: [{ type: 'mcp' }] }]
    const input = [
      { role: 'user', content: 'x' },
      { type, tools },
    ]
    expect(facts({ tools: [{ type: 'shell' }], input }).hostedTools).toEqual([
      { name: 'shell', parameter: 'tools[0].type' },
      { name: 'web_search', parameter: 'input[1].tools[1].type' },
      { name: 'mcp', parameter: 'input[1].tools[2].tools[0].type' },
    ])
  })

  it('may carry the list of what a server of tools offers', () => {
    const input = [{ type: 'mcp_list_tools', server_label: 's', tools: [{ name: 'f', input_schema: {} }] }]
    expect(facts({ input }).hostedTools).toEqual([])
  })

  it('names tools, other models and addresses, in that order, with the member of each', () => {
    const file = { type: 'input_file', file_url: 'https://a.example/b.pdf' }
    const body = { tools: [{ type: 'mcp' }], models: ['n'], input: [{ role: 'user', content: [file] }] }
    expect(facts(body).hostedTools).toEqual([
      { name: 'mcp', parameter: 'tools[0].type' },
      { name: 'fallbacks', parameter: 'models' },
      { name: 'file_urls', parameter: 'input[0].content[0].file_url' },
    ])
  })

  it.each([
    [{ input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'f' }] }] }, 'input[0].content[0].file_id'],
    [{ tools: [{ type: 'file_search', vector_store_ids: ['f'] }] }, 'tools[0].vector_store_ids[0]'],
    [{ prompt: { id: 'f' } }, 'prompt.id'],
    [{ conversation: 'f' }, 'conversation'],
    [{ conversation: { id: 'f' } }, 'conversation.id'],
    [{ previous_response_id: 'f' }, 'previous_response_id'],
  ])('refers to what is kept in any member that may name it: %j', (body, parameter) => {
    expect(facts(body).ids).toEqual([{ name: 'f', parameter }])
  })

  it('names what its members refer to before what its items do', () => {
    const body = { previous_response_id: 'r', input: [{ type: 'item_reference', id: 'i' }] }
    expect(facts(body).ids.map(({ name }) => name)).toEqual(['r', 'i'])
  })
})

describe('an item of a request', () => {
  const of = (item: object) => {
    const { ids, itemIds } = facts({ input: [{ id: 'i', ...item }] })
    return { ids, itemIds }
  }
  const named = [{ name: 'i', parameter: 'input[0].id' }]
  const refers = { ids: named, itemIds: [] }
  const isWhole = { ids: [], itemIds: named }

  it.each(['item_reference', 'reasoning', 'compaction', 'image_generation_call'])(
    'of the type %s stands by its id for what is kept, unless it carries its content',
    (type) => {
      expect(of({ type })).toEqual(refers)
      expect(of({ type, encrypted_content: null, result: null })).toEqual(refers)
      expect(of({ type, encrypted_content: 'x' })).toEqual(type === 'item_reference' ? refers : isWhole)
      expect(of({ type, result: 'x' })).toEqual(type === 'image_generation_call' ? isWhole : refers)
    },
  )

  it.each([
    'message',
    'function_call',
    'function_call_output',
    'custom_tool_call',
    'custom_tool_call_output',
    'computer_call',
    'computer_call_output',
    'file_search_call',
    'web_search_call',
    'code_interpreter_call',
    'local_shell_call',
    'local_shell_call_output',
    'shell_call',
    'apply_patch_call',
    'mcp_list_tools',
    'mcp_approval_request',
    'mcp_call',
  ])('of the type %s is there in full, under an id that its client may have made up', (type) => {
    expect(of({ type })).toEqual(isWhole)
  })

  it('without a type is a message where it has a role, else a reference', () => {
    expect(of({ role: 'user', content: 'x' })).toEqual(isWhole)
    expect(of({})).toEqual(refers)
    expect(of({ type: null })).toEqual(refers)
    expect(of({ type: null, role: 'user' })).toEqual(refers)
    expect(of({ type: 'reasoning', role: 'user' })).toEqual(refers)
  })

  it('has no id where that is no text', () => {
    for (const id of [null, undefined, 7, ['i'], { id: 'i' }])
      expect(of({ type: 'item_reference', id })).toEqual({ ids: [], itemIds: [] })
  })

  it('is told with its place among the others', () => {
    const input = ['text', { id: 'a', role: 'user' }, { role: 'user' }, { id: 'b' }]
    expect(facts({ input })).toMatchObject({
      itemIds: [{ name: 'a', parameter: 'input[1].id' }],
      ids: [{ name: 'b', parameter: 'input[3].id' }],
    })
  })
})

describe('an answer of Responses', () => {
  it('counts by itself, or in the event that carries it', () => {
    const usage = { input_tokens: 3, output_tokens: 4, total_tokens: 9 }
    const expected = { inputTokens: 3, outputTokens: 4 }
    expect(responses.usageOf({ usage })).toEqual(expected)
    expect(responses.usageOf({ type: 'response.completed', response: { usage } })).toEqual(expected)
    expect(responses.usageOf({ usage, response: { usage: null } })).toBeNull()
    expect(responses.usageOf({ usage, response: null })).toEqual(expected)
  })

  const output = [
    { type: 'message', id: 'msg_1' },
    { type: 'code_interpreter_call', id: 'ci_1', container_id: 'cntr_1' },
    { type: 'function_call' },
    null,
    { id: '', container_id: 7 },
  ]

  it('keeps itself, its items and their containers', () => {
    const ids = ['resp_1', 'msg_1', 'ci_1', 'cntr_1']
    expect(responses.keptIdsOf({ id: 'resp_1', output })).toEqual(ids)
    expect(responses.keptIdsOf({ id: 'resp_1', store: true, output })).toEqual(ids)
    expect(responses.keptIdsOf({ type: 'response.completed', response: { id: 'resp_1', output } })).toEqual(ids)
    expect(responses.keptIdsOf({ id: 'resp_1' })).toEqual(['resp_1'])
    expect(responses.keptIdsOf({ output: [{ id: 'a' }] })).toEqual(['a'])
  })

  it('keeps nothing where that was not wanted', () => {
    expect(responses.keptIdsOf({ id: 'resp_1', store: false, output })).toEqual([])
    expect(responses.keptIdsOf({ response: { id: 'resp_1', store: false, output } })).toEqual([])
  })

  it.each([
    ['response.completed', true, true],
    ['response.failed', true, true],
    ['response.incomplete', true, true],
    ['response.created', false, true],
    // Which is a failure, and no end.
    ['error', false, false],
    ['response.in_progress', false, false],
    ['response.output_text.delta', false, false],
    ['response.output_item.done', false, false],
  ])('in an event of the type %s ends: %s, and may name what is kept: %s', (type, ends, keeps) => {
    for (const data of [`{"type":"${type}"}`, `{"sequence_number":1, "type" : "${type}"}`]) {
      expect(endsOf(responses, [`event: ${type}\ndata: ${data}\n\n`])).toEqual([ends ? 'reason and end' : null])
      expect(responses.mayKeep(`event: ${type}\ndata: ${data}\n\n`)).toBe(keeps)
    }
    // As a text in a text its quotes are masked.
    const quoted = `data: ${JSON.stringify({ delta: `"type":"${type}"` })}\n\n`
    expect([...endsOf(responses, [quoted]), responses.mayKeep(quoted)]).toEqual([null, false])
  })

  it('does not end with what its caller wrote', () => {
    const response = {
      id: 'resp_1',
      metadata: { type: 'error' },
      tools: [{ parameters: { const: 'response.completed' } }],
    }
    const events = `data: ${JSON.stringify({ type: 'response.created', response })}\n\n`
    expect(endsOf(responses, [events, 'data: {"type":"response.completed"}\n\n'])).toEqual([null, 'reason and end'])
  })

  it.each<[object, object, boolean]>([
    [{ output: [], status: 'completed' }, {}, true],
    [{ output: [], status: 'incomplete' }, {}, true],
    [{ output: [] }, {}, true],
    [{ output: [], status: 'in_progress' }, {}, false],
    [{ output: [], status: 'queued' }, {}, false],
    [{ output: [], status: 'queued' }, { background: true }, true],
    [{ id: 'resp_1', status: 'completed' }, {}, false],
    [{ detail: 'Internal Server Error' }, {}, false],
  ])('that comes as a whole is one, unless it goes on where that was not asked for: %j, %j', (data, body, expected) => {
    expect(responses.isAnswer({ ...data }, facts({ input: 'x', ...body }))).toBe(expected)
  })

  it.each<[object, object | null]>([
    [{ error: { type: 'server_error', message: 'm' } }, { type: 'server_error', message: 'm' }],
    [
      { object: 'response', status: 'failed', error: { code: 'server_error' } },
      { code: 'server_error', isShown: true },
    ],
    [{ object: 'response', status: 'completed', error: null }, null],
    [{ type: 'response.completed', response: { status: 'completed', error: null } }, null],
  ])('tells of a failure in a whole answer: %j', (data, expected) => {
    const failure = responses.failureOf({ ...data })
    if (expected === null) expect(failure).toBeNull()
    else expect(failure).toMatchObject(expected)
  })

  it.each(['response.output_item.added', 'response.output_item.done'])(
    'keeps the item of %s where it is stored',
    (type) => {
      const data = { type, item: { type: 'code_interpreter_call', id: 'ci_1', container_id: 'cntr_1' } }
      const events = `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`
      expect([responses.mayKeep(events), responses.mayKeep(events, true)]).toEqual([false, true])
      expect(responses.keptIdsOf(data)).toEqual(['ci_1', 'cntr_1'])
      expect(responses.factsOf({ model: 'm', input: 'x' }).answerIsKept).toBe(true)
      expect(responses.factsOf({ model: 'm', input: 'x', store: true }).answerIsKept).toBe(true)
      expect(responses.factsOf({ model: 'm', input: 'x', store: false }).answerIsKept).toBeUndefined()
    },
  )
})

describe('a call about a kept response', () => {
  it.each([true, false])('names it, costs nothing, and is for no model; a stream: %s', (streamed) => {
    expect(keptResponseFacts('resp_1', new URLSearchParams({ stream: String(streamed) }))).toEqual({
      model: null,
      streamed,
      outputTokens: 0,
      hostedTools: [],
      ids: [{ name: 'resp_1', parameter: 'response_id' }],
      itemIds: [],
      answerIsKept: true,
    })
  })

  it('names the items that its list is to begin behind or end before', () => {
    const { itemIds } = keptResponseFacts('resp_1', new URLSearchParams('after=msg_1&before=msg_2&after=msg_3'))
    expect(itemIds).toEqual([
      { name: 'msg_1', parameter: 'after' },
      { name: 'msg_3', parameter: 'after' },
      { name: 'msg_2', parameter: 'before' },
    ])
  })
})
