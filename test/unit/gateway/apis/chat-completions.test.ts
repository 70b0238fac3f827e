import { describe, expect, it } from 'vitest'
import { chatCompletions } from '../../../../src/gateway/apis/chat-completions.ts'
import { endsOf } from '../../../support/http/stream-end.ts'

const facts = (body: object) => chatCompletions.factsOf({ model: 'm', ...body })

describe('a request for Chat Completions', () => {
  it('says its model and nothing more where it has nothing more', () => {
    expect(facts({ messages: [{ role: 'user', content: 'x' }] })).toEqual({
      model: 'm',
      streamed: false,
      outputTokens: null,
      hostedTools: [],
      ids: [],
      itemIds: [],
    })
  })

  it.each([
    [{ stream: true }, true],
    [{ stream: false }, false],
    [{ stream: null }, false],
  ])('is a stream where it asks for one: %j', (body, streamed) => {
    expect(facts(body).streamed).toBe(streamed)
  })

  it.each([
    [{ max_tokens: 30 }, 30],
    [{ max_completion_tokens: 40 }, 40],
    [{ max_tokens: 30, max_completion_tokens: 40 }, 40],
    [{ max_tokens: 40, max_completion_tokens: 30 }, 40],
    [{ max_output_tokens: 30 }, null],
  ])('may cost the greatest of its limits: %j', (body, outputTokens) => {
    expect(facts(body).outputTokens).toBe(outputTokens)
  })

  it.each([
    [{ messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'f' } }] }] }],
    [{ audio: { file_id: 'f' } }],
    [{ audio: { format: 'wav', voice: { id: 'f' } } }],
    [{ prompt: { id: 'f' } }],
    [{ conversation: 'f' }],
  ])('refers to what is kept in any member that may name it: %j', (body) => {
    expect(facts(body).ids.map(({ name }) => name)).toEqual(['f'])
  })

  it('has no ids in members that are its own', () => {
    const parameters = { properties: { file_id: { type: 'string' } }, default: { file_id: 'f' } }
    const body = { metadata: { file_id: 'f' }, user: 'u', tools: [{ type: 'function', function: { parameters } }] }
    expect(facts(body)).toMatchObject({ ids: [], itemIds: [] })
  })

  it('names hosted tools, the search, other models and addresses, in that order, with the member of each', () => {
    const image = { type: 'image_url', image_url: { url: 'https://a.example/b.png' } }
    const body = {
      tools: [{ type: 'function' }, { type: 'custom' }, { type: 'code_interpreter' }],
      web_search_options: {},
      models: ['m', 'n'],
      messages: [{ role: 'user', content: [image] }],
    }
    expect(facts(body).hostedTools).toEqual([
      { name: 'code_interpreter', parameter: 'tools[2].type' },
      { name: 'web_search', parameter: 'web_search_options' },
      { name: 'fallbacks', parameter: 'models' },
      { name: 'image_urls', parameter: 'messages[0].content[0].image_url' },
    ])
  })

  it.each(['functions', 'my_custom', 'namespace', 'local_shell'])('needs the right to tools of the type %s', (type) => {
    expect(facts({ tools: [{ type }] }).hostedTools).toEqual([{ name: type, parameter: 'tools[0].type' }])
  })

  it.each([[{ web_search_options: null }], [{ search_options: {} }], [{}]])(
    'searches nothing without options for it: %j',
    (body) => {
      expect(facts(body).hostedTools).toEqual([])
    },
  )
})

