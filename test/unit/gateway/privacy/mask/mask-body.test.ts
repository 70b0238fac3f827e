import { describe, expect, it } from 'vitest'
import type { ModelApi } from '../../../../../src/core/model-call.ts'
import { restoreText } from '../../../../../src/gateway/privacy/restore/text-restorer.ts'
import { maskForTest, spellings } from '../../../../support/privacy/private-calls.ts'
import { verifies } from '../../../../support/verifies.ts'

const email = 'kim.wexler@hamlin.example'
const card = '4111 1111 1111 1111'
const data = (type: string, text: string): string => `data:${type};base64,${Buffer.from(text).toString('base64')}`

/** Bodies with `VALUE` at one position, for each API. */
const positions: readonly (readonly [api: ModelApi, position: string, body: (value: string) => unknown])[] = [
  ['chat-completions', 'system text', (v) => ({ messages: [{ role: 'system', content: v }] })],
  ['chat-completions', 'developer text', (v) => ({ messages: [{ role: 'developer', content: [{ type: 'text', text: v }] }] })],
  ['chat-completions', 'user text', (v) => ({ messages: [{ role: 'user', content: v }] })],
  ['chat-completions', 'a part of a user message', (v) => ({ messages: [{ role: 'user', content: [{ type: 'text', text: v }] }] })],
  ['chat-completions', 'assistant text', (v) => ({ messages: [{ role: 'assistant', content: v }] })],
  ['chat-completions', 'a refusal', (v) => ({ messages: [{ role: 'assistant', refusal: v }] })],
  ['chat-completions', 'arguments of a call', (v) => ({ messages: [{ role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: JSON.stringify({ to: v }) } }] }] })],
  ['chat-completions', 'a name within the arguments of a call', (v) => ({ messages: [{ role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: JSON.stringify({ [v]: 1 }) } }] }] })],
  ['chat-completions', 'arguments that are no JSON', (v) => ({ messages: [{ role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: `{"to": "${v}` } }] }] })],
  ['chat-completions', 'input of a custom call', (v) => ({ messages: [{ role: 'assistant', tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'f', input: v } }] }] })],
  ['chat-completions', 'a function_call', (v) => ({ messages: [{ role: 'assistant', function_call: { name: 'f', arguments: JSON.stringify([v]) } }] })],
  ['chat-completions', 'the result of a tool', (v) => ({ messages: [{ role: 'tool', tool_call_id: 'c', content: JSON.stringify({ rows: [{ email: v }] }) }] })],
  ['chat-completions', 'the name of a participant', (v) => ({ messages: [{ role: 'user', name: v, content: 'hi' }] })],
  ['chat-completions', 'the name of a file', (v) => ({ messages: [{ role: 'user', content: [{ type: 'file', file: { filename: `${v}.txt` } }] }] })],
  ['chat-completions', 'a text file', (v) => ({ messages: [{ role: 'user', content: [{ type: 'file', file: { file_data: data('text/csv', `a,b\n1,${v}\n`) } }] }] })],
  ['chat-completions', 'reasoning of an open model', (v) => ({ messages: [{ role: 'assistant', reasoning_content: v }] })],
  ['chat-completions', 'the description of a tool', (v) => ({ messages: [], tools: [{ type: 'function', function: { name: 'f', description: v } }] })],
  ['chat-completions', 'the description of a parameter', (v) => ({ messages: [], tools: [{ type: 'function', function: { name: 'f', parameters: { properties: { a: { description: v } } } } }] })],
  ['chat-completions', 'the values of an enumeration', (v) => ({ messages: [], tools: [{ type: 'function', function: { name: 'f', parameters: { properties: { a: { enum: [v] } } } } }] })],
  ['chat-completions', 'metadata', (v) => ({ messages: [], metadata: { customer: v } })],
  ['chat-completions', 'a name of metadata', (v) => ({ messages: [], metadata: { [v]: 'x' } })],
  ['chat-completions', 'the end user', (v) => ({ messages: [], user: v })],
  ['chat-completions', 'stop', (v) => ({ messages: [], stop: v })],
  ['chat-completions', 'one of several stops', (v) => ({ messages: [], stop: ['x', v] })],
  ['chat-completions', 'a prediction', (v) => ({ messages: [], prediction: { type: 'content', content: [{ type: 'text', text: v }] } })],
  ['chat-completions', 'the schema of the answer', (v) => ({ messages: [], response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { properties: { a: { const: v } } } } } })],
  ['chat-completions', 'a place of a search', (v) => ({ messages: [], web_search_options: { user_location: { approximate: { city: v } } } })],
  ['chat-completions', 'a member that nobody knows', (v) => ({ messages: [], x_later: { deep: [{ er: v }] } })],
  ['chat-completions', 'a part that nobody knows', (v) => ({ messages: [{ role: 'user', content: [{ type: 'later', later: { value: v } }] }] })],
  ['responses', 'input', (v) => ({ input: v })],
  ['responses', 'instructions', (v) => ({ instructions: v, input: '' })],
  ['responses', 'the text of a message', (v) => ({ input: [{ role: 'user', content: v }] })],
  ['responses', 'a part of a message', (v) => ({ input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: v }] }] })],
  ['responses', 'output that comes back', (v) => ({ input: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: v }] }] })],
  ['responses', 'arguments of a call', (v) => ({ input: [{ type: 'function_call', call_id: 'c', name: 'f', arguments: JSON.stringify({ a: { b: v } }) }] })],
  ['responses', 'output of a function', (v) => ({ input: [{ type: 'function_call_output', call_id: 'c', output: v }] })],
  ['responses', 'a part of the output of a function', (v) => ({ input: [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: v }] }] })],
  ['responses', 'input of a custom tool', (v) => ({ input: [{ type: 'custom_tool_call', call_id: 'c', name: 'f', input: v }] })],
  ['responses', 'a summary of reasoning', (v) => ({ input: [{ type: 'reasoning', summary: [{ type: 'summary_text', text: v }] }] })],
  ['responses', 'a text file', (v) => ({ input: [{ role: 'user', content: [{ type: 'input_file', filename: 'a', file_data: data('application/json', JSON.stringify([v])) }] }] })],
  ['responses', 'the command of a shell', (v) => ({ input: [{ type: 'local_shell_call', action: { command: ['mail', v], env: { TO: v } } }] })],
  ['responses', 'variables of a prompt', (v) => ({ prompt: { id: 'p', variables: { name: v } } })],
  ['responses', 'a tool', (v) => ({ input: '', tools: [{ type: 'function', name: 'f', description: v, parameters: {} }] })],
  ['responses', 'metadata', (v) => ({ input: '', metadata: { a: v } })],
  ['responses', 'the end user', (v) => ({ input: '', safety_identifier: v })],
  ['responses', 'the key of a cache', (v) => ({ input: '', prompt_cache_key: v })],
  ['responses', 'a schema', (v) => ({ input: '', text: { format: { type: 'json_schema', name: 'x', schema: { description: v } } } })],
  ['responses', 'an item that nobody knows', (v) => ({ input: [{ type: 'later_call', payload: { a: v } }] })],
  ['messages', 'system', (v) => ({ system: v, messages: [] })],
  ['messages', 'a block of system', (v) => ({ system: [{ type: 'text', text: v, cache_control: { type: 'ephemeral' } }], messages: [] })],
  ['messages', 'text', (v) => ({ messages: [{ role: 'user', content: v }] })],
  ['messages', 'a block of text', (v) => ({ messages: [{ role: 'user', content: [{ type: 'text', text: v }] }] })],
  ['messages', 'the input of a tool', (v) => ({ messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: { a: [v] } }] }] })],
  ['messages', 'a name in the input of a tool', (v) => ({ messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: { [v]: 0 } }] }] })],
  ['messages', 'the result of a tool', (v) => ({ messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: v }] }] })],
  ['messages', 'a block of the result of a tool', (v) => ({ messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: v }] }] }] })],
  ['messages', 'a document', (v) => ({ messages: [{ role: 'user', content: [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: v } }] }] })],
  ['messages', 'a document in base64', (v) => ({ messages: [{ role: 'user', content: [{ type: 'document', source: { type: 'base64', media_type: 'text/plain', data: Buffer.from(`to ${v}.`).toString('base64') } }] }] })],
  ['messages', 'the title and the context of a document', (v) => ({ messages: [{ role: 'user', content: [{ type: 'document', title: v, context: v, source: { type: 'content', content: [{ type: 'text', text: v }] } }] }] })],
  ['messages', 'a result of a search', (v) => ({ messages: [{ role: 'user', content: [{ type: 'search_result', source: v, title: v, content: [{ type: 'text', text: v }] }] }] })],
  ['messages', 'a tool', (v) => ({ messages: [], tools: [{ name: 'f', description: v, input_schema: { properties: { a: { examples: [v] } } }, input_examples: [{ a: v }] }] })],
  ['messages', 'metadata', (v) => ({ messages: [], metadata: { user_id: v } })],
  ['messages', 'stops', (v) => ({ messages: [], stop_sequences: [v] })],
  ['token-counts', 'text', (v) => ({ messages: [{ role: 'user', content: v }] })],
  ['embeddings', 'input', (v) => ({ input: v })],
  ['embeddings', 'one of several inputs', (v) => ({ input: ['a', v] })],
  ['embeddings', 'the end user', (v) => ({ input: 'a', user: v })],
] // prettier-ignore

