import { describe, expect, it } from 'vitest'
import { chatCompletions } from '../../../../src/gateway/apis/chat-completions.ts'
import { messages } from '../../../../src/gateway/apis/messages.ts'
import { responses } from '../../../../src/gateway/apis/responses.ts'

describe('tools that a provider ran for an answer', () => {
  const usage = { input_tokens: 1, output_tokens: 2 }
  const tokens = { inputTokens: 1, outputTokens: 2 }

  it('are counted by their items in Responses', () => {
    const ofTypes = (...types: readonly unknown[]) =>
      responses.usageOf({ usage, output: types.map((type) => ({ type })) })
    for (const tool of ['web_search', 'file_search', 'code_interpreter', 'image_generation', 'mcp']) {
      expect(ofTypes(`${tool}_call`)).toStrictEqual({ ...tokens, toolUses: { [tool]: 1 } })
    }
    expect(ofTypes('mcp_call', 'message', 'web_search_call', 'mcp_call')).toStrictEqual({
      ...tokens,
      toolUses: { mcp: 2, web_search: 1 },
    })
    expect(ofTypes('function_call', 'my_mcp_call', 'mcp_calls', 'mcp', null, undefined)).toStrictEqual(tokens)
    expect(responses.usageOf({ usage, output: 'x' })).toStrictEqual(tokens)
  })

  it('are counted by name in Messages', () => {
    const counted = (server_tool_use: unknown) => messages.usageOf({ usage: { ...usage, server_tool_use } })
    expect(counted({ web_search_requests: 2, web_fetch_requests: 1 })).toStrictEqual({
      ...tokens,
      toolUses: { web_search: 2, web_fetch: 1 },
    })
    for (const none of [
      null,
      'x',
      [],
      {},
      { web_search_requests: 0 },
      { web_search_requests: -1 },
      { web_search: 2 },
    ]) {
      expect(counted(none)).toStrictEqual(tokens)
    }
    expect(counted({ web_search_requests: 1, requests: 4, later_requests: '5' })).toStrictEqual({
      ...tokens,
      toolUses: { web_search: 1 },
    })
  })
})

describe('what went through a cache in Messages', () => {
  it('is a part of what was sent, each with its name', () => {
    const counted = (own: object) => messages.usageOf({ usage: { input_tokens: 5, output_tokens: 7, ...own } })
    expect(counted({ cache_creation_input_tokens: 10, cache_read_input_tokens: 100 })).toStrictEqual({
      inputTokens: 115,
      outputTokens: 7,
      parts: { cache_write: 10, cached_input: 100 },
    })
    expect(counted({ cache_creation_input_tokens: 10 })).toStrictEqual({
      inputTokens: 15,
      outputTokens: 7,
      parts: { cache_write: 10 },
    })
    expect(counted({ cache_read_input_tokens: 100, cache_creation_input_tokens: 0 })).toStrictEqual({
      inputTokens: 105,
      outputTokens: 7,
      parts: { cached_input: 100 },
    })
    expect(counted({ cache_read_input_tokens: null, cache_creation_input_tokens: -3 })).toStrictEqual({
      inputTokens: 5,
      outputTokens: 7,
    })
    expect(counted({ input_tokens: undefined, cache_read_input_tokens: 4 })).toMatchObject({ inputTokens: 4 })
  })
})

describe('answers that a chat completion asks for at once', () => {
  it.each([
    [2, 2],
    [1, undefined],
    [0, undefined],
    [-3, undefined],
    [128, 128],
    ['2', undefined],
    [null, undefined],
  ])('%j are %j', (n, choices) => {
    expect(chatCompletions.factsOf({ model: 'm', n }).choices).toBe(choices)
  })
})
