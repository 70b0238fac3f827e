import { describe, expect, it } from 'vitest'
import {
  bodyOfText,
  localPositions,
  positionInText,
  textOfBody,
} from '../../../../../src/gateway/privacy/positions/local-positions.ts'

describe('a text by itself', () => {
  it.each(['', 'a "b"\n\\ é 😀', '{"a":1}'])('%j is a body and a text again', (text) => {
    expect(textOfBody(bodyOfText(text))).toBe(text)
    expect(JSON.parse(bodyOfText(text))).toEqual({ text })
  })

  it('has words in one place, on the way there and back', () => {
    expect(localPositions).toEqual({
      first: [],
      turns: [],
      request: { text: 'text' },
      answer: { text: 'text' },
      event: {},
    })
  })

  it.each([
    ['text', ''],
    ['text.customer.email', 'customer.email'],
    ['text[0].a', '[0].a'],
    ['text.text.a', 'text.a'],
    ['a.text.b', 'a.text.b'],
  ])('has %s for the position %j', (position, shown) => {
    expect(positionInText(position)).toBe(shown)
  })
})
