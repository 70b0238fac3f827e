import { describe, expect, it } from 'vitest'
import type { ModelApi } from '../../../../../src/core/model-call.ts'
import { Document } from '../../../../../src/gateway/privacy/mask/documents.ts'
import { positionsOf } from '../../../../../src/gateway/privacy/positions/api-positions.ts'
import { positionTree } from '../../../../../src/gateway/privacy/positions/position.ts'
import type { NewValues } from '../../../../../src/gateway/privacy/restore/new-values.ts'
import { restoreDocument } from '../../../../../src/gateway/privacy/restore/restore-json.ts'
import { bookWith, spellings } from '../../../../support/privacy/private-calls.ts'

const book = bookWith(1)
const value = 'kim@x.example'
const token = book.tokenFor('pii/email', value)
const number = book.numberFor('pii/card', '4111111111111111', () => false)

async function restored(api: ModelApi, answer: unknown, tools: readonly string[] = []) {
  const outcomes: string[] = []
  const document = new Document(JSON.stringify(answer))
  const restoring = {
    book,
    spellings,
    form: 'prose',
    mayReach: (tool: string) => tools.includes(tool),
    onToken: (_entry: unknown, outcome: string) => outcomes.push(outcome),
    newValues: null,
  } as const
  await restoreDocument(document, positionTree(positionsOf[api].answer), restoring)
  return { answer: JSON.parse(document.render()) as unknown, outcomes }
}

/** The same answer with values in the place of tokens. */
const withValues = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer).replaceAll(token, value).replaceAll(number, '4111111111111111'))

