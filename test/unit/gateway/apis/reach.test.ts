import { describe, expect, it } from 'vitest'
import { chatCompletions } from '../../../../src/gateway/apis/chat-completions.ts'
import { embeddings } from '../../../../src/gateway/apis/embeddings.ts'
import { covers } from '../../../../src/gateway/apis/hosted-tools.ts'
import { messages } from '../../../../src/gateway/apis/messages.ts'
import { responses } from '../../../../src/gateway/apis/responses.ts'

const idsOf = (facts: { readonly ids: readonly { readonly name: string; readonly parameter: string }[] }) =>
  facts.ids.map(({ name, parameter }) => `${parameter}=${name}`)

const hostedBy = (facts: { readonly hostedTools: readonly { readonly name: string }[] }) =>
  facts.hostedTools.map(({ name }) => name)

const ofResponses = (body: object) => responses.factsOf({ model: 'm', ...body })
const ofChat = (body: object) => chatCompletions.factsOf({ model: 'm', ...body })
const ofMessages = (body: object) => messages.factsOf({ model: 'm', ...body })

describe('ids of what a provider keeps', () => {
  it.each([
    [{ previous_response_id: 'resp_1' }, ['previous_response_id=resp_1']],
    [{ conversation: 'conv_1' }, ['conversation=conv_1']],
    [{ conversation: { id: 'conv_1' } }, ['conversation.id=conv_1']],
    [
      { prompt: { id: 'pmpt_1', variables: { a: { type: 'input_file', file_id: 'file-2' } } } },
      ['prompt.id=pmpt_1', 'prompt.variables.a.file_id=file-2'],
    ],
    [
      { tools: [{ type: 'file_search', vector_store_ids: ['vs_1', 'vs_2'] }] },
      ['tools[0].vector_store_ids[0]=vs_1', 'tools[0].vector_store_ids[1]=vs_2'],
    ],
    [{ tools: [{ type: 'code_interpreter', container: 'cntr_1' }] }, ['tools[0].container=cntr_1']],
    [
      { tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: ['file-1'] } }] },
      ['tools[0].container.file_ids[0]=file-1'],
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] }] },
      ['input[0].content[0].file_id=file-1'],
    ],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, ['input[0].id=msg_1']],
    [{ input: [{ id: 'msg_1' }] }, ['input[0].id=msg_1']],
    [{ input: [{ type: 'reasoning', id: 'rs_1', summary: [] }] }, ['input[0].id=rs_1']],
    [{ input: [{ type: 'image_generation_call', id: 'ig_1' }] }, ['input[0].id=ig_1']],
    [
      { input: [{ type: 'code_interpreter_call', id: 'ci_1', container_id: 'cntr_1' }] },
      ['input[0].container_id=cntr_1'],
    ],
  ])('stand in a request for Responses: %j', (body, ids) => {
    expect(idsOf(ofResponses(body))).toEqual(ids)
  })

  it.each([
    [{ input: [{ type: 'reasoning', id: 'rs_1', encrypted_content: 'x' }] }],
    [{ input: [{ type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f', arguments: '{"file_id":"file-1"}' }] }],
    [{ input: [{ role: 'assistant', id: 'msg_1', content: [] }] }],
    [{ metadata: { file_id: 'file-1' } }],
    [
      {
        tools: [
          {
            type: 'function',
            name: 'f',
            parameters: { properties: { file_id: { type: 'string' } }, default: { file_id: 'x' } },
          },
        ],
      },
    ],
    [{ input: 'What is in file_id file-1?' }],
  ])("are none where the text is the caller's own: %j", (body) => {
    expect(idsOf(ofResponses(body))).toEqual([])
  })

  it('that a client may have made up are told from those that refer', () => {
    const facts = ofResponses({ input: [{ role: 'assistant', id: 'msg_1', content: [] }] })
    expect(facts.itemIds).toEqual([{ name: 'msg_1', parameter: 'input[0].id' }])
  })

  it.each([
    [
      { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }] },
      ['messages[0].content[0].file.file_id=file-1'],
    ],
    [{ messages: [{ role: 'assistant', audio: { id: 'audio_1' } }] }, ['messages[0].audio.id=audio_1']],
  ])('stand in a request for Chat Completions: %j', (body, ids) => {
    expect(idsOf(ofChat(body))).toEqual(ids)
  })

  it.each([
    [{ container: 'container_1' }, ['container=container_1']],
    [{ container: { id: 'container_1', skills: [] } }, ['container.id=container_1']],
    [
      { messages: [{ role: 'user', content: [{ type: 'document', source: { type: 'file', file_id: 'file_1' } }] }] },
      ['messages[0].content[0].source.file_id=file_1'],
    ],
    [
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'tool_result', content: [{ type: 'image', source: { type: 'file', file_id: 'file_1' } }] },
            ],
          },
        ],
      },
      ['messages[0].content[0].content[0].source.file_id=file_1'],
    ],
    [
      {
        messages: [
          {
            role: 'assistant',
            content: [{ type: 'tool_use', id: 't', name: 'f', input: { file_id: 'x', container: 'y' } }],
          },
        ],
      },
      [],
    ],
  ])('stand in a request for Messages: %j', (body, ids) => {
    expect(idsOf(ofMessages(body))).toEqual(ids)
  })
})