/** Whatever could be read of a text: as it stands, and with base64 opened. */
function readable(body: string): string {
  const opened = [...body.matchAll(/[\w+/]{16,}={0,2}/g)].map(([run]) => Buffer.from(run, 'base64').toString('latin1'))
  return [body, ...opened].join('\n')
}

describe('what a model is sent', () => {
  it.each(positions)('%s: %s holds no value', async (api, _position, bodyOf) => {
    verifies('pii.unknown-positions', 'pii.hidden')
    for (const value of [email, card]) {
      const { body, masked } = await maskForTest(api, bodyOf(value), { by: api === 'embeddings' ? 'words' : 'tokens' })
      expect(readable(body)).not.toContain(value)
      expect(readable(body)).toMatch(api === 'embeddings' ? /email|card/ : /EMAIL_|CARD_/)
      expect(masked.replaced.length).toBeGreaterThan(0)
      // A body that is the same but for the value has the same shape.
      expect(Object.keys(JSON.parse(body) as object)).toHaveLength(Object.keys(bodyOf(value) as object).length)
    }
  })

  it('has another number for a number, with as many digits', async () => {
    const text =
      '{"messages":[],"x":{"card":4111111111111111,"n":[4111111111111111,1],"z":1.0e2},"y":4111111111111111.50}'
    const { body, book } = await maskForTest('chat-completions', text)
    const [number] = book.numbers.keys()
    expect(number).toMatch(/^[1-9]\d{15}$/)
    expect(body).toBe(text.replaceAll('4111111111111111', number ?? ''))
  })

  it('keeps every other byte as it was', async () => {
    const text = `{ "model" : "gpt-5","big":12345678901234567890.50, "e":"\\u00e9\\/" ,\n"messages":[{"content":"to ${email}!","role":"user"}],"z":1e400}`
    const { body } = await maskForTest('chat-completions', text)
    const token = /EMAIL_(?:[A-Z]\d){5}/.exec(body)?.[0] ?? 'none'
    expect(body).toBe(text.replace(email, token))
  })

  it.each([
    ['an exponent', { metadata: { n: 'NUMBER' } }, 4_111_111_111_111_111],
    ['a place that programs compare', { tool_choice: { n: 'NUMBER' } }, 4_111_111_111_111_111],
    ['a list of numbers', { logit_bias: [1, 'NUMBER'] }, 4_111_111_111_111_111],
  ])('has another number in %s', async (what, body, number) => {
    const written = what === 'an exponent' ? '4.111111111111111e15' : String(number)
    const { body: sent, book } = await maskForTest(
      'chat-completions',
      JSON.stringify(body).replace('"NUMBER"', written),
    )
    expect(sent).toBe(JSON.stringify(body).replace('"NUMBER"', [...book.numbers.keys()][0] ?? 'none'))
  })

  it.each([
    ['chat-completions', { logit_bias: { [email]: 1 } }],
    ['chat-completions', { tool_choice: { [email]: 'x' } }],
    [
      'responses',
      { tools: [{ type: 'code_interpreter', container: { type: 'auto', later: [{ description: email }] } }] },
    ],
    ['responses', { input: [{ type: 'message', role: 'user', id: email, content: 'x' }] }],
    [
      'messages',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'a', data: email, signature: email }] }] },
    ],
  ] as const)('%s: %j holds no value either', async (api, body) => {
    expect((await maskForTest(api, body)).body).not.toContain(email)
  })

  it('names the place and the kind of what was replaced, and never the value', async () => {
    const { masked } = await maskForTest('chat-completions', {
      messages: [{ role: 'user', content: [{ type: 'text', text: `${email} ${card}` }] }],
    })
    expect(masked.replaced).toEqual([
      { path: 'messages[0].content[0].text', category: 'pii/email' },
      { path: 'messages[0].content[0].text', category: 'pii/card' },
    ])
  })

  it('never has ids of tokens, which cannot be read', async () => {
    for (const input of [
      [1, 2, 3],
      [[1, 2], [3]],
    ]) {
      await expect(maskForTest('embeddings', { input })).rejects.toMatchObject({ code: 'invalid-request' })
    }
  })
})

