import { describe, expect, it } from 'vitest'
import type { ModelApi } from '../../../../../src/core/model-call.ts'
import { textsOfBody } from '../../../../../src/gateway/privacy/mask/body-texts.ts'
import { positionsOf } from '../../../../../src/gateway/privacy/positions/api-positions.ts'

const read = (body: unknown, api: ModelApi = 'chat-completions') =>
  textsOfBody(typeof body === 'string' ? body : JSON.stringify(body), positionsOf[api])
/** What stands where, and what it is. */
const seen = (body: unknown, api?: ModelApi) =>
  read(body, api).texts.map(({ path, kind, text, label }) => [path, kind, text, label])
/** The body with each of its texts in the place of which `by` gives another one. */
function replaced(body: unknown, by: (text: string) => string, api?: ModelApi): string {
  const { texts, render } = read(body, api)
  for (const { text, replace } of texts) if (by(text) !== text) replace(by(text))
  return render()
}

describe('the texts of a body', () => {
  it('come in the order in which a model reads them, each with its turn and the name that it stands under', () => {
    const body = {
      user: 'u',
      messages: [
        { role: 'user', content: 'one' },
        { role: 'user', content: [{ type: 'text', text: 'two' }] },
      ],
      response_format: { type: 'json_object' },
      tools: [{ type: 'function', function: { name: 'f', description: 'd' } }],
    }
    expect(read(body).texts.map(({ path, kind, text, label, turn }) => [path, kind, text, label, turn])).toEqual([
      ['response_format.type', 'identifier', 'json_object', 'type', 0],
      ['tools[0].type', 'identifier', 'function', 'type', 0],
      ['tools[0].function.name', 'identifier', 'f', 'name', 0],
      ['tools[0].function.description', 'words', 'd', 'description', 0],
      ['user', 'words', 'user', null, 0],
      ['user', 'words', 'u', 'user', 0],
      ['messages[0].role', 'identifier', 'user', 'role', 1],
      ['messages[0].content', 'words', 'one', 'content', 1],
      ['messages[1].role', 'identifier', 'user', 'role', 2],
      ['messages[1].content[0].type', 'identifier', 'text', 'type', 2],
      ['messages[1].content[0].text', 'words', 'two', 'text', 2],
    ])
  })

  it('are none of a body that is no object, and of empty texts', () => {
    for (const body of ['[]', '"a"', '5', 'null', '{}']) expect(read(body).texts).toEqual([])
    expect(seen({ messages: [{ role: '', content: '' }] })).toEqual([])
  })

  it('are read of turns that are no list of turns, too', () => {
    expect(seen({ input: 'a' }, 'responses')).toEqual([['input', 'words', 'a', 'input']])
    expect(seen({ messages: 'a' })).toEqual([['messages', 'words', 'a', 'messages']])
    expect(seen({ messages: [12345678] })).toEqual([['messages[]', 'number', '12345678', 'messages']])
    expect(seen({ messages: ['a', { b: 'c' }] })).toEqual([
      ['messages[0]', 'words', 'a', 'messages'],
      ['messages[1].b', 'words', 'b', null],
      ['messages[1].b', 'words', 'c', 'b'],
    ])
  })

  it('have paths in which a name stands only where it is written as programmers write names', () => {
    const names = ['a', 'order_id', 'a_b_c_d_e_f', 'x'.repeat(40)]
    const others = ['Kim', 'a b', 'a1', '_a', 'a_', 'a__b', 'a_b_c_d_e_f_g', 'x'.repeat(41), 'é', '']
    for (const name of names) expect(seen({ messages: [{ [name]: 'v' }] }).at(-1)?.[0]).toBe(`messages[0].${name}`)
    for (const name of others) expect(seen({ messages: [{ [name]: 'v' }] }).at(-1)?.[0]).toBe('messages[0].*')
    expect(seen({ Kim: { Kim: 'v' } }).map(([path]) => path)).toEqual(['*', '*.*', '*.*'])
  })
})

