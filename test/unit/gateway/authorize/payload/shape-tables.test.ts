import { describe, expect, it } from 'vitest'
import { createFindPatterns, unfitPattern } from '../../../../../src/gateway/authorize/payload/patterns.ts'
import { shapeOf } from '../../../../../src/gateway/authorize/payload/shape.ts'

const none = () => new Map<string, number>()
const partsOf = (type: unknown) =>
  shapeOf({ messages: [{ role: 'user', content: [{ type }] }] }, none).messages[0]?.parts
const sourcesOf = (body: Record<string, unknown>) =>
  shapeOf(body, () => new Map([['any', 1]])).hits.map(({ source, place }) => `${place} ${source}`)

describe('a part of a message', () => {
  it.each([
    ['text', ['text', 'input_text', 'output_text', 'refusal']],
    ['image', ['image', 'image_url', 'input_image']],
    ['audio', ['input_audio', 'audio']],
    ['file', ['file', 'input_file', 'document']],
    ['tool-call', ['tool_use', 'function_call']],
    [
      'tool-result',
      ['tool_result', 'web_search_tool_result', 'function_call_output', 'output', 'custom_tool_call_output'],
    ],
    ['reasoning', ['thinking', 'redacted_thinking', 'reasoning']],
    ['other', ['Text', 'texts', 'outputs', 'myoutput', 'tool_results', 'constructor', '', 5, null]],
  ])('is %s: %j', (kind, types) => {
    for (const type of types) expect({ type, parts: partsOf(type) }).toEqual({ type, parts: { [kind]: 1 } })
  })
})

describe('a text', () => {
  it.each([
    ['system', 'system'],
    ['developer', 'system'],
    ['user', 'user'],
    ['assistant', 'assistant'],
    ['tool', 'tool'],
    ['function', 'tool'],
    ['root', 'user'],
  ])('of the role %s is of %s', (role, source) => {
    expect(sourcesOf({ messages: [{ content: 'x', role }] })).toEqual([
      `messages[0].content ${source}`,
      `messages[0].role ${source}`,
    ])
  })

  it.each([
    ['messages', 'user'],
    ['input', 'user'],
    ['system', 'system'],
    ['instructions', 'system'],
    ['tools', 'schema'],
    ['functions', 'schema'],
    ['response_format', 'schema'],
    ['text', 'schema'],
    ['metadata', 'other'],
    ['toString', 'other'],
  ])('of the member %s is of %s', (member, source) => {
    expect(sourcesOf({ [member]: { a: 'x' } })).toEqual([`${member}.a ${source}`])
  })

  it.each(['input_file', 'file', 'document'])('of a part of the type %s is of a file', (type) => {
    expect(sourcesOf({ input: [{ name: 'x', type }] })).toEqual(['input[0].name file', 'input[0].type file'])
    for (const other of [`my_${type}`, `${type}s`]) expect(sourcesOf({ input: [{ name: other }] })[0]).toMatch(/ user$/)
  })

  it.each([
    ['a call', { type: 'function_call', arguments: 'x' }, 'assistant'],
    ['a call of a custom tool', { type: 'custom_tool_call', input: 'x' }, 'assistant'],
    ['a call that the provider has run', { type: 'mcp_call', arguments: 'x' }, 'assistant'],
    ['what came back of it', { type: 'mcp_call', output: 'x' }, 'tool'],
    ['what was found', { type: 'file_search_call', results: [{ text: 'x' }] }, 'tool'],
    ['what a program wrote', { type: 'code_interpreter_call', outputs: [{ logs: 'x' }] }, 'tool'],
    ['the tools of a server', { type: 'mcp_list_tools', tools: [{ description: 'x' }] }, 'schema'],
    ['thoughts', { type: 'reasoning', summary: [{ text: 'x' }] }, 'assistant'],
    ['what a search gave', { type: 'search_result', content: [{ text: 'x', role: 'system' }] }, 'file'],
    [
      'a call in what a tool gave back',
      { type: 'function_call_output', output: [{ type: 'call', results: 'x' }] },
      'tool',
    ],
  ])('of %s as an item is of whoever wrote it', (_what, item, source) => {
    const find = (text: string) => new Map(text === 'x' ? [['any', 1]] : [])
    expect(shapeOf({ input: [item] }, find).hits.map((hit) => hit.source)).toEqual([source])
  })

  it('in a name is read wherever it is none of a programmer', () => {
    const words = ['blue heron', 'blue\u00a0heron', 'blue\theron', 'blue\u200bheron', 'x'.repeat(129)]
    for (const name of words) expect(sourcesOf({ metadata: { [name]: 1 } })).toEqual(['metadata other'])
    for (const name of ['blue_heron', '$ref', 'a.b-c', '@type'])
      expect(sourcesOf({ metadata: { [name]: 1 } })).toEqual([])
  })

  it.each(['data', 'file_data', 'image_url', 'url', 'signature', 'encrypted_content', 'b64_json'])(
    'under %s that is data is not read',
    (member) => {
      const data = 'x'.repeat(257)
      expect(sourcesOf({ input: { [member]: data } })).toEqual([])
      for (const other of [`my_${member}`, `${member}s`])
        expect(sourcesOf({ input: { [other]: data } })).toHaveLength(1)
      expect(sourcesOf({ input: { [member]: `${data} ${'x'.repeat(4_096)}` } })).toHaveLength(1)
      for (const words of [' y', '&nbsp;y', '\u200by', '|y'])
        expect(sourcesOf({ input: { [member]: `${'x'.repeat(4_096)}${words}` } })).toHaveLength(1)
      expect(sourcesOf({ input: { [member]: `data:image/png;base64,${data}==` } })).toEqual([])
    },
  )

  it('is found in the order in which it stands, whatever is around it', () => {
    expect(sourcesOf({ b: ['1', { c: '2' }, '3'], a: '4' })).toEqual([
      'b[0] other',
      'b[1].c other',
      'b[2] other',
      'a other',
    ])
  })

  it('of a turn is counted where it stands, as long as it is', () => {
    const lengths = (content: unknown) =>
      shapeOf({ messages: [{ role: 'user', content }] }, none).messages[0]?.characters
    expect(lengths([{ text: 'ab' }, { content: 'cde' }, { output: 'fghi' }, 'j', { text: 5 }, 7, null])).toBe(10)
    expect([lengths('ab'), lengths([]), lengths({ text: 'ab', content: 'cde' })]).toEqual([2, 0, 2])
    expect(shapeOf({ input: ['abc', 5] }, none).messages.map(({ characters }) => characters)).toEqual([3, 0])
  })
})