describe('one conversation', () => {
  const first = { role: 'user', content: `I am ${email}.` }

  it('has one token for one value in every turn and every place', async () => {
    const { body } = await maskForTest('chat-completions', {
      messages: [
        first,
        { role: 'assistant', content: `Hello ${email}` },
        { role: 'user', content: `{"a":"${email}"}` },
      ],
    })
    expect(new Set(body.match(/EMAIL_\w+/g)).size).toBe(1)
    expect(body.match(/EMAIL_\w+/g)).toHaveLength(3)
  })

  it('begins with the same bytes in every later turn', async () => {
    const later = [first, { role: 'assistant', content: 'Yes?' }, { role: 'user', content: `And ${card}?` }]
    const one = await maskForTest('chat-completions', { messages: [first] })
    const two = await maskForTest('chat-completions', { messages: later })
    expect(two.body.startsWith(one.body.slice(0, -2))).toBe(true)
  })

  it('keeps the number that stands for another where a later turn says it, and has that one back to the letter', async () => {
    const account = { role: 'user', content: '{"account": 378282246310005}' }
    const one = await maskForTest('chat-completions', { messages: [account] })
    const number = /\d{15}/.exec(one.body)?.[0] ?? ''
    expect(number).not.toBe('378282246310005')
    // A tool without a grant was called with it.
    const said = [`For ${number}.`, `{"of":[${number}]}`, `{"n":"${number}"}`]
    const messages = [account, ...said.map((content) => ({ role: 'tool', content }))]
    const two = await maskForTest('chat-completions', { messages })
    expect(two.body.startsWith(one.body.slice(0, -2))).toBe(true)
    expect(two.body.split(number)).toHaveLength(2)
    const sent = JSON.parse(two.body) as { readonly messages: readonly { readonly content: string }[] }
    const read = sent.messages.map(({ content }) => restoreText(content, { book: two.book, spellings, form: 'prose' }))
    expect(read).toEqual([account.content, ...said])
  })

  const detectAfterName = (name: string) => async (parts: readonly { readonly text: string }[]) =>
    parts.flatMap(({ text }, part) => {
      const start = text.indexOf(`am ${name}`) + 3
      return start < 3
        ? []
        : [{ part, start, end: start + name.length, category: 'pii/person', action: 'mask' as const }]
    })

  it.each([
    ['mask', 2, ['messages[0].content']],
    ['leave', 1, []],
  ] as const)('%ss an earlier turn with a value that only a later one tells', async (lateFinds, tokens, places) => {
    const messages = [
      { role: 'user', content: 'Is Saul here?' },
      { role: 'assistant', content: 'Who asks?' },
      { role: 'user', content: 'I am Saul' },
    ]
    const { body, masked } = await maskForTest(
      'chat-completions',
      { messages },
      { lateFinds, detect: detectAfterName('Saul') },
    )
    expect(body.match(/PERSON_\w+/g)).toHaveLength(tokens)
    expect(masked.lateFinds).toEqual(places)
  })

  it('has no late find in a value that was found before, or that a longer one of the same turn holds', async () => {
    const late = async (...contents: readonly string[]) => {
      const messages = contents.flatMap((content) => [
        { role: 'assistant', content: 'Go on.' },
        { role: 'user', content },
      ])
      const detect = async (parts: readonly { readonly text: string }[]) =>
        parts.flatMap(({ text }, part) =>
          [...text.matchAll(/am (\w+(?: Goodman)?)/g)].map(({ index, 1: name = '' }) => {
            return {
              part,
              start: index + 3,
              end: index + 3 + name.length,
              category: 'pii/person',
              action: 'mask' as const,
            }
          }),
        )
      return (await maskForTest('chat-completions', { messages }, { detect })).masked.lateFinds
    }
    expect(await late('I am Saul.', 'Is Saul here?')).toEqual([])
    expect(await late('I am Saul Goodman.', 'I am Saul.')).toEqual([])
    expect(await late('I am Saul. Saul Goodman?', 'I am Saul Goodman.')).toEqual(['messages[1].content'])
    expect(await late('Saul?', 'Saul?', 'I am Saul.')).toEqual(['messages[1].content', 'messages[3].content'])
  })

  it('has a late find in the request that tells it first, and in none before or after', async () => {
    const said = (role: string, content: string) => ({ role, content })
    const conversation = [
      said('system', 'Saul may call.'),
      said('user', 'Is Saul here?'),
      said('assistant', 'Who asks?'),
      said('user', 'I am Saul. Saul!'),
      said('assistant', 'Hello.'),
      said('user', 'Where is Saul?'),
    ]
    const late = async (messages: readonly object[]) =>
      (await maskForTest('chat-completions', { messages }, { detect: detectAfterName('Saul') })).masked.lateFinds
    expect(await late(conversation.slice(0, 2))).toEqual([])
    expect(await late(conversation.slice(0, 4))).toEqual(['messages[0].content', 'messages[1].content'])
    expect(await late(conversation)).toEqual([])
    // What no request had before was never sent otherwise.
    expect(await late([said('user', 'Saul?'), said('user', 'I am Saul')])).toEqual([])
    expect(await late([said('user', 'Saul?'), said('user', 'I am Saul'), said('assistant', 'So')])).toEqual([])
  })

  it('is not spread to names that programs compare, or from them', async () => {
    const detect = async (parts: readonly { readonly text: string }[]) =>
      parts.flatMap(({ text }, part) =>
        text === 'saul@x.example' ? [{ part, start: 0, end: 14, category: 'pii/email', action: 'mask' as const }] : [],
      )
    const [word, name] = [{ content: 'to saul@x.example' }, { tool_call_id: 'a saul@x.example' }]
    const sent = async (...messages: readonly object[]) =>
      (await maskForTest('chat-completions', { messages }, { detect })).body
    expect(await sent({ content: 'saul@x.example' }, word, name)).toMatch(
      /"to EMAIL_\w+"\},\{"tool_call_id":"a saul@x\.example"\}/,
    )
    expect(await sent({ tool_call_id: 'saul@x.example' }, word)).toContain('"to saul@x.example"')
  })

  it('spreads a name to whole words only', async () => {
    const messages = [{ role: 'user', content: 'I am Ann. Annual plans of Ann, ANN-Ann.' }]
    const { body } = await maskForTest('chat-completions', { messages }, { detect: detectAfterName('Ann') })
    expect(body.replaceAll(/PERSON_\w+/g, '#')).toContain('I am #. Annual plans of #, ANN-#.')
  })

  it('is changed in nothing that the provider has sealed, and refused where that holds a value', async () => {
    verifies('pii.sealed')
    const bodyOf = (thinking: string) => ({
      messages: [
        first,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking, signature: 'c2lnbmVk' },
            { type: 'redacted_thinking', data: 'ZW5j' },
          ],
        },
      ],
    })
    const { body } = await maskForTest('messages', bodyOf('They gave EMAIL_B1C2D3F4G5'))
    expect(body).toContain('"thinking":"They gave EMAIL_B1C2D3F4G5","signature":"c2lnbmVk"')
    await expect(maskForTest('messages', bodyOf(`They gave ${email}`))).rejects.toMatchObject({
      code: 'refused',
      parameter: 'messages[1].content[0].thinking',
    })
  })
})

