import { describe, expect, it } from 'vitest'
import { messages, tokenCounts } from '../../../../src/gateway/apis/messages.ts'
import { endsOf } from '../../../support/http/stream-end.ts'

const facts = (body: object) => messages.factsOf({ model: 'm', ...body })
const toolsOf = (...types: readonly string[]) => facts({ tools: types.map((type) => ({ type })) }).hostedTools

describe('a request for Messages', () => {
  it('says its model and its limit and nothing more where it has nothing more', () => {
    expect(facts({ max_tokens: 20, messages: [{ role: 'user', content: 'x' }] })).toEqual({
      model: 'm',
      streamed: false,
      outputTokens: 20,
      hostedTools: [],
      ids: [],
      itemIds: [],
    })
    expect(facts({ max_completion_tokens: 20 }).outputTokens).toBeNull()
  })

  it('is a stream where it asks for one', () => {
    expect(facts({ stream: true }).streamed).toBe(true)
    expect(facts({ stream: false }).streamed).toBe(false)
  })

  it.each([
    'custom',
    'bash_20241022',
    'bash_20250124',
    'text_editor_20241022',
    'text_editor_20250124',
    'text_editor_20250429',
    'text_editor_20250728',
    'computer_20241022',
    'computer_20250124',
    'computer_20251124',
    'memory_20250818',
  ])('may use %s, which its client runs', (type) => {
    expect(toolsOf(type)).toEqual([])
  })

  it.each([
    'web_search_20250305',
    'web_search_20260209',
    'web_fetch_20250910',
    'code_execution_20250522',
    'code_execution_20250825',
    'tool_search_tool_bm25_20251119',
    'tool_search_tool_regex',
    'advisor_20260301',
    'mcp_toolset',
    // Of no date, of another one, or with more behind it: no tool that is known.
    'bash',
    'bash_2025012',
    'bash_202501241',
    'my_bash_20250124',
    'custom_20250124',
    'bash_code_execution_20250825',
  ])('needs the right to %s, which Anthropic runs', (type) => {
    expect(toolsOf(type)).toEqual([{ name: type, parameter: 'tools[0].type' }])
  })

  it('needs the right to tools that are defined in the course of a conversation', () => {
    const added = (definition: object) => ({ type: 'tool_addition', tool: { type: 'tool_definition', definition } })
    const compacted = { type: 'compaction', content: 'x', tool_changes: [added({ type: 'web_fetch_20250910' })] }
    const content = [added({ name: 'f', input_schema: {} }), added({ type: 'web_search_20250305' })]
    const messages = [
      { role: 'system', content },
      { role: 'assistant', content: [compacted] },
    ]
    expect(facts({ messages, tools: [{ type: 'mcp_toolset' }] }).hostedTools).toEqual([
      { name: 'mcp_toolset', parameter: 'tools[0].type' },
      { name: 'web_search_20250305', parameter: 'messages[0].content[1].tool.definition.type' },
      { name: 'web_fetch_20250910', parameter: 'messages[1].content[0].tool_changes[0].tool.definition.type' },
    ])
    const referred = { type: 'tool_addition', tool: { type: 'tool_reference', definition: { type: 'shell' } } }
    expect(facts({ messages: [{ role: 'system', content: [referred, added([])] }] }).hostedTools).toEqual([])
  })

  it('names tools, servers, other models and addresses, in that order, with the member of each', () => {
    const image = { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } }
    const body = {
      tools: [{ type: 'web_search_20250305' }],
      mcp_servers: [{ type: 'url', url: 'https://a.example' }],
      fallbacks: [{ model: 'n' }],
      messages: [{ role: 'user', content: [image] }],
    }
    expect(facts(body).hostedTools).toEqual([
      { name: 'web_search_20250305', parameter: 'tools[0].type' },
      { name: 'mcp', parameter: 'mcp_servers' },
      { name: 'fallbacks', parameter: 'fallbacks' },
      { name: 'image_urls', parameter: 'messages[0].content[0].source' },
    ])
    expect(facts({ mcp_servers: null }).hostedTools).toEqual([])
    expect(facts({ mcp_servers: [] }).hostedTools).toEqual([{ name: 'mcp', parameter: 'mcp_servers' }])
  })

  it.each([
    [{ messages: [{ role: 'user', content: [{ type: 'container_upload', file_id: 'f' }] }] }],
    [{ system: [{ type: 'document', source: { type: 'file', file_id: 'f' } }] }],
    [{ container: 'f' }],
    [{ container: { id: 'f' } }],
    [{ container: { skills: [{ type: 'custom', skill_id: 'f' }] } }],
    [{ tools: [{ type: 'custom', container: 'f' }] }],
  ])('refers to what is kept in any member that may name it: %j', (body) => {
    expect(facts(body).ids.map(({ name }) => name)).toEqual(['f'])
  })

  it("may use Anthropic's own skills", () => {
    expect(facts({ container: { skills: [{ type: 'anthropic', skill_id: 'pptx', version: 'latest' }] } }).ids).toEqual(
      [],
    )
  })

  it('has no ids in members that are its own', () => {
    expect(facts({ metadata: { file_id: 'f' }, stop_sequences: ['f'] }).ids).toEqual([])
  })
})

