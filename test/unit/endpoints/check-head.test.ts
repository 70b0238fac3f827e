import { describe, expect, it } from 'vitest'
import { checkHead } from '../../../src/endpoints/check-head.ts'
import { compileOperations } from '../../../src/endpoints/contract/operations.ts'

const text = { type: 'string' }
const integer = { type: 'integer' }
const [operation] = compileOperations({
  version: '3.1',
  root: {
    paths: {
      '/a/{id}/b': {
        get: {
          parameters: [
            { name: 'id', in: 'path', required: true, schema: text },
            { name: 'top', in: 'query', required: true, schema: integer },
            { name: 'tag', in: 'query', schema: { type: 'array', items: text } },
            {
              name: 'of',
              in: 'query',
              style: 'deepObject',
              explode: true,
              schema: { type: 'object', properties: { size: integer } },
            },
            { name: 'a b', in: 'query', schema: text },
            { name: 'plain[x]', in: 'query', schema: text },
            { name: 'X-Mode', in: 'header', schema: { enum: ['fast', 'slow'] } },
            { name: 'x-must', in: 'header', required: true, schema: text },
          ],
          responses: { 200: { description: 'x' } },
        },
      },
    },
  },
})

const must = ['X-Must', ' here ']
function head(query: string | null, headers: readonly string[] = must, id = '7') {
  if (operation === undefined) throw new Error('There is no operation.')
  return checkHead({ operation, texts: new Map([['id', id]]) }, query, headers)
}

describe('path, query and headers of a call', () => {
  it('go on in one spelling, in the order of the document, and nothing besides', () => {
    expect(
      head(
        'tag=b&a+b=%7e&of[size]=7&top=1.0&tag=a%2F',
        [...must, 'x-mode', 'fast', 'X-Other', '1', 'cookie', 'a'],
        'a+b%2e',
      ),
    ).toEqual({
      path: '/a/a%2Bb./b?top=1&tag=b&tag=a%2F&of[size]=7&a%20b=~',
      headers: ['x-mode', 'fast', 'x-must', 'here'],
    })
  })

  it.each([
    ['top=1', '/a/7/b?top=1'],
    ['top=1&tag', '/a/7/b?top=1&tag='],
    ['top=1&tag=a=b', '/a/7/b?top=1&tag=a%3Db'],
    ['%74op=1', '/a/7/b?top=1'],
    ['top=1&plain[x]=y', '/a/7/b?top=1&plain%5Bx%5D=y'],
  ])('go on as %s', (query, path) => {
    expect(head(query).path).toBe(path)
  })

  it.each([
    [null, 'query.top', 'is missing'],
    ['', 'query.top', 'is missing'],
    ['tag=a', 'query.top', 'is missing'],
    ['top=1&top=1', 'query.top', 'stands twice'],
    ['top=1&TOP=1', 'query.TOP', 'is no parameter of this operation'],
    ['top=1&', 'query.', 'is no parameter of this operation'],
    ['top=1&of=1', 'query.of', 'is no parameter of this operation'],
    ['top=1&of[size]=1&of[size]=2', 'query.of[size]', 'stands twice'],
    ['top=1&of[size][x]=1', 'query.of[size][x]', 'is no parameter of this operation'],
    ['top=1&of[]=1', 'query.of[]', 'is no parameter of this operation'],
    ['top=1&tag[x]=1', 'query.tag[x]', 'is no parameter of this operation'],
    ['top=1&id=8', 'query.id', 'is no parameter of this operation'],
    ['top=1&a%20b=1&a+b=2', 'query.a b', 'stands twice'],
  ])('are refused: %s', (query, parameter, what) => {
    expect(() => head(query)).toThrow(
      expect.objectContaining({ code: 'invalid-request', parameter, message: `${parameter} ${what}.` }),
    )
  })

  it.each([
    [[], 'header.x-must', 'is missing'],
    [[...must, 'x-MUST', 'there'], 'header.x-must', 'stands twice'],
    [['other', 'x-must'], 'header.x-must', 'is missing'],
    [[...must, 'x-mode', 'fast', 'x-mode', 'slow'], 'header.X-Mode', 'stands twice'],
  ])('are refused with the headers %j', (headers, parameter, what) => {
    expect(() => head('top=1', headers)).toThrow(
      expect.objectContaining({ parameter, message: `${parameter} ${what}.` }),
    )
  })

  it.each(['.', '..', '%2e', '%2E.', 'a%2Fb', 'a%5cb', '%00', '%7f', 'a%0Ab', '%c2%85'])(
    'are refused with a text that is no single step of a path: %s',
    (id) => {
      expect(() => head('top=1', must, id)).toThrow('path.id is no single step of a path.')
    },
  )

  it.each(['...', '.a', 'a..', '%20', 'a%3Fb'])('may have a text of dots and more: %s', (id) => {
    expect(head('top=1', must, id).path).toBe(`/a/${encodeURIComponent(decodeURIComponent(id))}/b?top=1`)
  })

  it('name a long parameter in short', () => {
    expect(() => head(`top=1&${'x'.repeat(200)}=1`)).toThrow(new RegExp(`^query\\.x{100} is no parameter`))
  })
})