describe('names of members', () => {
  it('are words where the API does not have them, but for those of a schema or of a place that programs compare', () => {
    const names = (body: object) => seen(body).filter(([, , , label]) => label === null)
    expect(names({ metadata: { Kim: 'x' } }).map(([, kind, text]) => [kind, text])).toEqual([
      ['words', 'metadata'],
      ['words', 'Kim'],
    ])
    expect(names({ tool_choice: { Kim: 'x' } })).toEqual([['tool_choice.*', 'identifier', 'Kim', null]])
    const schema = { Kim: { Kim: [{ Kim: 'x' }] } }
    expect(names({ tools: [{ function: { parameters: schema } }] }).map(([, kind]) => kind)).toEqual([
      'identifier',
      'identifier',
      'identifier',
    ])
  })

  it.each([
    ['description', 'words'],
    ['title', 'words'],
    ['$comment', 'words'],
    ['examples', 'words'],
    ['default', 'words'],
    ['pattern', 'identifier'],
    ['descriptions', 'identifier'],
  ])('in a schema: what stands under "%s" is %s, however deep', (name, kind) => {
    const parameters = { [name]: 'v', properties: { a: { [name]: ['v', { b: 'v' }] } } }
    const values = seen({ tools: [{ function: { parameters } }] }).filter(([, , text]) => text === 'v')
    expect(values.map(([, each]) => each)).toEqual([kind, kind, kind])
    const names = seen({ tools: [{ function: { parameters } }] }).filter(([, , text]) => text === 'b')
    expect(names.map(([, each]) => each)).toEqual([kind])
  })

  it.each(['enum', 'const'])(
    'in a schema: a text that "%s" lists is a choice, and what is in an object is none',
    (name) => {
      const parameters = { [name]: 'v', properties: { a: { [name]: ['v', { b: 'v' }] }, [name]: { type: 'v' } } }
      const values = seen({ tools: [{ function: { parameters } }] }).filter(([, , text]) => text === 'v')
      expect(values.map(([, each]) => each)).toEqual(['choice', 'choice', 'identifier', 'identifier'])
    },
  )
})

describe('numbers', () => {
  const numbers = (json: string) =>
    seen(`{"metadata":{"n":${json}}}`)
      .filter(([, kind]) => kind === 'number')
      .map(([path, , text, label]) => [path, text, label])

  it.each([
    ['1234567', '1234567'],
    ['-1234567', '1234567'],
    ['1234567.25', '1234567'],
    ['1.5e7', '15000000'],
    ['-1.5E+7', '15000000'],
    ['4.111111111111111e15', '4111111111111111'],
    ['41111111111111110e-1', '4111111111111111'],
    ['0.4111111111111111E16', '4111111111111111'],
  ])('%s is looked at as %s', (json, text) => {
    expect(numbers(json)).toEqual([['metadata.n', text, 'n']])
    expect(numbers(`[1, ${json}, 2.5]`)).toEqual([['metadata.n[]', text, 'n']])
  })

  it.each([
    '123456',
    '-123456.7654321',
    '0.1234567',
    '1.2345e2',
    '1.2345675e6',
    '1e-7',
    '1e30',
    '1.234567e-1',
    'true',
    'null',
  ])('%s is not', (json) => {
    expect(numbers(json)).toEqual([])
    expect(numbers(`[${json}, 1]`)).toEqual([])
  })

  it('in a list of numbers are the long ones', () => {
    expect(numbers('[1,1234567, -12345678.5,1.5e7,"x",99999999]')).toEqual([
      ['metadata.n[1]', '1234567', 'n'],
      ['metadata.n[2]', '12345678', 'n'],
      ['metadata.n[3]', '15000000', 'n'],
      ['metadata.n[5]', '99999999', 'n'],
    ])
    expect(numbers('[1,1234567, -12345678.5,1.5e7, 1.5E+7 ,123456]')).toEqual([
      ['metadata.n[]', '1234567', 'n'],
      ['metadata.n[]', '12345678', 'n'],
      ['metadata.n[]', '15000000', 'n'],
      ['metadata.n[]', '15000000', 'n'],
    ])
  })

  it('are replaced where they stand, with their signs and fractions', () => {
    const flipped = (text: string) => (/^\d{7,}$/.test(text) ? text.replaceAll(/\d/g, '9') : text)
    expect(replaced('{"metadata":[1234567,-1234567.5,1.5e7,1],"user":-1234567.25}', flipped)).toBe(
      '{"metadata":[9999999,-9999999.5,99999999,1],"user":-9999999.25}',
    )
  })
})

