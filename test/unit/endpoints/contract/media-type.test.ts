import { describe, expect, it } from 'vitest'
import { isJsonType, isUnread, readMediaType } from '../../../../src/endpoints/contract/media-type.ts'

describe('a media type', () => {
  it.each([
    ['application/json', { name: 'application/json', charset: null }],
    ['Application/JSON; Charset="UTF-8"', { name: 'application/json', charset: 'utf-8' }],
    ['text/plain;charset=latin1;x=1', { name: 'text/plain', charset: 'latin1' }],
    ['application/json; charset=utf-8; charset=latin1', null],
    ['json', null],
    [' text/plain ; charset = utf-8 ', { name: 'text/plain', charset: 'utf-8' }],
    ['text/plain; xcharset=latin1', { name: 'text/plain', charset: null }],
    ['text/plain; charset=', { name: 'text/plain', charset: '' }],
    ['text/pl ain', null],
    ['text/plain/x', null],
    ['/plain', null],
    ['text/', null],
    ["a!#$%&'*+.^`|~-/b!#$%&'*+.^`|~-", { name: "a!#$%&'*+.^`|~-/b!#$%&'*+.^`|~-", charset: null }],
    ['', null],
  ])('%j is read as %j', (text, type) => expect(readMediaType(text)).toEqual(type))

  it.each([
    ['application/json', true],
    ['application/problem+json', true],
    ['application/jsonp', false],
    ['text/json', false],
    ['application/a.b-c+json', true],
    ['application/+json', false],
    ['xapplication/json', false],
  ])('%s is JSON: %s', (name, isJson) => expect(isJsonType(name)).toBe(isJson))

  it.each([
    ['multipart/mixed', true],
    ['application/x-www-form-urlencoded', true],
    ['image/png', true],
    ['text/html', true],
    ['application/xml', true],
    ['text/xml', true],
    ['text/plain', false],
    ['text/html5', false],
    ['application/xml-dtd', false],
    ['text/xml2', false],
    ['application/x-www-form-urlencoded2', false],
    ['a/multipart/', false],
    ['application/octet-stream', false],
  ])('%s is read in ways that nothing here checks: %s', (name, is) => expect(isUnread(name)).toBe(is))
})
