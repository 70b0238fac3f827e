import { describe, expect, it } from 'vitest'
import { pathTemplate } from '../../../../src/endpoints/contract/path-template.ts'

const match = (template: string, path: string) => {
  const found = pathTemplate(template, '/paths').match(path.slice(1).split('/'))
  return found === null ? null : Object.fromEntries(found)
}

describe('a path of a document', () => {
  it.each([
    ['/a', '/a', {}],
    ['/a', '/a/', null],
    ['/a/', '/a/', {}],
    ['/a/{id}', '/a/7', { id: '7' }],
    ['/a/{id}', '/a/', null],
    ['/a/{id}', '/a/7/8', null],
    ['/a/{id}.json', '/a/7.json', { id: '7' }],
    ['/a/{id}.json', '/a/.json', null],
    ['/{a}/x/{b}', '/1/x/2', { a: '1', b: '2' }],
    ['/A', '/a', null],
  ])('%s at %s gives %j', (template, path, texts) => {
    expect(match(template, path)).toEqual(texts)
  })

  it('is filled with the texts of its parameters', () => {
    expect(pathTemplate('/a/v{id}.json/b', '/paths').pathOf(new Map([['id', '7%2F']]))).toBe('/a/v7%2F.json/b')
  })

  it.each(['a', '/a b', '/a?b', '/a%20', '/./a'])('that is %s is refused', (text) => {
    expect(() => pathTemplate(text, '/paths')).toThrow(/\/paths /)
  })
})