describe('what a provider has sealed', () => {
  it.each([
    ['kimwex', true],
    ['kimwe', false],
  ])('is refused where it holds %j: %s, as a shorter value may stand there by chance', async (value, isRefused) => {
    const detect = async (parts: readonly { readonly text: string }[]) =>
      parts.flatMap(({ text }, part) =>
        text === value ? [{ part, start: 0, end: text.length, category: 'pii/person', action: 'mask' as const }] : [],
      )
    const block = { type: 'thinking', thinking: `of ${value}`, signature: 'c2ln' }
    const body = { messages: [{ content: value }, { content: [block] }] }
    const masked = maskForTest('messages', body, { detect, unread: 'pass' })
    if (!isRefused) return expect((await masked).body).toContain(`of ${value}`)
    await expect(masked).rejects.toMatchObject({
      code: 'refused',
      message: 'messages[1].content[0].thinking is signed by the provider and holds a value that it never had.',
      advice: 'Send it as the provider gave it.',
    })
  })
})

describe('words in the place of values', () => {
  const sent = async (input: unknown, ...spans: (readonly [start: number, end: number, category: string])[]) => {
    const detect = async () =>
      spans.map(([start, end, category]) => ({ part: 0, start, end, category, action: 'mask' as const }))
    const { body, masked } = await maskForTest('embeddings', { input }, { detect, by: 'words' })
    return [(JSON.parse(body) as { input: unknown }).input, masked.replaced.map(({ category }) => category)]
  }

  it('are the same for every value of a kind', async () => {
    expect(await sent('Kim and Ann!', [8, 11, 'pii/person'], [0, 3, 'pii/person'])).toEqual([
      'person and person!',
      ['pii/person', 'pii/person'],
    ])
  })

  it('are one for values that overlap, the longest of those that begin first', async () => {
    expect(await sent('0123456789', [1, 3, 'pii/ssn'], [1, 8, 'pii/card'], [4, 6, 'pii/phone'])).toEqual([
      '0card89',
      ['pii/card'],
    ])
    expect(await sent('0123456789', [1, 5, 'pii/card'], [3, 8, 'pii/phone'], [5, 7, 'pii/ssn'])).toEqual([
      '0card89',
      ['pii/card'],
    ])
    expect(await sent('0123456789', [1, 5, 'pii/card'], [5, 7, 'pii/ssn'])).toEqual([
      '0cardssn789',
      ['pii/card', 'pii/ssn'],
    ])
  })

  it('are a nought for a number', async () => {
    expect(await sent(4_111_111_111_111_111, [0, 16, 'pii/card'])).toEqual([0, ['pii/card']])
    expect(await sent(4_111_111_111_111_111)).toEqual([4_111_111_111_111_111, []])
  })
})

