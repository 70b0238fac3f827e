import { describe, expect, it } from 'vitest'
import { decimalCodes } from '../../../../src/filters/views/decimal-codes.ts'

const codesOf = (text: string, between: string) => Array.from(text, (each) => each.charCodeAt(0)).join(between)

describe('lists of decimal codes', () => {
  it.each([' ', ', ', ',', '; '])('say what they are the codes of, in its place: between %j', (between) => {
    const text = `So: ${codesOf('a lamp here', between)} it is`
    const view = decimalCodes(text)
    expect(view?.text).toBe('a lamp here\n')
    const span = view?.span(2, 6)
    expect(text.slice(span?.start, span?.end)).toBe(codesOf('lamp', between))
  })

  it.each([
    '12 13 14 15 16 17 18 19 20',
    '100 200 300 400 500 600 700 800 900',
    '65 66 67',
    '4111 1111 1111 1111 4111 1111 1111 1111 4111',
    'none',
  ])('are none where a number is of nothing printable, or there are few: %s', (text) => {
    expect(decimalCodes(text)).toBeNull()
  })
})
