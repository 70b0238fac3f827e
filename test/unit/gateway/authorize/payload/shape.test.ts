import { describe, expect, it } from 'vitest'
import { shapeOf } from '../../../../../src/gateway/authorize/payload/shape.ts'

const none = () => new Map<string, number>()
/** Finds the word `canary`, once a text. */
const canary = (text: string) => (text.includes('canary') ? new Map([['canary', 1]]) : new Map<string, number>())
const shape = (body: Record<string, unknown>) => shapeOf(body, none)
const placesOf = (body: Record<string, unknown>) =>
  shapeOf(body, canary).hits.map(({ source, place }) => `${source} ${place}`)

describe('the shape of a body', () => {
  it('adds up texts by who says them: how many, how long, the longest, and what is hidden in them', () => {
    const messages = [
      { role: 'user', content: 'ab\u200bcd' },
      { role: 'user', content: 'x\u202e\u{e0041}' },
      { role: 'assistant', content: 'fine' },
    ]
    expect(shape({ messages }).texts).toEqual({
      user: { count: 4, characters: 5 + 4 + 4 + 4, longest: 5, hidden: 3 },
      assistant: { count: 2, characters: 9 + 4, longest: 9, hidden: 0 },
    })
  })

  it('counts how deep it is nested and how many objects and lists it has', () => {
    expect(shape({})).toMatchObject({ depth: 1, members: 1 })
    expect(shape({ a: [{ b: [1] }], c: 1 })).toMatchObject({ depth: 4, members: 4 })
    let deep: unknown = 'x'
    for (let level = 0; level < 20_000; level += 1) deep = [deep]
    expect(shape({ deep }).depth).toBe(20_001)
  })

  it.each<readonly [string, Record<string, unknown>, readonly string[]]>([
    ['a user', { messages: [{ role: 'user', content: 'canary' }] }, ['user messages[0].content']],
    [
      'a part of a user',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'canary' }] }] },
      ['user messages[0].content[0].text'],
    ],
    ['the developer', { messages: [{ role: 'developer', content: 'canary' }] }, ['system messages[0].content']],
    ['a role that there is not', { messages: [{ role: 'root', content: 'canary' }] }, ['user messages[0].content']],
    [
      'a role that is a name of JavaScript',
      { messages: [{ role: 'constructor', content: 'canary' }] },
      ['user messages[0].content'],
    ],
    ['a tool', { messages: [{ role: 'tool', content: 'canary' }] }, ['tool messages[0].content']],
    [
      'a tool that says it is the system',
      { messages: [{ role: 'tool', content: [{ role: 'system', text: 'canary' }] }] },
      ['tool messages[0].content[0].text'],
    ],
    [
      'the result of a tool in Messages',
      { messages: [{ role: 'user', content: [{ type: 'tool_result', content: 'canary' }] }] },
      ['tool messages[0].content[0].content'],
    ],
    [
      'the output of a function in Responses',
      { input: [{ type: 'function_call_output', output: 'canary' }] },
      ['tool input[0].output'],
    ],
    [
      'a file in the result of a tool',
      { messages: [{ role: 'tool', content: [{ type: 'document', title: 'canary' }] }] },
      ['tool messages[0].content[0].title'],
    ],
    [
      'a file of a user',
      { messages: [{ role: 'user', content: [{ type: 'file', file: { filename: 'canary' } }] }] },
      ['file messages[0].content[0].file.filename'],
    ],
    ['input that is a text', { input: 'canary' }, ['user input']],
    ['instructions', { instructions: 'canary' }, ['system instructions']],
    ['the system of Messages', { system: [{ type: 'text', text: 'canary' }] }, ['system system[0].text']],
    [
      'the description of a tool',
      { tools: [{ function: { description: 'canary' } }] },
      ['schema tools[0].function.description'],
    ],
    [
      'a schema that says it is a user',
      { tools: [{ role: 'user', description: 'canary' }] },
      ['schema tools[0].description'],
    ],
    ['a member that nobody knows', { made_up: { deep: ['canary'] } }, ['other made_up.deep[0]']],
    ['words in the place of a name', { metadata: { 'a canary here': 1 } }, ['other metadata']],
    ['a name without a space, which is a name', { metadata: { canary: 1 } }, []],
    ['data without a space', { input: [{ type: 'input_image', image_url: `canary${'x'.repeat(251)}` }] }, []],
    [
      'the same, one shorter',
      { input: [{ type: 'input_image', image_url: `canary${'x'.repeat(250)}` }] },
      ['user input[0].image_url'],
    ],
    ['words that call themselves data', { input: [{ data: `canary ${'x'.repeat(300)}` }] }, ['user input[0].data']],
    ['a long text of another name', { input: [{ text: `canary${'x'.repeat(300)}` }] }, ['user input[0].text']],
  ])('says of what is found in %s who says it, and where', (_what, body, places) => {
    expect(placesOf(body)).toEqual(places)
  })

  it('names no place longer than 200 characters', () => {
    const long = { [`n${'x'.repeat(300)}`]: 'canary' }
    expect(placesOf(long)).toEqual([`other ${`n${'x'.repeat(300)}`.slice(0, 200)}`])
  })

  it('hides nothing behind five hundred places: what comes after is told once for each source, with how often', () => {
    const before = Array.from({ length: 500 }, () => ({ role: 'user', content: 'canary' }))
    const tool = { role: 'tool', content: 'canary' }
    const { hits } = shapeOf({ messages: [...before, tool, { role: 'user', content: 'canary' }, tool] }, canary)
    expect(hits.slice(500)).toEqual([
      { pattern: 'canary', source: 'tool', place: 'messages[500].content', count: 2 },
      { pattern: 'canary', source: 'user', place: 'messages[501].content', count: 1 },
    ])
  })

  it('is had of a list of however many', () => {
    expect(shape({ input: Array.from({ length: 300_000 }, () => 1) })).toMatchObject({
      depth: 2,
      message_count: 300_000,
    })
  })

  it('has the kinds of parts of each turn, and how long it is', () => {
    const messages = [
      {
        role: 'user',
        content: [{ type: 'text', text: 'four' }, { type: 'image_url' }, 'bare', { type: 'made_up' }, 5],
      },
      { role: 'assistant', content: null, tool_calls: [{}, {}] },
      { role: 'user', content: [{ type: 'tool_result', content: 'seventh' }, { type: 'toString' }] },
      'a text alone',
    ]
    expect(shape({ messages }).messages).toEqual([
      { role: 'user', characters: 8, parts: { text: 3, image: 1, other: 1 } },
      { role: 'assistant', characters: 0, parts: { text: 1, 'tool-call': 2 } },
      { role: 'user', characters: 7, parts: { 'tool-result': 1, other: 1 } },
      { role: 'user', characters: 12, parts: { text: 1 } },
    ])
  })

  it('has items of Responses as turns of one part, and the first 500 of them', () => {
    const input = [
      { type: 'function_call', arguments: '{}' },
      { type: 'function_call_output', output: 'sunny' },
      { type: 'reasoning', summary: [] },
    ]
    expect(shape({ input }).messages).toEqual([
      { role: 'assistant', characters: 0, parts: { 'tool-call': 1 } },
      { role: 'tool', characters: 5, parts: { 'tool-result': 1 } },
      { role: 'assistant', characters: 0, parts: { reasoning: 1 } },
    ])
    const many = shape({ input: Array.from({ length: 501 }, () => 'x') })
    expect([many.messages.length, many.message_count]).toEqual([500, 501])
    expect(shape({ input: 'one' })).toMatchObject({ message_count: 1 })
    expect(shape({})).toMatchObject({ messages: [], message_count: 0 })
  })

  it('has tools by name, with how many parameters they take, how deep and how long', () => {
    const parameters = { type: 'object', properties: { a: { type: 'string' }, b: {} } }
    const chat = { type: 'function', function: { name: 'look', parameters } }
    const messages = { name: 'find', input_schema: parameters }
    const { tools, tool_count: count } = shape({
      tools: [chat, messages, { type: 'web_search' }, 'strange'],
      functions: [{ name: 'n'.repeat(200) }],
    })
    expect(tools.map(({ characters, ...tool }) => ({ ...tool, isLong: characters > 100 }))).toEqual([
      { name: 'look', parameters: 2, depth: 3, isLong: true },
      { name: 'find', parameters: 2, depth: 3, isLong: false },
      { name: 'web_search', parameters: 0, depth: 0, isLong: false },
      { name: 'n'.repeat(128), parameters: 0, depth: 0, isLong: true },
    ])
    expect(tools[0]?.characters).toBe(JSON.stringify(chat).length)
    expect(count).toBe(5)
  })
})