describe('patterns of the rules', () => {
  const find = (patterns: Parameters<typeof createFindPatterns>[0], text: string) =>
    Object.fromEntries(createFindPatterns(patterns)(text))
  const heron = { words: ['Heron', 'crane'], expression: 'blue (?:heron|crane)' }

  it('are found as often as they stand in a text, in any letters and with any blanks', () => {
    expect(find({ heron }, 'Blue  HERON, blue\ncrane and a blue bird')).toEqual({ heron: 2 })
    expect(find({ heron, bird: { words: ['bird'], expression: 'bird' } }, 'a blue heron bird')).toEqual({
      heron: 1,
      bird: 1,
    })
    expect(find({ heron }, 'a heron that is blue')).toEqual({})
    expect(find({}, 'blue heron')).toEqual({})
  })

  it('are looked for only where one of their words stands', () => {
    expect(find({ heron: { ...heron, words: ['stork'] } }, 'blue heron')).toEqual({})
    expect(find({ heron: { ...heron, words: ['stork', 'HERON'] } }, 'blue heron')).toEqual({ heron: 1 })
  })

  it('count as often as they stand in the reading that has most of them, a hundred times at most', () => {
    const encoded = Buffer.from('tell them: blue heron, blue heron, blue heron').toString('base64')
    expect(find({ heron }, `blue heron ${encoded}`)).toEqual({ heron: 3 })
    expect(find({ heron }, 'blue\u200b heron')).toEqual({ heron: 1 })
    expect(find({ heron }, 'blue heron '.repeat(100))).toEqual({ heron: 100 })
    expect(find({ heron }, 'blue heron '.repeat(101))).toEqual({ heron: 100 })
  })

  it('are unfit where one goes back and forth, which is named', () => {
    expect(unfitPattern({})).toBeNull()
    expect(unfitPattern({ heron })).toBeNull()
    expect(
      unfitPattern({
        heron,
        strange: { words: ['a'], expression: '(?=a)b' },
        worse: { words: ['a'], expression: '(' },
      }),
    ).toMatch(/^strange /)
  })
})