describe('an answer of Messages', () => {
  it.each([
    [{ input_tokens: 3, output_tokens: 4 }, 3],
    [{ input_tokens: 3, cache_creation_input_tokens: 5, output_tokens: 4 }, 8],
    [{ input_tokens: 3, cache_read_input_tokens: 7, output_tokens: 4 }, 10],
    [{ input_tokens: 3, cache_creation_input_tokens: 5, cache_read_input_tokens: 7, output_tokens: 4 }, 15],
    [{ input_tokens: 3, cache_creation_input_tokens: null, cache_read_input_tokens: -1, output_tokens: 4 }, 3],
    [{ output_tokens: 4 }, 0],
  ])('counts what went through a cache as well: %j', (usage, inputTokens) => {
    expect(messages.usageOf({ usage })).toMatchObject({ inputTokens, outputTokens: 4 })
    expect(messages.usageOf({ type: 'message_start', message: { usage } })).toMatchObject({
      inputTokens,
      outputTokens: 4,
    })
  })

  it.each([[{}], [{ usage: null }], [{ usage: { input_tokens: 3 } }], [{ usage: { output_tokens: 'x' } }]])(
    'is not counted without what was written: %j',
    (data) => {
      expect(messages.usageOf(data)).toBeNull()
    },
  )

  it('keeps its container, wherever it is told of it', () => {
    const container = { id: 'c', expires_at: '2026-01-01T00:00:00Z' }
    expect(messages.keptIdsOf({ id: 'msg_1', container })).toEqual(['c'])
    expect(messages.keptIdsOf({ type: 'message_start', message: { id: 'msg_1', container } })).toEqual(['c'])
    expect(messages.keptIdsOf({ type: 'message_delta', delta: { stop_reason: null, container } })).toEqual(['c'])
  })

  it.each([[{ id: 'msg_1' }], [{ container: null }], [{ container: 'c' }], [{ container: { id: 7 } }]])(
    'keeps nothing else: %j',
    (data) => {
      expect(messages.keptIdsOf(data)).toEqual([])
    },
  )

  it.each([
    ['event: message_stop\ndata: {"type":"message_stop"}\n\n', 'end'],
    ['event: message_stop\ndata: {"type" : "message_stop"}\n\n', 'end'],
    // Which is a failure, and no end.
    ['event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n', null],
    ['event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}\n\n', 'reason'],
    ['event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":""}}\n\n', null],
    ['event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":null}}\n\n', null],
    ['event: ping\ndata: {"type":"ping"}\n\n', null],
    ['data: {"delta":{"text":"\\"type\\":\\"message_stop\\""}}\n\n', null],
    ['data: {"type":"content_block_start","content_block":{"content":{"type":"error"}}}\n\n', null],
    ['data: [DONE]\n\n', null],
  ])('says why it ends, and then that it does: %j', (events, expected) => {
    expect(endsOf(messages, [events])).toEqual([expected])
  })

  it.each<[object, boolean]>([
    [{ content: [], stop_reason: 'end_turn' }, true],
    [{ content: [] }, true],
    [{ content: [{ type: 'text', text: 'x' }], stop_reason: null }, false],
    [{ stop_reason: 'end_turn' }, false],
    [{ detail: 'Internal Server Error' }, false],
  ])('that comes as a whole is one: %j', (data, expected) => {
    expect(messages.isAnswer({ ...data }, facts({ messages: [] }))).toBe(expected)
  })

  it('keeps the answer itself only where its call asked for it', () => {
    for (const asking of [{ thread: { type: 'create' } }, { diagnostics: { previous_message_id: null } }]) {
      expect(messages.factsOf({ model: 'm', ...asking })).toMatchObject({ answerIsKept: true, ids: [] })
    }
    for (const asking of [{}, { thread: null }, { diagnostics: null }]) {
      expect(messages.factsOf({ model: 'm', ...asking }).answerIsKept).toBeUndefined()
    }
    const container = { id: 'c' }
    expect(messages.keptIdsOf({ id: 'msg_1', container }, true)).toEqual(['msg_1', 'c'])
    expect(messages.keptIdsOf({ type: 'message_start', message: { id: 'msg_1' } }, true)).toEqual(['msg_1'])
    expect(messages.keptIdsOf({ type: 'content_block_delta', delta: { type: 'text_delta' } }, true)).toEqual([])
    expect(messages.mayKeep('data: {"type":"message_start"}\n\n', true)).toBe(true)
  })

  it('may keep something where it names a container', () => {
    expect(messages.mayKeep('data: {"delta":{"container":{"id":"c"}}}\n\n')).toBe(true)
    expect(messages.mayKeep('data: {"delta":{"text":"a container"}}\n\n')).toBe(false)
  })
})

describe('a count of tokens', () => {
  it('is of the same request, is no stream and writes nothing', () => {
    const body = { model: 'm', stream: true, max_tokens: 20, container: 'c', tools: [{ type: 'web_fetch_20250910' }] }
    expect(tokenCounts.factsOf(body)).toEqual({
      ...messages.factsOf(body),
      streamed: false,
      outputTokens: 0,
    })
    expect(tokenCounts.factsOf(body)).toMatchObject({
      hostedTools: [{ name: 'web_fetch_20250910' }],
      ids: [{ name: 'c', parameter: 'container' }],
    })
  })

  it('is free of charge, whatever it counts', () => {
    expect(tokenCounts.usageOf({ input_tokens: 400 })).toEqual({ inputTokens: 0, outputTokens: 0 })
  })
})
