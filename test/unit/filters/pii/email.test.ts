import { describe, expect, it } from 'vitest'
import { findEmails } from '../../../../src/filters/pii/email.ts'

const addresses = (text: string) => findEmails(text).map(({ start, end }) => text.slice(start, end))
const tail = ' and what follows is of no account here'.repeat(20)

describe('addresses of mail', () => {
  it.each([
    ['plain', 'write to anna@example.com', ['anna@example.com']],
    ['at once', 'anna@example.com', ['anna@example.com']],
    ['two of them', 'anna@example.com,bob@example.org', ['anna@example.com', 'bob@example.org']],
    ['of few characters', 'a@b.co', ['a@b.co']],
    ['with signs', "o'brien+shop_1@mail.example.co.uk", ["o'brien+shop_1@mail.example.co.uk"]],
    ['in marks of Markdown', '**anna@example.com**', ['anna@example.com']],
    ['in a table', '|anna@example.com|', ['anna@example.com']],
    ['after a mark of quotation', "'anna@example.com'", ['anna@example.com']],
    ['with letters beyond ASCII', 'jürgen@müller.example', ['jürgen@müller.example']],
    ['at the end of a sentence', 'It is anna@example.com.', ['anna@example.com']],
    ['with nothing in front', '@example.com', []],
    ['with nothing behind', 'anna@', []],
    ['without a point', 'anna@localhost', []],
    ['with one letter at the end', 'anna@example.c', []],
    ['with digits at the end', 'anna@10.0.0.1', []],
    ['after an at sign of no address', 'a @ b, then anna@example.com', ['anna@example.com']],
    ['a name as long as it may be', `${'a'.repeat(64)}@example.com`, [`${'a'.repeat(64)}@example.com`]],
    ['a name that is longer', `${'b'.repeat(6)}${'a'.repeat(64)}@example.com`, [`${'a'.repeat(64)}@example.com`]],
  ])('are found %s', (_what, text, expected) => {
    expect(addresses(text)).toEqual(expected)
    if (expected.length > 0) expect(addresses(`${text}${tail}`)).toEqual(expected)
    expect(addresses(`${tail} ${text}`)).toEqual(expected)
  })

  it.each([
    'anna [at] example [dot] com',
    'anna(at)example(dot)com',
    'anna {at} example {dot} com',
    'anna <at> example <dot> com',
    'anna @ example dot com',
    'anna[@]example[.]com',
    'anna at mail dot example dot com',
    'anna [at] example.com',
    'ANNA [AT] EXAMPLE [DOT] COM',
  ])('are found spelled: %s', (text) => {
    expect(addresses(`reach ${text}${tail}`)).toEqual([text])
  })

  it.each([
    'We meet at dot corner at noon.',
    'Look at example.com for it.',
    'anna [at] home, not here',
    'The meeting is at nine dot.',
    'see a@b and c (at) d',
    'I was at school dot 2024',
  ])('are not found in words: %s', (text) => {
    expect(addresses(text)).toEqual([])
  })

  it('are surer where they are plain', () => {
    expect(findEmails('to anna@example.com')).toEqual([{ start: 3, end: 19, category: 'pii/email', score: 0.95 }])
    expect(findEmails('to anna at example dot com')).toEqual([
      { start: 3, end: 26, category: 'pii/email', score: 0.75 },
    ])
  })
})
