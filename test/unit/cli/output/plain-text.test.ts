import { assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainLine, plainText } from '../../../../src/cli/output/plain-text.ts'

describe('plain text', () => {
  it('holds nothing that a terminal would act on', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        // oxlint-disable-next-line no-control-regex -- what must not be there
        expect(plainText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      }),
    )
  })

  it('keeps lines, tabs and every language', () => {
    expect(plainText('Größe\t日本\r\nשלום')).toBe('Größe\t日本\nשלום')
  })

  it('is cut between characters, and no line of it becomes two', () => {
    expect(plainLine('ab\u{1f600}cd', 4)).toBe('ab…')
    expect(plainLine('ab\u{1f600}cd', 5)).toBe('ab\u{1f600}…')
    expect(plainLine('a\u2028b\r\nc\u0085d', 20)).toBe('a b c\u{fffd}d')
  })
})