describe('JSON in a text', () => {
  it('is read as JSON, in as many texts as it stands in, and stays it', () => {
    const body = (value: string) => ({
      messages: [{ content: ` ${JSON.stringify({ a: JSON.stringify([{ b: value }, 'c']), d: value })}` }],
    })
    expect(seen(body('v'))).toEqual([
      ['messages[0].content.a', 'words', 'a', null],
      ['messages[0].content.a[0].b', 'words', 'b', null],
      ['messages[0].content.a[0].b', 'words', 'v', 'b'],
      ['messages[0].content.a[1]', 'words', 'c', null],
      ['messages[0].content.d', 'words', 'd', null],
      ['messages[0].content.d', 'words', 'v', 'd'],
    ])
    expect(replaced(body('v'), (text) => (text === 'v' ? 'w "x"' : text))).toBe(JSON.stringify(body('w "x"')))
    expect(replaced(body('v'), (text) => text)).toBe(JSON.stringify(body('v')))
  })

  it.each(['"a"', '5', 'null', '{"a":', 'x {"a":1}', '[a](b)'])('is none in %s', (content) => {
    expect(seen({ messages: [{ content }] }).at(-1)).toEqual(['messages[0].content', 'words', content, 'content'])
  })

  it('is none where it is a name that programs compare', () => {
    expect(seen({ messages: [{ tool_call_id: '["a"]' }] })).toEqual([
      ['messages[0].tool_call_id', 'identifier', '["a"]', 'tool_call_id'],
    ])
  })
})

describe('ids of tokens', () => {
  it('are refused, with their place and what to do', () => {
    expect(() => read({ input: [[1, 2]] }, 'embeddings')).toThrow(
      expect.objectContaining({
        code: 'invalid-request',
        message: 'input[0]: ids of tokens cannot be read for personal data.',
        parameter: 'input[0]',
        advice: 'Send the text itself.',
      }),
    )
  })
})

describe('what a file holds', () => {
  const source = (members: object) => ({ messages: [{ content: [{ type: 'document', source: members }] }] })
  const last = (members: object) => {
    const { texts, unread } = read(source(members), 'messages')
    return [texts.filter(({ label }) => label === 'data').map(({ kind, text }) => [kind, text]), unread]
  }
  const path = 'messages[0].content[0].source.data'

  it('is its text, which is put back as it was encoded', () => {
    for (const name of ['media_type', 'mime_type']) {
      const members = (text: string) => ({ [name]: 'text/plain', data: Buffer.from(text).toString('base64') })
      expect(last(members('a b'))).toEqual([[['words', 'a b']], []])
      expect(replaced(source(members('a b')), (text) => text.replace('a b', 'c'), 'messages')).toBe(
        JSON.stringify(source(members('c'))),
      )
    }
  })

  it('is what stands there, where it is a text or an address', () => {
    expect(last({ type: 'text', data: 'YQ==' })).toEqual([[['words', 'YQ==']], []])
    expect(last({ data: 'https://x.example/a' })).toEqual([[['identifier', 'https://x.example/a']], []])
    expect(last({ data: ' s3+a.b-c://x' })).toEqual([[['identifier', ' s3+a.b-c://x']], []])
  })

  it.each([
    { data: 'YSBi' },
    { media_type: 5, data: 'YSBi' },
    { type: 'texts', data: 'YSBi' },
    { data: 'data:;base64,YSBi' },
  ])('is its text where nothing says what it is and it reads as one: %j', (members) => {
    expect(last(members)).toEqual([[['words', 'a b']], []])
    const written = replaced(source(members), (text) => text.replace('a b', 'c'), 'messages')
    expect(written).toBe(JSON.stringify(source(members)).replace('YSBi', 'Yw=='))
  })

  const base64 = (bytes: string | Buffer): string => Buffer.from(bytes).toString('base64')
  const long = 'k.w@hamlin.example, '.repeat(4)

  it.each([
    ['two bytes a letter', { data: base64(Buffer.from(long, 'utf16le')) }],
    ['two bytes a letter, said to be a text', { media_type: 'text/plain', data: base64(Buffer.from(long, 'utf16le')) }],
    ['bytes that no text has', { data: base64(`${long}\x07`) }],
    ['a PDF in letters', { data: base64(`%PDF-1.7 ${long}`) }],
    ['no UTF-8', { data: base64(Buffer.from([...Buffer.from(long), 0xff])) }],
    ['a picture', { media_type: 'image/png', data: base64(long) }],
  ])('is not read of %s', (_what, members) => {
    expect(last(members)).toEqual([[], [{ path, kind: 'media', text: '' }]])
  })

  it.each(['x a://b', '1a://b', 'k.w@hamlin.example', '4111 1111 1111 1111'])(
    'is not read of %j, which has not the form of a file, but looked at where it passes',
    (data) => {
      expect(last({ data })).toEqual([[['identifier', data]], [{ path, kind: 'media', text: '' }]])
    },
  )

  it('is not looked at of a picture in its address', () => {
    expect(last({ data: 'data:image/png;base64,iVBO' })).toEqual([[], [{ path, kind: 'media', text: '' }]])
  })
})