describe('what cannot be read', () => {
  const picture = {
    messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: data('image/png', 'x') } }] }],
  }
  const pdf = {
    messages: [
      {
        role: 'user',
        content: [{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } }],
      },
    ],
  }

  it.each([
    ['chat-completions', picture, 'messages[0].content[0].image_url.url'],
    ['messages', pdf, 'messages[0].content[0].source.data'],
    [
      'chat-completions',
      {
        messages: [
          { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }] },
        ],
      },
      'messages[0].content[0].input_audio.data',
    ],
    [
      'responses',
      {
        input: [
          {
            role: 'user',
            content: [{ type: 'input_file', file_data: data('text/plain', '\u00e9').replace('w6k=', '6Q==') }],
          },
        ],
      },
      'input[0].content[0].file_data',
    ],
  ] as const)('%s: is refused or passed, and named', async (api, body, place) => {
    await expect(maskForTest(api, body, { unread: 'refuse' })).rejects.toMatchObject({
      code: 'refused',
      parameter: place,
      message: `${place} is a picture, a sound or a file that cannot be read for personal data.`,
      advice: expect.stringContaining('"unread: pass" in the privacy profile of your group'),
    })
    const { masked, body: sent } = await maskForTest(api, body, { unread: 'pass' })
    expect(masked.unread).toEqual([place])
    expect(sent).toBe(JSON.stringify(body))
  })

  it('is no address of a picture, which is looked at for values', async () => {
    const body = {
      messages: [
        { role: 'user', content: [{ type: 'image_url', image_url: { url: `https://x.example/?to=${email}` } }] },
      ],
    }
    const { body: sent, masked } = await maskForTest('chat-completions', body, { unread: 'refuse' })
    expect(sent).not.toContain(email)
    expect(masked.unread).toEqual([])
  })
})

