import { describe, expect, it } from 'vitest'
import { apis } from '../../../../src/gateway/apis/apis.ts'
import type { JsonObject } from '../../../../src/gateway/apis/api.ts'

const plain: Readonly<Record<string, JsonObject>> = {
  'chat-completions': { model: 'm', messages: [{ role: 'user', content: 'Hi' }] },
  responses: { model: 'm', input: 'Hi' },
  messages: { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] },
  'token-counts': { model: 'm', messages: [{ role: 'user', content: 'Hi' }] },
  embeddings: { model: 'm', input: 'Hi' },
}
const factsOf = (api: string, more: JsonObject) =>
  Object.entries(apis)
    .find(([name]) => name === api)?.[1]
    .factsOf({ ...plain[api], ...more })

// A server written in Go reads `Model` as `model`, and `tool\u017f` as `tools`.
describe.each(Object.keys(apis))('a body for %s', (api) => {
  it.each(['Model', 'MODEL', 'mOdel', 'Input', 'Tools', 'tool\u017f', 'Fallbacks', 'Previous_Response_Id', 'File_Ids'])(
    'with %s beside what is read is refused by its place',
    (name) => {
      expect(() => factsOf(api, { [name]: 'x' })).toThrow(`${name}: is another spelling of`)
    },
  )

  it.each(['Temperature', 'X-Trace', 'imageUrl', 'ModelName'])('with %s, which nothing reads, is as it is', (name) => {
    expect(factsOf(api, { [name]: 'x' })).toMatchObject({ model: 'm', hostedTools: [], ids: [], itemIds: [] })
  })
})

describe.each(['chat-completions', 'responses', 'messages', 'token-counts'])('below the body of %s', (api) => {
  it('another spelling is refused, too, but in what is data of the caller', () => {
    expect(() => factsOf(api, { extra: [{ File_Id: 'file-1' }] })).toThrow('extra[0].File_Id: is another spelling')
    expect(factsOf(api, { metadata: { Model: 'x', Type: 'y' } })).toMatchObject({ model: 'm' })
    const tools = [{ type: 'function', name: 'f', parameters: { properties: { Type: {} } }, input_schema: { Type: 1 } }]
    expect(() => factsOf(api, { tools })).not.toThrow()
  })

  it.each(['web_search', { type: 'web_search' }, [[{ type: 'web_search' }]], ['web_search'], 7])(
    'tools that are no list of objects are refused: %j',
    (tools) => {
      expect(() => factsOf(api, { tools })).toThrow('tools: must be a list of objects')
    },
  )

  it('tools are found wherever something brings them', () => {
    const content = [{ type: 'text', tools: [{ type: 'mcp', server_url: 'https://a.example' }] }]
    const body =
      api === 'responses' ? { input: [{ role: 'user', content }] } : { messages: [{ role: 'user', content }] }
    expect(factsOf(api, body)?.hostedTools).toEqual([expect.objectContaining({ name: 'mcp' })])
  })
})

describe.each(['chat-completions', 'responses'])('an endpoint of %s that is a router', (api) => {
  it.each([
    ['models', ['other'], 'fallbacks'],
    ['fallbacks', ['other'], 'fallbacks'],
    ['context_window_fallbacks', [{ m: ['other'] }], 'fallbacks'],
    ['content_policy_fallbacks', [{ m: ['other'] }], 'fallbacks'],
    ['preset', 'other', 'fallbacks'],
    ['web_search_options', {}, 'web_search'],
    ['plugins', [{ id: 'web' }], 'web_search'],
    ['search_parameters', { mode: 'on' }, 'web_search'],
    ['enable_search', true, 'web_search'],
  ])('needs a right for %s', (member, value, right) => {
    expect(factsOf(api, { [member]: value })?.hostedTools).toEqual([{ name: right, parameter: member }])
  })

  it('needs none for a search that is switched off', () => {
    expect(factsOf(api, { enable_search: false, plugins: null })?.hostedTools).toEqual([])
  })
})

describe('the input of Responses', () => {
  it.each([{ type: 'item_reference', id: 'msg_1' }, [[{ type: 'item_reference', id: 'msg_1' }]], [7], 7])(
    'that is neither a text nor a list of objects is refused: %j',
    (input) => {
      expect(() => factsOf('responses', { input })).toThrow('input: must be a list of objects')
    },
  )

  it.each([
    [{ type: 'item_reference', id: 'msg_1', result: 'x' }],
    [{ type: 'item_reference', id: 'msg_1', encrypted_content: 'x' }],
    [{ id: 'msg_1', encrypted_content: 'x' }],
    [{ type: 'reasoning', id: 'msg_1', result: 'x' }],
    [{ type: 'reasoning', id: 'msg_1', encrypted_content: '' }],
  ])('%j refers to what is kept, whatever else is in it', (item) => {
    expect(factsOf('responses', { input: [item] })?.ids).toEqual([{ name: 'msg_1', parameter: 'input[0].id' }])
  })
})
