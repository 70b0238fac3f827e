import { array, assert, constantFrom, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capText, createFence } from '../../../src/text/untrusted.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { verifies } from '../../support/verifies.ts'

describe('the fence around untrusted text', () => {
  it('has another boundary every time', () => {
    expect(createFence().boundary).not.toBe(createFence().boundary)
    expect(createFence().boundary).toMatch(/^[0-9a-f]{24}$/)
  })

  it('cannot be closed from inside, whatever the text is', () => {
    verifies('security.fenced')
    const boundary = 'c0ffee'
    const fence = createFence(() => boundary)
    const pieces = constantFrom(
      '<<',
      '>>',
      'end',
      'END ',
      'untrusted',
      'Untrusted ',
      boundary,
      ' ',
      '\n',
      '\u200B',
      '\u202E',
      '/',
      '_',
      'c0',
      'ffee',
      'x',
    )
    assert(
      property(array(pieces, { maxLength: 30 }), (parts) => {
        const lines = fence.wrap('run_sql', parts.join('')).split('\n')
        const inside = lines.slice(1, -1).join('\n')
        expect(inside).not.toContain(boundary)
        expect(inside).not.toMatch(/<<\s*\/?\s*(end[\s_-]*)?untrusted/i)
      }),
      { numRuns: propertyRuns(2000) },
    )
  })

  it('drops what people cannot see: control, bidi, zero-width and tag characters', () => {
    const hidden = 'a\u0007b\u001B[31mc\u202Ed\u200Be\u{E0041}f\r\ng\th'
    expect(createFence(() => '123').wrap('x', hidden)).toBe(
      '<<untrusted 123 x>>\nab[31mcdef\ng\th\n<<end untrusted 123>>',
    )
  })
})

describe('a text that is too long', () => {
  it('keeps its beginning and its end and says how much is missing', () => {
    const text = capText('a'.repeat(900) + 'z'.repeat(300), 400)
    expect(text.startsWith('a'.repeat(300))).toBe(true)
    expect(text.endsWith('z'.repeat(100))).toBe(true)
    expect(text).toContain('800 characters left out')
  })

  it('stays as it is where it fits', () => {
    expect(capText('abc', 3)).toBe('abc')
  })
})
