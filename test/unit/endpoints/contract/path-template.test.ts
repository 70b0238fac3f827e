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
    ['/a/v{id}', '/a/v7', { id: '7' }],
    ['/a/v{id}', '/a/7', null],
    ['/a/v{id}', '/a/v', null],
    ['/a/v{id}w', '/a/vw', null],
    ['/a/v{id}w', '/a/v7w', { id: '7' }],
    ['/a/v{id}w', '/a/v7x', null],
    ['/a/aa{id}aa', '/a/aaa', null],
    ['/a/{id}/c', '/a/7/b', null],
    ['/', '/', {}],
  ])('%s at %s gives %j', (template, path, texts) => {
    expect(match(template, path)).toEqual(texts)
  })

  it('is filled with the texts of its parameters', () => {
    expect(pathTemplate('/a/v{id}.json/b', '/paths').pathOf(new Map([['id', '7%2F']]))).toBe('/a/v7%2F.json/b')
  })

  it.each([
    ['a', 'does not begin with a slash'],
    ['/a b', 'holds characters that no path of a document has'],
    ['/a?b', 'holds characters that no path of a document has'],
    ['/a#b', 'holds characters that no path of a document has'],
    [String.raw`/a\b`, 'holds characters that no path of a document has'],
    ['/a%20', 'holds characters that no path of a document has'],
    ['/./a', 'has a segment of dots'],
    ['/a/..', 'has a segment of dots'],
    ['/{a}{b}', 'has two parameters in one segment'],
    ['/{a', 'has two parameters in one segment'],
    ['/a}', 'has two parameters in one segment'],
    ['/{}', 'has two parameters in one segment'],
    ['/{a}/{a}', 'has the same parameter twice'],
  ])('that is %s is refused', (text, reason) => {
    expect(() => pathTemplate(text, '/paths')).toThrow(`/paths ${reason}`)
  })

  it('says its parameters, and comes before one that says less', () => {
    const paths = ['/a/{b}/c', '/a/x{b}/c', '/a/{b}y/c', '/a/b/c'].map((text) => pathTemplate(text, '/paths'))
    expect(paths.map(({ names }) => names)).toEqual([['b'], ['b'], ['b'], []])
    expect(paths.map(({ order }) => order)).toEqual(['020', '010', '010', '000'])
    expect(pathTemplate('/{b}/{a}', '/paths').names).toEqual(['b', 'a'])
  })

  it('has an empty place where a text is missing', () => {
    expect(pathTemplate('/a/{id}/b', '/paths').pathOf(new Map())).toBe('/a//b')
  })
})
