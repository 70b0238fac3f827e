import { describe, expect, it } from 'vitest'
import { terminalText } from '../../../src/text/terminal-text.ts'

describe('output as a terminal shows it', () => {
  it.each([
    ['plain text', 'a\tb\nc ä 🙂\n', 'a\tb\nc ä 🙂\n'],
    ['lines of Windows', 'a\r\nb\r\n', 'a\nb\n'],
    ['what is written over', 'a\rb\rc', 'c'],
    ['a shorter text over a longer one', 'loading\rdone', 'doneing'],
    ['a line that stays', 'abc\r', 'abc'],
    ['a progress bar', '  0%|   | 0/2\r 50%|█  | 1/2\r100%|███| 2/2\ndone', '100%|███| 2/2\ndone'],
    ['a line erased before it is written anew', 'loading…\r\u001b[Kdone', 'done'],
    ['a whole line erased', 'loading…\u001b[2K\rdone', 'done'],
    ['backspaces', 'abc\b\bX', 'aXc'],
    ['more backspaces than text', 'a\b\b\bb', 'b'],
    ['colors', '\u001b[1;31mred\u001b[0m \u001b[38:2::1:2:3mx\u001b[m', 'red x'],
    ['colors by one byte', '\u009b31mred\u009b0m', 'red'],
    ['a title ended by a bell', '\u001b]0;title\u0007text', 'text'],
    ['a title ended by a terminator', '\u001b]0;title\u001b\\text', 'text'],
    ['a title by one byte', '\u009d0;title\u009ctext', 'text'],
    ['a link', '\u001b]8;;https://example.org\u001b\\here\u001b]8;;\u001b\\', 'here'],
    ['a device control string', '\u001bPq#0\u001b\\x\u001b_apc\u001b\\y\u001b^pm\u001b\\z', 'xyz'],
    ['a title that is never ended', 'a\u001b]0;kept', 'a0;kept'],
    ['two that are never ended', '\u001b]x\u009dy', 'xy'],
    ['a character set', '\u001b(Ba\u001b7b\u001bcc', 'abc'],
    ['a sequence that was cut off', 'a\u001b[3', 'a3'],
    ['a lone escape', 'a\u001b', 'a'],
    ['other control characters', 'a\u0000b\u0007c\u007fd\u0085e\u000cf\u0091', 'abcd\ne\nf'],
    ['a code that erases, written by the program', 'a\u0000\u0001b\rc', 'cb'],
  ])('D13: of %s', (_, text, shown) => {
    expect(terminalText(text)).toBe(shown)
    expect(terminalText(text)).not.toContain('\u{fffd}')
  })

  it('D13: keeps a replacement character that the program wrote', () => {
    expect(terminalText('a\u{fffd}\rb')).toBe('b\u{fffd}')
  })

  it('leaves no control character but tab and line feed, whatever it is given', () => {
    const alphabet = [
      '\u001b',
      '[',
      ']',
      '\u009b',
      '\u009d',
      '\u0007',
      '\\',
      '\r',
      '\b',
      '\n',
      '\t',
      'K',
      '2',
      'm',
      'a',
      '\u0000',
    ]
    let state = 7
    for (let round = 0; round < 3000; round += 1) {
      let text = ''
      for (let index = 0; index < 12; index += 1) {
        state = (state * 1_103_515_245 + 12_345) % 2 ** 31
        text += alphabet[(state >> 8) % alphabet.length]
      }
      // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
      expect(terminalText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    }
  })

  it('takes no longer for many beginnings without an end than for text', () => {
    const text = '\u001b]\u009d\u001b['.repeat(100_000)
    expect(terminalText(text)).toBe('')
  })
})
