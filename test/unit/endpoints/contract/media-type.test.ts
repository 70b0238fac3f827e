import { describe, expect, it } from 'vitest'
import { isJsonType, readMediaType } from '../../../../src/endpoints/contract/media-type.ts'

describe('a media type', () => {
  it.each([
    ['application/json', { name: 'application/json', charset: null }],
    ['Application/JSON; Charset="UTF-8"', { name: 'application/json', charset: 'utf-8' }],
    ['text/plain;charset=latin1;x=1', { name: 'text/plain', charset: 'latin1' }],
    ['application/json; charset=utf-8; charset=latin1', null],
    ['json', null],
    ['', null],
  ])('%j is read as %j', (text, type) => expect(readMediaType(text)).toEqual(type))

  it.each([
    ['application/json', true],
    ['application/problem+json', true],
    ['application/jsonp', false],
    ['text/json', false],
  ])('%s is JSON: %s', (name, isJson) => expect(isJsonType(name)).toBe(isJson))
})
