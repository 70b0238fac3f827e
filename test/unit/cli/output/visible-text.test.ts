import { describe, expect, it } from 'vitest'
import { visibleText } from '../../../../src/cli/output/visible-text.ts'

describe('a text that somebody decides upon', () => {
  it('is to the letter where everything of it is seen', () => {
    const text = 'SELECT "Żółć", \'😀\', e\u0301\tFROM t;\n\n  -- <b>&amp; %1$s \\u001b'
    expect(visibleText(text, '| ')).toBe(`| ${text.replaceAll('\n', '\n| ')}\n`)
    expect(visibleText('', '| ')).toBe('| \n')
  })

  it.each([
    ['\u001b[2J', '<U+001B>[2J'],
    ['\u009b2J', '<U+009B>2J'],
    ['a\rb', 'a<U+000D>b'],
    ['a\b\b', 'a<U+0008><U+0008>'],
    ['\u0000\u007f', '<U+0000><U+007F>'],
    ['\u202eevil\u2066', '<U+202E>evil<U+2066>'],
    ['a\u200bb\u200d\u00ad', 'a<U+200B>b<U+200D><U+00AD>'],
    ['\u{e0041}\ufe0f\u{e0100}', '<U+E0041><U+FE0F><U+E0100>'],
    ['\u00a0\u3000\u2028\u2029\u0085', '<U+00A0><U+3000><U+2028><U+2029><U+0085>'],
    ['\u3164\u2800\u115f', '<U+3164><U+2800><U+115F>'],
    ['\ud800', '<U+D800>'],
    ['\ue000', '<U+E000>'],
  ])('shows %j as numbers', (text, shown) => {
    expect(visibleText(text, '')).toBe(`${shown}\n`)
  })
})