describe('a profile', () => {
  it.each([
    ['what programs compare', { tool_call_id: 'austin', content: 'hello' }, 'austin'],
    ['a time zone', { content: 'at Europe/Berlin time' }, 'Berlin'],
  ])('blocks nothing for the name of a place in %s', async (_what, message, name) => {
    const detect = async (parts: readonly { readonly text: string }[]) =>
      parts.flatMap(({ text }, part) => {
        const start = text.indexOf(name)
        const place = { part, start, end: start + name.length, category: 'pii/location', action: 'block' as const }
        return start === -1 ? [] : [place]
      })
    const { body, masked } = await maskForTest('chat-completions', { messages: [message] }, { detect })
    expect(body).toContain(name)
    expect(masked.annotated).toEqual([])
    const words = maskForTest('chat-completions', { messages: [{ content: `in ${name}` }] }, { detect })
    await expect(words).rejects.toMatchObject({ code: 'refused' })
  })

  it('blocks, annotates or allows a kind of value', async () => {
    verifies('pii.rules')
    const body = { messages: [{ role: 'user', content: `${email} ${card}` }] }
    const with_ = (action: string) => ({ profile: { rules: { 'pii/card': { action } } } })
    await expect(maskForTest('chat-completions', body, with_('block'))).rejects.toMatchObject({
      code: 'refused',
      parameter: 'messages[0].content',
      message: 'messages[0].content holds pii/card, which is not sent to this model.',
      advice: 'Send it without, or ask the operator to change the privacy profile of your group.',
    })
    const annotated = await maskForTest('chat-completions', body, with_('annotate'))
    expect(annotated.body).toContain(card)
    expect(annotated.masked.annotated).toEqual([{ path: 'messages[0].content', category: 'pii/card' }])
    const allowed = await maskForTest('chat-completions', body, with_('allow'))
    expect(allowed.body).toContain(card)
    expect(allowed.masked.annotated).toEqual([])
  })
})