describe('a text that begins like a file in its address', () => {
  const places: readonly (readonly [string, (text: string) => object, string])[] = [
    ['JSON', (text) => ({ messages: [{ tool_calls: [{ function: { arguments: text } }] }] }), 'words'],
    ['a name that programs compare', (text) => ({ tools: [{ function: { name: text } }] }), 'identifier'],
    ['a choice of a schema', (text) => ({ tools: [{ function: { parameters: { enum: [text] } } }] }), 'choice'],
    ['the name of a file', (text) => ({ messages: [{ content: [{ file: { filename: text } }] }] }), 'words'],
    ['words', (text) => ({ messages: [{ content: text }] }), 'words'],
  ]

  it.each(places)('is read as it stands where it says more, in place of %s', (_what, bodyOf, kind) => {
    for (const head of ['data:text/plain,', 'data:image/png;base64,', 'data:image/png;base64,iVBORw0KGgo= ']) {
      const { texts, unread } = read(bodyOf(`${head}k.w@hamlin.example`))
      expect(texts).toContainEqual(expect.objectContaining({ kind, text: `${head}k.w@hamlin.example` }))
      expect(unread).toEqual([])
    }
  })

  it.each(places)('is a file where all of it is one, in place of %s', (_what, bodyOf) => {
    const picture = read(bodyOf('data:image/png;base64,iVBORw0KGgo='))
    expect(picture.unread).toMatchObject([{ kind: 'media' }])
    const text = read(bodyOf('data:text/plain;base64,YSBi'))
    expect(text.texts).toContainEqual(expect.objectContaining({ kind: 'words', text: 'a b' }))
  })
})

describe('what a provider has sealed', () => {
  const sealed = (members: object) => read({ messages: [{ content: [members] }] }, 'messages')

  it('is not changed: what was thought, and what has the form of an encoding', () => {
    expect(sealed({ thinking: 'a b', signature: 'aB0_+/=.:-' })).toMatchObject({
      texts: [],
      unread: [
        { path: 'messages[0].content[0].thinking', kind: 'sealed', text: 'a b' },
        { path: 'messages[0].content[0].signature', kind: 'sealed', text: 'aB0_+/=.:-' },
      ],
    })
  })

  it('is words where it has not: a value could be read in it', () => {
    for (const signature of ['a b', 'a@b', '"a', 'a"', 'é']) {
      expect(sealed({ signature })).toMatchObject({ texts: [{ kind: 'words', text: signature }], unread: [] })
    }
  })
})
