import { describe, expect, it } from 'vitest'
import { asksForJson, endUserOf } from '../../../../../src/gateway/privacy/keys/end-user.ts'

describe('the end user of a call', () => {
  it.each([
    [{ safety_identifier: 'a', user: 'b', metadata: { user_id: 'c' } }, 'a'],
    [{ user: 'b', metadata: { user_id: 'c' } }, 'b'],
    [{ metadata: { user_id: 'c' } }, 'c'],
    [{ safety_identifier: '', user: 'b' }, 'b'],
    [{ user: 5, metadata: 'x' }, null],
    [{}, null],
  ])('of %j is %j', (body, user) => {
    expect(endUserOf(body)).toBe(user)
  })
})

describe('a call', () => {
  it.each([
    [{ response_format: { type: 'json_schema' } }, true],
    [{ response_format: { type: 'json_object' } }, true],
    [{ text: { format: { type: 'json_schema' } } }, true],
    [{ output_config: { format: { type: 'json_schema' } } }, true],
    [{ response_format: { type: 'text' } }, false],
    [{ response_format: { type: 'my_json_schema' }, text: { format: { type: 'json_schemas' } } }, false],
    [{ response_format: 'json_object', text: [], output_config: null }, false],
    [{}, false],
  ])('%j asks for JSON: %s', (body, asks) => {
    expect(asksForJson(body)).toBe(asks)
  })
})