describe('what a provider does by itself', () => {
  it.each([
    [{ tools: [{ type: 'function', function: { name: 'web_search' } }, { type: 'custom' }] }, []],
    [{ tools: [{ type: 'web_search' }] }, ['web_search']],
    [{ web_search_options: {} }, ['web_search']],
    [
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a.example/b.png' } }] }] },
      ['image_urls'],
    ],
    [
      {
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }] }],
      },
      [],
    ],
    [{ messages: [{ role: 'user', content: [{ type: 'text', text: 'https://a.example' }] }] }, []],
  ])('is seen in a request for Chat Completions: %j', (body, tools) => {
    expect(hostedBy(ofChat(body))).toEqual(tools)
  })

  it.each([
    [
      { tools: [{ type: 'web_search_preview_2025_03_11' }, { type: 'mcp', server_url: 'https://a.example' }] },
      ['web_search_preview_2025_03_11', 'mcp'],
    ],
    [{ tools: [{ type: 'function' }, { type: 'custom' }, { type: 'local_shell' }, { type: 'apply_patch' }] }, []],
    [{ tools: [{ type: 'a_tool_of_next_year' }, { type: 7 }] }, ['a_tool_of_next_year', 'unknown']],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'https://a.example/b.png' }] }] },
      ['image_urls'],
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_file', file_url: 'https://a.example/b.pdf' }] }] },
      ['file_urls'],
    ],
    [
      {
        input: [
          { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image', image_url: 'gs://b/c' }] },
        ],
      },
      ['image_urls'],
    ],
  ])('is seen in a request for Responses: %j', (body, tools) => {
    expect(hostedBy(ofResponses(body))).toEqual(tools)
  })

  it.each([
    [
      {
        tools: [
          { name: 'f', input_schema: {} },
          { type: 'custom', name: 'g' },
          { type: 'bash_20250124' },
          { type: 'computer_20250124' },
        ],
      },
      [],
    ],
    [
      { tools: [{ type: 'web_search_20250305' }, { type: 'code_execution_20250825' }] },
      ['web_search_20250305', 'code_execution_20250825'],
    ],
    [{ mcp_servers: [{ type: 'url', url: 'https://a.example' }] }, ['mcp']],
    [
      {
        messages: [
          { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } }] },
        ],
      },
      ['image_urls'],
    ],
    [
      {
        messages: [
          { role: 'user', content: [{ type: 'document', source: { type: 'url', url: 'https://a.example/b.pdf' } }] },
        ],
      },
      ['file_urls'],
    ],
    [{ messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', data: 'AA' } }] }] }, []],
  ])('is seen in a request for Messages: %j', (body, tools) => {
    expect(hostedBy(ofMessages(body))).toEqual(tools)
  })

  it('is covered by a right to all versions of a tool, and by no right to one with a longer name', () => {
    expect(covers('web_search', 'web_search_20250305')).toBe(true)
    expect(covers('web_search', 'web_search')).toBe(true)
    expect(covers('web_search_preview', 'web_search')).toBe(false)
    expect(covers('web', 'website')).toBe(false)
  })
})

describe('what a call may cost', () => {
  it.each([
    [ofChat({ max_tokens: 50, max_completion_tokens: 20 }).outputTokens, 50],
    [ofChat({}).outputTokens, null],
    [ofChat({ max_tokens: 'many' }).outputTokens, null],
    [ofChat({ max_tokens: -5 }).outputTokens, 0],
    [ofResponses({ max_output_tokens: 30 }).outputTokens, 30],
    [ofMessages({ max_tokens: 10 }).outputTokens, 10],
    [embeddings.factsOf({ model: 'm', input: 'x' }).outputTokens, 0],
  ])('%s is what it says', (told, expected) => {
    expect(told).toBe(expected)
  })

  it('is counted as each provider counts', () => {
    expect(chatCompletions.usageOf({ usage: { prompt_tokens: 3, completion_tokens: 4 } })).toEqual({
      inputTokens: 3,
      outputTokens: 4,
    })
    expect(
      responses.usageOf({ type: 'response.completed', response: { usage: { input_tokens: 3, output_tokens: 4 } } }),
    ).toEqual({ inputTokens: 3, outputTokens: 4 })
    expect(
      messages.usageOf({
        type: 'message_start',
        message: {
          usage: { input_tokens: 3, cache_creation_input_tokens: 5, cache_read_input_tokens: 7, output_tokens: 1 },
        },
      }),
    ).toEqual({ inputTokens: 15, outputTokens: 1, parts: { cache_write: 5, cached_input: 7 }, isBegun: true })
    expect(embeddings.usageOf({ usage: { prompt_tokens: 9, total_tokens: 9 } })).toEqual({
      inputTokens: 9,
      outputTokens: 0,
    })
    expect(chatCompletions.usageOf({ usage: { prompt_tokens: -1, completion_tokens: Infinity } })).toBeNull()
    expect(chatCompletions.usageOf({ usage: null })).toBeNull()
  })
})

describe('a body that the stages cannot read', () => {
  it.each([
    [{}, 'model'],
    [{ model: '' }, 'model'],
    [{ model: ['m'] }, 'model'],
    [{ model: 'm', stream: 'yes' }, 'stream'],
    [{ model: 'm', stream: 1 }, 'stream'],
  ])('%j is refused for %s', (body, parameter) => {
    for (const api of [chatCompletions, responses, messages]) {
      expect(() => api.factsOf(body)).toThrow(expect.objectContaining({ code: 'invalid-request', parameter }))
    }
  })
})
