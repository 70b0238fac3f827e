import { describe, expect, it } from 'vitest'
import { cellText, visibleText } from '../../../../src/web/components/visible-text.ts'
import { verifies } from '../../../support/verifies.ts'

describe('text that nobody vouches for', () => {
  it.each([
    ['\u001B[31mred\u001B[0m', '␛[31mred␛[0m'],
    ['a\u0000b\u007F', 'a␀b␡'],
    ['\u009B31m', '⟨U+009B⟩31m'],
    ['invoice_\u202Efdp.exe', 'invoice_⟨U+202E⟩fdp.exe'],
    ['\u2066x\u2069', '⟨U+2066⟩x⟨U+2069⟩'],
    ['pay\u200Bpal', 'pay⟨U+200B⟩pal'],
    ['hi\u{E0041}', 'hi⟨U+E0041⟩'],
    ['\uFEFFx', '⟨U+FEFF⟩x'],
  ])('shows %j as what it is', (text, shown) => {
    verifies('web.visible-text')
    expect(visibleText(text)).toBe(shown)
  })

  it.each(['Grüße', 'नमस्ते', '👩‍💻', 'שלום', 'one\ttwo\nthree\r\n', '<b>&amp;</b>'])('leaves %j as it is', (text) => {
    expect(visibleText(text)).toBe(text)
  })
})

describe('a value in a cell', () => {
  it.each([
    [null, ''],
    [undefined, ''],
    [0, '0'],
    [false, 'false'],
    ['', ''],
    [{ a: [1] }, '{"a":[1]}'],
  ])('shows %j as %j', (value, shown) => {
    expect(cellText(value)).toBe(shown)
  })

  it('has all digits of a long number', () => {
    expect(cellText(12_345_678_901_234_567_890n)).toBe('12345678901234567890')
  })

  it('is cut where it is very long', () => {
    expect(cellText('x'.repeat(3_000))).toHaveLength(2_001)
  })
})
