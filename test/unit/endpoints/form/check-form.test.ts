import { describe, expect, it } from 'vitest'
import { formRule } from '../../../../src/endpoints/contract/form-rule.ts'
import { Schemas } from '../../../../src/endpoints/contract/schemas.ts'
import { checkForm } from '../../../../src/endpoints/form/check-form.ts'

const text = { type: 'string' }
const picture = { type: 'string', contentMediaType: 'image/png' }
const base64 = { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/png' }

function ruleOf(properties: object) {
  const document = { version: '3.1', root: {} } as const
  const media = { schema: { type: 'object', properties } }
  return formRule(
    'multipart/form-data',
    { value: media, place: '' },
    { document, schemas: new Schemas(document, 'request') },
  )
}

const part = (name: string, bytes: string | Buffer, type: string | null = null) => ({
  name,
  type: type === null ? null : { name: type, charset: null },
  bytes: Buffer.from(bytes as string),
})

/** Every picture comes back with these bytes. */
const drawing = (bytes: string) => ({
  readJson: (given: Buffer): unknown => JSON.parse(given.toString()),
  checkPicture: async () => ({ type: 'image/png' as const, bytes: Buffer.from(bytes) }),
})

describe('a form', () => {
  it('has as much work done for it as its size allows', async () => {
    const rule = ruleOf({ a: { type: 'array', items: { type: 'array', items: { type: 'integer' } } } })
    const list = part('a', JSON.stringify(Array.from({ length: 60_000 }, () => 1)), 'application/json')
    expect((await checkForm([list, list], rule, drawing(''))).parts).toHaveLength(2)
  })

  it.each([
    ['a picture', { a: { ...picture, maxLength: 4 }, b: text }, part('a', 'png', 'image/png'), 'abcde'],
    ['a picture in a text', { a: { ...base64, maxLength: 4 }, b: text }, part('a', 'YWI='), 'abcd'],
  ])('is refused where %s is longer drawn anew than the document takes', async (_what, properties, sent, longer) => {
    const rule = ruleOf(properties)
    const beside = part('b', 'words')
    await expect(checkForm([sent, beside], rule, drawing(longer))).rejects.toMatchObject({
      code: 'invalid-request',
      parameter: 'body.a',
      message: expect.stringContaining('after its picture was drawn anew') as string,
    })
    expect((await checkForm([sent, beside], rule, drawing('abc'))).parts.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  it('has nothing in the places of pictures and of bytes for who looks at its words', async () => {
    const rule = ruleOf({ a: picture, b: base64, c: {}, d: text, e: { type: 'array', items: picture } })
    const parts = [
      part('c', 'bytes'),
      part('d', 'words'),
      part('a', 'png', 'image/png'),
      part('b', 'YWI='),
      part('e', 'png'),
      part('e', 'png'),
    ]
    const { value, parts: sent } = await checkForm(parts, rule, drawing('abc'))
    expect(value).toEqual({ a: null, b: null, c: null, d: 'words', e: [null, null] })
    expect(sent.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
      ['a', 'abc'],
      ['b', 'YWJj'],
      ['c', 'bytes'],
      ['d', 'words'],
      ['e', 'abc'],
      ['e', 'abc'],
    ])
  })

  it('of a schema that is nothing but itself is refused with its document', () => {
    const itself = { $ref: '#/components/schemas/Itself' }
    const document = {
      version: '3.1',
      root: { components: { schemas: { Itself: { anyOf: [itself, text] } } } },
    } as const
    const media = { schema: { type: 'object', properties: { a: itself } } }
    const compile = () =>
      formRule(
        'multipart/form-data',
        { value: media, place: '' },
        { document, schemas: new Schemas(document, 'request') },
      )
    expect(compile).toThrow(expect.objectContaining({ name: 'UnfitDocument' }))
  })
})