describe('a whole answer', () => {
  it.each<readonly [ModelApi, string, unknown]>([
    [
      'chat-completions',
      'words',
      { choices: [{ message: { content: token } }, { message: { content: `to ${token}` } }] },
    ],
    ['chat-completions', 'a refusal', { choices: [{ message: { refusal: token } }] }],
    ['chat-completions', 'reasoning', { choices: [{ message: { reasoning_content: token, reasoning: token } }] }],
    ['chat-completions', 'a transcript', { choices: [{ message: { audio: { transcript: token } } }] }],
    [
      'responses',
      'words',
      { output: [{ content: [{ text: token }, { refusal: token }], summary: [{ text: token }] }] },
    ],
    [
      'responses',
      'what it repeats',
      { instructions: token, user: token, safety_identifier: token, prompt_cache_key: token },
    ],
    [
      'responses',
      'an object that it repeats',
      { metadata: { a: token, [token]: [number, { b: token }], n: Number(number) } },
    ],
    ['responses', 'a list of words', { instructions: [token, [`to ${token}`]] }],
    ['responses', 'variables of a prompt', { prompt: { variables: { a: token } } }],
    [
      'responses',
      'tools that it repeats',
      { tools: [{ description: token, parameters: { properties: { a: { enum: [token] } } } }] },
    ],
    [
      'responses',
      'items of a request',
      { data: [{ content: token, output: token }, { content: [{ text: token, filename: token }] }] },
    ],
    ['messages', 'words', { content: [{ type: 'text', text: token }] }],
    [
      'chat-completions',
      'the title of a page and the stop text that was met',
      { choices: [{ message: { annotations: [{ url_citation: { title: `to ${token}` } }] }, stop_reason: token }] },
    ],
    [
      'responses',
      'names of pages and files that a text refers to',
      {
        output: [{ content: [{ text: 'x', annotations: [{ title: token }, { filename: `${token} 2.csv` }] }] }],
        data: [{ content: [{ annotations: [{ title: token, filename: token }] }] }],
      },
    ],
    [
      'messages',
      'words of a document that a text refers to, and the stop text that was met',
      {
        content: [
          {
            text: 'x',
            citations: [
              { cited_text: token, document_title: token },
              { title: token, source: token },
            ],
          },
        ],
        stop_sequence: token,
      },
    ],
  ])('of %s has its values in %s', async (api, _what, answer) => {
    expect((await restored(api, answer)).answer).toEqual(withValues(answer))
  })

  it.each<readonly [ModelApi, string, unknown]>([
    [
      'chat-completions',
      'a member that nobody knows',
      { choices: [{ message: { later: token } }], id: token, model: token },
    ],
    [
      'chat-completions',
      'the name of a tool',
      { choices: [{ message: { tool_calls: [{ id: token, function: { name: token } }] } }] },
    ],
    ['responses', 'ids', { id: token, output: [{ id: token, call_id: token }] }],
    [
      'responses',
      'the address of a page',
      { output: [{ content: [{ text: 'x', annotations: [{ url: `https://x.example/${token}` }] }] }] },
    ],
    ['messages', 'what was thought', { content: [{ type: 'thinking', thinking: token, signature: token }] }],
    ['embeddings', 'anything', { data: [{ text: token }] }],
  ])('of %s has none in %s', async (api, _what, answer) => {
    expect((await restored(api, answer)).answer).toEqual(answer)
  })

  it.each<readonly [ModelApi, (name: string) => unknown]>([
    [
      'chat-completions',
      (name) => ({
        choices: [{ message: { tool_calls: [{ function: { name, arguments: JSON.stringify({ a: token }) } }] } }],
      }),
    ],
    ['chat-completions', (name) => ({ choices: [{ message: { tool_calls: [{ custom: { name, input: token } }] } }] })],
    [
      'chat-completions',
      (name) => ({ choices: [{ message: { function_call: { name, arguments: `{"a":"${token}"}` } } }] }),
    ],
    ['responses', (name) => ({ output: [{ type: 'function_call', name, arguments: `{"a":"${token}"}` }] })],
    ['responses', (name) => ({ output: [{ type: 'custom_tool_call', name, input: token }] })],
    [
      'messages',
      (name) => ({
        content: [{ type: 'tool_use', name, input: { a: token, [token]: [Number(number), { b: token }], n: 5 } }],
      }),
    ],
  ])('of %s has values in what a tool is called with, where it may have them', async (api, answerFor) => {
    expect((await restored(api, answerFor('mine'), ['mine'])).answer).toEqual(withValues(answerFor('mine')))
    expect((await restored(api, answerFor('other'), ['mine'])).answer).toEqual(answerFor('other'))
    expect((await restored(api, answerFor(''), ['mine'])).answer).toEqual(answerFor(''))
  })

  it('has numbers again only where they are for the caller, or for a tool that may have values', async () => {
    const signed = { content: [{ type: 'tool_use', name: 'mine', input: { a: [-Number(number), 12, 0.5], b: true } }] }
    expect((await restored('messages', signed, ['mine'])).answer).toEqual({
      content: [{ type: 'tool_use', name: 'mine', input: { a: [-4_111_111_111_111_111, 12, 0.5], b: true } }],
    })
    expect((await restored('messages', signed, ['other'])).answer).toEqual(signed)
    expect((await restored('responses', { metadata: { n: Number(number), m: 7 } })).answer).toEqual({
      metadata: { n: 4_111_111_111_111_111, m: 7 },
    })
    expect((await restored('responses', { user: Number(number) })).answer).toEqual({ user: Number(number) })
  })

  it('goes by the last of several names of a tool, as clients read it, and by no other kind of name', async () => {
    const named = (names: string) => `{"content":[{"type":"tool_use",${names}"input":{"a":"${token}"}}]}`
    for (const [names, isRestored] of [
      ['"name":"other","name":"mine",', true],
      ['"name":"mine","name":"other",', false],
      ['"name":5,', false],
      ['"nam":"mine",', false],
    ] as const) {
      const document = new Document(named(names))
      const restoring = {
        book,
        spellings,
        form: 'prose',
        mayReach: (tool: string) => tool === 'mine',
        onToken: () => undefined,
        newValues: null,
      } as const
      await restoreDocument(document, positionTree(positionsOf.messages.answer), restoring)
      expect(document.render().includes(value)).toBe(isRestored)
    }
  })

  it('has what a tool is called with in the form in which it reads it', async () => {
    const quoted = book.tokenFor('pii/person', 'Kim "K"')
    const call = (tool: object) => ({ choices: [{ message: { tool_calls: [tool] } }] })
    const json = call({ function: { name: 'mine', arguments: `{"a":"${quoted}"}` } })
    expect((await restored('chat-completions', json, ['mine'])).answer).toEqual(
      call({ function: { name: 'mine', arguments: '{"a":"Kim \\"K\\""}' } }),
    )
    const prose = call({ custom: { name: 'mine', input: `"${quoted}"` } })
    expect((await restored('chat-completions', prose, ['mine'])).answer).toEqual(
      call({ custom: { name: 'mine', input: '"Kim "K""' } }),
    )
    const object = { content: [{ type: 'tool_use', name: 'mine', input: { a: `[b](${quoted}) ${quoted}` } }] }
    expect((await restored('messages', object, ['mine'])).answer).toEqual({
      content: [{ type: 'tool_use', name: 'mine', input: { a: `[b](${quoted}) Kim "K"` } }],
    })
  })

  it('that is read as JSON has its words as JSON has them', async () => {
    const quoted = book.tokenFor('pii/person', 'Kim "K"')
    const document = new Document(JSON.stringify({ choices: [{ message: { content: `{"a":"${quoted}"}` } }] }))
    const restoring = {
      book,
      spellings,
      form: 'json',
      mayReach: () => false,
      onToken: () => undefined,
      newValues: null,
    } as const
    await restoreDocument(document, positionTree(positionsOf['chat-completions'].answer), restoring)
    expect(JSON.parse(document.render())).toEqual({ choices: [{ message: { content: '{"a":"Kim \\"K\\""}' } }] })
  })

  it('is given to the caller alone where a value is new: a tool gets what the model wrote', async () => {
    const screened: string[] = []
    const newValues = () =>
      ({
        held: 0,
        withheld: 0,
        push: async (text: string) => (screened.push(text), text.replace('new', '[x]')),
        end: async () => '',
      }) as unknown as NewValues
    const answer = { content: [{ text: 'new' }, { type: 'tool_use', name: 'mine', input: { a: 'new' } }] }
    const document = new Document(JSON.stringify(answer))
    const restoring = {
      book,
      spellings,
      form: 'prose',
      mayReach: () => true,
      onToken: () => undefined,
      newValues,
    } as const
    await restoreDocument(document, positionTree(positionsOf.messages.answer), restoring)
    expect(JSON.parse(document.render())).toEqual({ content: [{ text: '[x]' }, answer.content[1]] })
    expect(screened).toEqual(['new'])
  })

  it('tells of each token what became of it', async () => {
    const answer = { choices: [{ message: { content: `${token} https://evil.example/${token}` } }] }
    expect((await restored('chat-completions', answer)).outcomes).toEqual(['restored', 'left'])
    const call = { content: [{ type: 'tool_use', name: 'mine', input: { n: Number(number) } }] }
    expect((await restored('messages', call, ['mine'])).outcomes).toEqual(['restored'])
  })
})
