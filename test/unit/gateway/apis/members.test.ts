import { describe, expect, it } from 'vitest'
import {
  elementsOf,
  invalid,
  mostTokens,
  optionalFlag,
  reachOf,
  requiredText,
} from '../../../../src/gateway/apis/members.ts'

const refused = (parameter: string, message: string) =>
  expect.objectContaining({ code: 'invalid-request', parameter, message })

describe('a member of a body', () => {
  it('that has to be a text is one, and not an empty one', () => {
    expect(requiredText({ a: ' ' }, 'a')).toBe(' ')
    for (const body of [{}, { a: '' }, { a: null }, { a: 7 }, { a: ['x'] }, { b: 'x' }])
      expect(() => requiredText(body, 'a')).toThrow(refused('a', 'a: must be a text.'))
  })

  it('that is true or false may be missing, which is false', () => {
    for (const [value, expected] of [
      [true, true],
      [false, false],
      [null, false],
      [undefined, false],
    ])
      expect(optionalFlag({ a: value }, 'a')).toBe(expected)
    for (const value of [0, 1, '', 'true', {}, []])
      expect(() => optionalFlag({ a: value }, 'a')).toThrow(refused('a', 'a: must be true or false.'))
  })

  it('that is wrong is named', () => {
    expect(invalid('tools[2].type', 'must be a text')).toEqual(
      refused('tools[2].type', 'tools[2].type: must be a text.'),
    )
  })

  it.each([
    [{ a: 5 }, 5],
    [{ a: 5, b: 3 }, 5],
    [{ a: 3, b: 5 }, 5],
    [{ b: 0 }, 0],
    [{ a: -5 }, 0],
    [{ a: 5, b: -5 }, 5],
    [{ a: 5, b: '3' }, null],
    [{ a: 1.5, b: null }, null],
    [{ a: 5, b: null }, 5],
    [{ c: 5 }, null],
  ])('limits what may be written by the greatest whole number of %j', (body, expected) => {
    expect(mostTokens(body, ['a', 'b'])).toBe(expected)
  })
})

describe('the elements of a list', () => {
  it('are its objects, each with its place in the list', () => {
    expect(elementsOf([{ a: 1 }, null, [2], 'x', { b: 3 }], 'tools')).toEqual([
      [{ a: 1 }, 'tools[0]'],
      [{ b: 3 }, 'tools[4]'],
    ])
  })

  it.each([[null], [undefined], ['x'], [{ length: 1, 0: {} }]])('are none for %j', (value) => {
    expect(elementsOf(value, 'tools')).toEqual([])
  })
})

describe('an id in a body', () => {
  const idsOf = (input: unknown) => reachOf({ input }, ['input']).ids

  it.each([
    'batch_id',
    'container',
    'container_id',
    'conversation',
    'conversation_id',
    'file_id',
    'file_ids',
    'previous_response_id',
    'comparison_response_id',
    'previous_message_id',
    'tunnel_id',
    'response_id',
    'vector_store_id',
    'vector_store_ids',
  ])('stands under %s, as a text or in a list', (name) => {
    expect(idsOf({ [name]: 'x' })).toEqual([{ name: 'x', parameter: `input.${name}` }])
    expect(idsOf({ [name]: ['x', 7, null, 'y'] })).toEqual([
      { name: 'x', parameter: `input.${name}[0]` },
      { name: 'y', parameter: `input.${name}[3]` },
    ])
    for (const value of [null, 7, true, {}, []]) expect(idsOf({ [name]: value })).toEqual([])
  })

  it.each(['audio', 'container', 'conversation', 'prompt', 'voice'])('stands in an object under %s', (name) => {
    expect(idsOf({ [name]: { id: 'x' } })).toEqual([{ name: 'x', parameter: `input.${name}.id` }])
    for (const id of [7, null, ['x'], undefined]) expect(idsOf({ [name]: { id } })).toEqual([])
    expect(idsOf({ [name]: [{ id: 'x' }] })).toEqual([])
  })

  it('does not stand under other names', () => {
    expect(idsOf({ id: 'x', call_id: 'y', user: { id: 'z' }, tool_use_id: 'a', name: 'file_id' })).toEqual([])
  })

  it.each(['arguments', 'input_schema', 'metadata', 'parameters', 'schema'])(
    "does not stand in %s, which are the caller's own data",
    (name) => {
      expect(idsOf({ [name]: { file_id: 'x', image_url: 'https://a.example' } })).toEqual([])
      expect(reachOf({ [name]: { file_id: 'x' } }, [name])).toEqual({
        ids: [],
        itemIds: [],
        addresses: [],
        definitions: [],
      })
    },
  )

  it.each(['tool_use', 'server_tool_use', 'mcp_tool_use'])('does not stand in what a %s was called with', (type) => {
    expect(idsOf([{ type, input: { file_id: 'x', source: { url: 'https://a.example' } } }])).toEqual([])
    expect(idsOf([{ type, content: { file_id: 'x' } }])).toEqual([{ name: 'x', parameter: 'input[0].content.file_id' }])
    expect(idsOf([{ type: 'text', input: { file_id: 'x' } }])).toEqual([
      { name: 'x', parameter: 'input[0].input.file_id' },
    ])
  })

  it('stands in whatever the body calls itself', () => {
    expect(reachOf({ type: 'tool_use', input: { file_id: 'x' } }, ['input']).ids).toHaveLength(1)
  })

  it('stands under skill_id, as a text, but for a skill of the provider', () => {
    expect(idsOf({ type: 'skill_reference', skill_id: 'x' })).toEqual([{ name: 'x', parameter: 'input.skill_id' }])
    expect(idsOf([{ type: 'anthropic', skill_id: 'pptx' }, { skill_id: 7 }])).toEqual([])
  })

  it.each(['call_id', 'user_id', 'my_file_id_2', 'file_identity', 'profile_id', 'files', 'id'])(
    'does not stand under %s, which names nothing that is kept',
    (name) => {
      expect(idsOf([{ [name]: 'x' }])).toEqual([])
    },
  )

  it('of an item that is approved is told apart, since the item may be in the conversation itself', () => {
    const { ids, itemIds } = reachOf({ input: [{ type: 'mcp_approval_response', approval_request_id: 'x' }] })
    expect([ids, itemIds]).toEqual([[], [{ name: 'x', parameter: 'input[0].approval_request_id' }]])
  })

  it('is looked for in every member of a body that is not told which', () => {
    const body = { a: { file_id: 'x' }, metadata: { file_id: 'y' }, prompt_cache_options: { response_id: 'z' } }
    expect(reachOf(body).ids.map(({ name }) => name)).toEqual(['x', 'z'])
  })

  it('is found at any depth, in the order of the body', () => {
    const input = [[{ a: [{ file_id: 'x', b: { container_id: 'y' } }] }], { file_ids: ['z'] }]
    expect(idsOf(input)).toEqual([
      { name: 'x', parameter: 'input[0][0].a[0].file_id' },
      { name: 'y', parameter: 'input[0][0].a[0].b.container_id' },
      { name: 'z', parameter: 'input[1].file_ids[0]' },
    ])
  })

  it('is looked for in the members that are asked for, of the body itself', () => {
    const body = { input: { file_id: 'x' }, file_id: 'y', other: { file_id: 'z' } }
    expect(reachOf(body, ['file_id', 'input', 'toString']).ids.map(({ name }) => name)).toEqual(['y', 'x'])
    expect(reachOf(Object.create({ input: { file_id: 'x' } }), ['input']).ids).toEqual([])
  })
})