describe('an answer of Chat Completions', () => {
  it('counts prompt and completion', () => {
    const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 9 }
    expect(chatCompletions.usageOf({ usage })).toEqual({ inputTokens: 3, outputTokens: 4 })
    expect(chatCompletions.usageOf({})).toBeNull()
  })

  it('keeps the audio of its messages and of its deltas', () => {
    const choices = [
      { message: { audio: { id: 'audio_1' } } },
      { delta: { audio: { id: 'audio_2', data: 'AA' } } },
      { message: { audio: { id: 'audio_3' } }, delta: { audio: { id: 'audio_4' } } },
    ]
    expect(chatCompletions.keptIdsOf({ choices })).toEqual(['audio_1', 'audio_2', 'audio_3', 'audio_4'])
  })

  it.each([
    [{}],
    [{ choices: null }],
    [{ choices: [null, 7] }],
    [{ id: 'chatcmpl_1', choices: [{ message: { content: 'x' }, delta: null }] }],
    [{ choices: [{ message: null, delta: { audio: null } }] }],
    [{ choices: [{ message: { audio: { id: 7 } }, delta: { audio: { data: 'AA' } } }] }],
    [{ choices: [{ message: { audio: 'audio_1' } }] }],
  ])('keeps nothing else: %j', (data) => {
    expect(chatCompletions.keptIdsOf(data)).toEqual([])
  })

  it.each([
    ['data: {"choices":[{"finish_reason":"stop"}]}\n\n', ['reason']],
    ['data: {"choices":[{"finish_reason" : "length"}]}\n\n', ['reason']],
    ['data: {"choices":[{"finish_reason":"stop"}]}\n\ndata: {"usage":{}}\n\n', ['reason', null]],
    ['data: [DONE]\n\n', ['end']],
    ['data:[DONE]\n\n', ['end']],
    ['data: {}\n\ndata: [DONE]\n\n', [null, 'end']],
    ['data: {"choices":[{"finish_reason":null}]}\n\n', [null]],
    // Some endpoints write so until there is a reason.
    ['data: {"choices":[{"finish_reason":""}]}\n\n', [null]],
    ['data: {"choices":[{"delta":{"content":"data: [DONE]"}}]}\n\n', [null]],
    ['data: {"choices":[{"delta":{"content":"\\"finish_reason\\":\\"stop\\""}}]}\n\n', [null]],
    ['', []],
  ])('says why it ends by a reason, and that it ends by DONE: %j', (events, expected) => {
    expect(endsOf(chatCompletions, [events])).toEqual(expected)
  })

  const over = (index: number) => `data: {"choices":[{"index":${index},"finish_reason":"stop"}]}\n\n`

  it('is over when every answer that was asked for has its reason, in one text or several', () => {
    expect(endsOf(chatCompletions, [over(1), over(0)], { choices: 2 })).toEqual([null, 'reason'])
    expect(endsOf(chatCompletions, [over(1) + over(0)], { choices: 2 })).toEqual([null, 'reason'])
    expect(endsOf(chatCompletions, [over(0), over(0), 'data: [DONE]\n\n'], { choices: 2 })).toEqual([null, null, 'end'])
    expect(endsOf(chatCompletions, [over(0), over(2), over(1)], { choices: 3 })).toEqual([null, null, 'reason'])
    expect(endsOf(chatCompletions, [over(0)], { choices: 1 })).toEqual(['reason'])
  })

  it.each<[object, boolean]>([
    [{ choices: [{ message: { content: 'x' }, finish_reason: 'stop' }] }, true],
    // Small servers say no reason at all.
    [{ choices: [{ message: { content: 'x' } }] }, true],
    [{ choices: [{ message: { content: 'x' }, finish_reason: null }] }, false],
    [{ choices: [{ message: { content: 'x' }, finish_reason: '' }] }, false],
    [
      {
        choices: [
          { message: {}, finish_reason: 'stop' },
          { message: {}, finish_reason: null },
        ],
      },
      false,
    ],
    [{ choices: [{ finish_reason: 'stop' }] }, false],
    [{ choices: [] }, false],
    [{ choices: null }, false],
    [{}, false],
    [{ detail: 'Internal Server Error' }, false],
  ])('that comes as a whole is one: %j', (data, expected) => {
    expect(chatCompletions.isAnswer({ ...data }, chatCompletions.factsOf({ model: 'm', messages: [] }))).toBe(expected)
  })

  it.each<[object, boolean]>([
    [{ error: { message: 'm' } }, true],
    [{ error: 'm' }, true],
    [{ error: ['m'] }, true],
    [{ error: true }, true],
    [{ object: 'error', message: 'm', code: 400 }, true],
    [{ error: null }, false],
    [{ error: '' }, false],
    [{ error: false }, false],
    [{ object: 'chat.completion.chunk', choices: [] }, false],
  ])('tells of a failure wherever a client would take it for one: %j', (data, expected) => {
    expect(chatCompletions.failureOf({ ...data }) !== null).toBe(expected)
  })

  it.each([
    [{}, undefined],
    [{ n: null }, undefined],
    [{ n: 0 }, undefined],
    [{ n: '3' }, undefined],
    [{ n: 1 }, undefined],
    [{ n: 2 }, 2],
    [{ n: 3 }, 3],
  ])('asks for as many answers as its n says: %j', (more, expected) => {
    expect(chatCompletions.factsOf({ model: 'm', messages: [], ...more }).choices).toBe(expected)
  })

  it.each([
    'data: {"choices":[{"delta":{"x":{"finish_reason":"stop"}},"finish_reason":null}]}\n\n',
    'data: {"metadata":{"finish_reason":"stop"},"choices":[]}\n\n',
  ])('does not end with a reason that is not of an answer: %s', (events) => {
    expect(endsOf(chatCompletions, [events])).toEqual([null])
  })

  it.each([
    ['data: {"choices":[{"delta":{"audio":{"id":"a"}}}]}\n\n', true],
    ['data: {"choices":[{"delta":{"content":"an audio"}}]}\n\n', false],
  ])('may keep something where it has audio: %j', (events, expected) => {
    expect(chatCompletions.mayKeep(events)).toBe(expected)
  })
})
