import { describe, expect, it } from 'vitest'
import { identityView, piecedView, through, touches } from '../../../../src/filters/views/text-view.ts'

it.each([
  [0, 3, 3, 5, false],
  [0, 4, 3, 5, true],
  [5, 6, 3, 5, false],
  [4, 6, 3, 5, true],
])('%i to %i and %i to %i have a character in common: %s', (start, end, from, to, expected) => {
  expect(touches({ start, end }, { start: from, end: to })).toBe(expected)
})

describe('a view of pieces', () => {
  // From "0123456789": 0 and 1 as they are, 2 to 5 as "X", nothing for 5 and 6, 7 to 9 as "yz", 9 as "long".
  const view = piecedView([
    { text: '01', start: 0, end: 2 },
    { text: 'X', start: 2, end: 5 },
    { text: '', start: 5, end: 7 },
    { text: 'yz', start: 7, end: 9 },
    { text: 'long', start: 9, end: 10 },
  ])
  it('is their text', () => expect(view.text).toBe('01Xyzlong'))

  it.each([
    ['01', 0, 2],
    ['1', 1, 2],
    ['1X', 1, 5],
    ['X', 2, 5],
    ['Xy', 2, 8],
    ['y', 7, 8],
    ['z', 8, 9],
    ['yz', 7, 9],
    ['zlo', 8, 10],
    ['long', 9, 10],
    ['on', 9, 10],
    ['01Xyzlong', 0, 10],
  ])('leads from %j to where that came from', (part, start, end) => {
    const at = view.text.indexOf(part)
    expect(view.span(at, at + part.length)).toEqual({ start, end })
  })

  it('leads from a place to the character that stands there', () => {
    expect(view.span(1, 1)).toEqual({ start: 1, end: 2 })
    expect(view.span(3, 3)).toEqual({ start: 7, end: 8 })
    expect(view.span(20, 20)).toEqual({ start: 9, end: 10 })
  })

  it('of no piece leads nowhere', () => {
    expect(piecedView([{ text: '', start: 0, end: 4 }]).span(0, 1)).toEqual({ start: 0, end: 0 })
    expect(piecedView([]).text).toBe('')
  })

  it('leads back through another one', () => {
    const inner = piecedView([
      { text: 'X', start: 2, end: 3 },
      { text: 'ng', start: 7, end: 9 },
    ])
    const both = through(view, inner)
    expect(both.text).toBe('Xng')
    expect(both.span(0, 1)).toEqual({ start: 2, end: 5 })
    expect(both.span(0, 3)).toEqual({ start: 2, end: 10 })
    expect(through(identityView('0123'), identityView('0123')).span(1, 3)).toEqual({ start: 1, end: 3 })
  })
})