describe('an address in a body', () => {
  const rightsOf = (input: unknown) => reachOf({ input }, ['input']).addresses
  const address = 'https://a.example/b'

  it.each([
    ['audio_url', 'file_urls'],
    ['file_url', 'file_urls'],
    ['image_url', 'image_urls'],
    ['video_url', 'file_urls'],
  ])('under %s needs the right to %s, as a text or in an object', (name, right) => {
    const expected = [{ name: right, parameter: `input.${name}` }]
    expect(rightsOf({ [name]: address })).toEqual(expected)
    expect(rightsOf({ [name]: { url: address, detail: 'high' } })).toEqual(expected)
    for (const value of [null, 7, {}, { url: null }, { uri: address }, [address]])
      expect(rightsOf({ [name]: value })).toEqual([])
  })

  it.each([
    ['image', 'image_urls'],
    ['document', 'file_urls'],
    [undefined, 'file_urls'],
  ])('in the source of a block of the type %s needs the right to %s', (type, right) => {
    expect(rightsOf({ type, source: { type: 'url', url: address } })).toEqual([
      { name: right, parameter: 'input.source' },
    ])
    expect(rightsOf({ type, source: { type: 'base64', data: 'AA' } })).toEqual([])
    // As a text it is where a search result was found, which nobody fetches.
    expect(rightsOf({ type, source: address })).toEqual([])
  })

  it.each([
    ['data:image/png;base64,AA', false],
    ['DATA:image/png;base64,AA', false],
    [' \n data:,AA', false],
    ['http://a.example', true],
    ['gs://bucket/data:', true],
    ['my-data:x', true],
    ['', true],
  ])('%j is fetched: %s', (url, isFetched) => {
    const count = isFetched ? 1 : 0
    expect(rightsOf({ image_url: url })).toHaveLength(count)
    expect(rightsOf({ image_url: { url } })).toHaveLength(count)
    expect(rightsOf({ type: 'image', source: { url } })).toHaveLength(count)
  })

  it('is none under another name, also where every object has that', () => {
    expect(
      rightsOf({ url: address, link: { url: address }, toString: address, constructor: { url: address } }),
    ).toEqual([])
  })

  it('does not hide what stands in the same object', () => {
    const input = { source: { url: address, file_id: 'x', content: [{ image_url: address }] } }
    expect(reachOf({ input }, ['input'])).toEqual({
      ids: [{ name: 'x', parameter: 'input.source.file_id' }],
      itemIds: [],
      addresses: [
        { name: 'file_urls', parameter: 'input.source' },
        { name: 'image_urls', parameter: 'input.source.content[0].image_url' },
      ],
      definitions: [],
    })
  })
})