describe('what is said of a masked body', () => {
  it('has no value in a position, where a value is the name of a member', async () => {
    verifies('pii.receipts')
    const named = { [email]: card, [card]: { [email]: 'x' }, 'Kim Wexler': email, order_id: email }
    const message = { role: 'user', content: JSON.stringify({ [email]: card }), [card]: email }
    const { masked } = await maskForTest('chat-completions', { metadata: named, messages: [message] })
    const positions = masked.replaced.map(({ path }) => path)
    // The name of a person is a value, too, in a member's name as in its text.
    expect(positions).toHaveLength(11)
    expect(new Set(positions)).toEqual(
      new Set(['metadata.*', 'metadata.*.*', 'metadata.order_id', 'messages[0].content.*', 'messages[0].*']),
    )
  })

  it('names a position in a bounded length, however deep and long its names are', async () => {
    const name = 'a_name_of_a_member'
    const deep = `${`{"${name}":[`.repeat(100)}"${email}"${']}'.repeat(100)}`
    const { masked, body } = await maskForTest('chat-completions', `{"messages":[],"x":${deep}}`)
    expect(body).not.toContain(email)
    expect(masked.replaced).toEqual([{ path: expect.stringMatching(/^x\..{200,238}…$/), category: 'pii/email' }])
  })

  it('names the position of JSON in a text that is nested too deep to be read', async () => {
    const content = `${'['.repeat(20_000)}"${email}"${']'.repeat(20_000)}`
    await expect(maskForTest('chat-completions', { messages: [{ role: 'user', content }] })).rejects.toMatchObject({
      code: 'refused',
      parameter: 'messages[0].content',
      message: 'messages[0].content holds JSON that is nested more than 512 deep.',
      advice: 'Send it less deeply nested: such a text is not read for personal data.',
    })
  })
})

describe('JSON in a text that is embedded', () => {
  it('is read as JSON, its escapes and numbers included', async () => {
    const input = [`{"to":"zo\\u00eb@x.example","card":4111111111111111}`, '[4111111111111111, 1]', '[1, 2]']
    const { body } = await maskForTest('embeddings', { input }, { by: 'words' })
    expect(JSON.parse(body)).toEqual({ input: ['{"to":"email","card":0}', '[0, 1]', '[1, 2]'] })
  })
})

describe('what was said', () => {
  it('is known with its escapes read, in JSON in a text and in base64, too', async () => {
    const inner = JSON.stringify({ note: 'Zoë\n"quoted"' })
    const file = { type: 'file', file: { file_data: data('text/plain', 'in a file') } }
    const text = JSON.stringify({ messages: [{ role: 'user', content: [{ type: 'text', text: inner }, file] }] })
    const { masked } = await maskForTest('chat-completions', text.replaceAll('ë', '\\u00eb'))
    expect(['Zoë\n"quoted"', 'in a file', 'Zoe'].map((value) => masked.said.has(value))).toEqual([true, true, false])
  })

  it('is no number that stands for another', async () => {
    const { book: first } = await maskForTest('chat-completions', { messages: [], n: 4_111_111_111_111_111 })
    const [usual = ''] = first.numbers.keys()
    const escaped = `\\u00${usual.charCodeAt(0).toString(16)}${usual.slice(1)}`
    for (const said of [`"${usual}"`, `"no. ${usual}."`, usual, `"${escaped}"`]) {
      const { book } = await maskForTest('chat-completions', `{"messages":[],"n":4111111111111111,"x":${said}}`)
      expect([...book.numbers].filter(([, { value }]) => value === '4111111111111111')).not.toEqual([
        [usual, expect.anything()],
      ])
    }
  })
})
