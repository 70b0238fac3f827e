import { describe, expect, it } from 'vitest'
import { findAddresses, mayHoldAddress } from '../../../../src/filters/links/addresses.ts'
import { maskText } from '../../../../src/filters/mask.ts'

const nobody = { isKnown: () => false, isAtOwnHost: () => false }
const shown = (text: string): string => maskText(text, findAddresses({ text }, nobody))
const shownBut = (text: string, known: string): string =>
  maskText(text, findAddresses({ text }, { ...nobody, isKnown: (address) => address === known }))
const own = { ...nobody, isAtOwnHost: (address: string) => address.startsWith('https://own.example/') }

describe('an address that nobody knows', () => {
  it.each([
    ['with a scheme', 'see https://evil.example/p?d=1 now', 'see https[:]//evil[.]example/p?d=1 now'],
    ['with any scheme', 'ftp://a.b.example vscode://x', 'ftp[:]//a[.]b[.]example vscode[:]//x'],
    ['in capitals', 'HTTPS://EVIL.EXAMPLE', 'HTTPS[:]//EVIL[.]EXAMPLE'],
    ['of numbers', 'http://127.0.0.1:80/x', 'http[:]//127[.]0[.]0[.]1:80/x'],
    ['with a name of a user', 'https://a.b@evil.example/', 'https[:]//a[.]b[@]evil[.]example/'],
    ['in brackets', '<https://evil.example/p>', '<https[:]//evil[.]example/p>'],
    [
      'in brackets with a scheme of its own',
      '<tel:+123> <mailto:a@b.example>',
      '<tel[:]+123> <mailto[:]a[@]b[.]example>',
    ],
    ['without a scheme', 'www.evil.example/p', 'www[.]evil[.]example/p'],
    ['by its host and a path', 'evil.ru/p or evil.com:80', 'evil[.]ru/p or evil[.]com:80'],
    ['by its host and a query', 'evil.io?d=secret', 'evil[.]io?d=secret'],
    ['by its host alone', 'secret.evil.com', 'secret[.]evil[.]com'],
    [
      'by a host in letters of its own',
      'пример.рф and xn--e1afmkfd.xn--p1ai',
      'пример[.]рф and xn--e1afmkfd[.]xn--p1ai',
    ],
    ['of mail', 'mail bob.b@evil.example now', 'mail bob.b[@]evil[.]example now'],
    ['behind two slashes', '//evil.com/p', '//evil[.]com/p'],
    [
      'behind two slashes, with any ending',
      '//evil.foo/p //[::1]/x http://[::1]/',
      '//evil[.]foo/p //[[:][:]1]/x http[:]//[[:][:]1]/',
    ],
    ['in another address', 'https://a.example/?u=https://b.example', 'https[:]//a[.]example/?u=https[:]//b[.]example'],
    ['with references to characters', 'https&#58;//evil&period;example', 'https[:]//evil[.]example'],
    ['with its first letter as a reference', '&#104;ttps://evil.example', '&#104;ttps[:]//evil[.]example'],
    ['with escapes of Markdown', 'https\\://evil\\.example', 'https\\[:]//evil[.]example'],
    ['with escapes of links', 'https%3A%2F%2Fevil.example', 'https[:]%2F%2Fevil[.]example'],
    ['with marks of emphasis', 'https:**//evil.com**/p', 'https[:]**//evil[.]com**/p'],
    ['in full-width characters', 'https：//evil．com/p', 'https[:]//evil[.]com/p'],
    ['with characters that take no width', 'https:\u200b//evil\u200b.com/p', 'https[:]\u200b//evil\u200b[.]com/p'],
    ['with the point of other scripts', 'https://evil。com/p', 'https[:]//evil[.]com/p'],
    ['with a tag in it', 'https:<b></b>//evil.com', 'https[:]<b></b>//evil[.]com'],
    ['in a cell', '| https://evil.example/a | b |', '| https[:]//evil[.]example/a | b |'],
    ['with more labels than a host has', `${'a.'.repeat(90)}com/p`, `${'a[.]'.repeat(90)}com/p`],
  ])('is text that no program makes a link of: %s', (_what, text, expected) => {
    expect(shown(text)).toBe(expected)
    expect(mayHoldAddress(text)).toBe(true)
  })

  it.each([
    'Revenue grew by 12.5 % at 10:30. It fell in France: 3.1 (2024-05-03).',
    'x[0] and y[1:3], a.b, df.mean(), orders.id, public.orders.name, main.py, titanic.csv, e.g. this, U.S. sales.',
    '`SELECT o.id, c.name FROM orders o` and `df.revenue/df.cost`, charts/a.png, ./b.csv, and/or.',
    'C:\\Users\\a and a:b, f(x): y, "a": 1, a@b, @anna, #1, 5 > 3 < 4, p.value, v1.2/3.',
    'Saved as result.csv/xlsx; sales.parquet. See /v1/artifacts/a1b2 and [below](#totals).',
    'The end.Then more. Mr.Smith paid 3.50.Good.',
  ])('is not looked for in what is none: %s', (text) => {
    expect(shown(text)).toBe(text)
  })

  it('is counted once, however many of its characters are replaced', () => {
    const text = 'https://a.b.example www.c.com d@e.example'
    const marks = findAddresses({ text }, nobody)
    expect(marks.filter(({ continues }) => continues !== true).map(({ category }) => category)).toEqual([
      'link/address',
      'link/address',
      'link/mail',
    ])
  })

  it('takes time in proportion to its length', () => {
    for (const piece of ['a.', 'www.', '://', 'a@', '<a:', 'a-', '.', '&#58;', 'https://a.com/', '](']) {
      const text = piece.repeat(Math.ceil(16_000 / piece.length))
      expect(shown(text).length).toBeGreaterThanOrEqual(text.length)
    }
  })
})

describe('an address that is known', () => {
  it.each([
    ['https://good.example/a', 'See https://good.example/a.'],
    ['https://good.example/a', '(https://good.example/a), **https://good.example/a** and <https://good.example/a>'],
    ['https://good.example/a', '[https://good.example/a](https://good.example/a)'],
    ['https://good.example/a', '| https://good.example/a | 1 |'],
    ['bob@good.example', 'Write to bob@good.example.'],
    ['good.com', 'At good.com, they say, "good.com".'],
    ['https://good.example/?u=https://b.example', 'https://good.example/?u=https://b.example'],
    ['https://good.example/?u=https%3A%2F%2Fb.example', 'https://good.example/?u=https%3A%2F%2Fb.example'],
  ])('stays: %s in %s', (known, text) => {
    expect(shownBut(text, known)).toBe(text)
  })

  it.each([
    ['https://good.example/a?d=secret', 'https[:]//good[.]example/a?d=secret'],
    ['https://good.example/a(secret)', 'https[:]//good[.]example/a(secret)'],
    ['https://good.example/a](secret', 'https[:]//good[.]example/a](secret'],
    ['https://good.example/a|secret', 'https[:]//good[.]example/a|secret'],
    ['https://good.example/a\\secret', 'https[:]//good[.]example/a\\secret'],
    ['https://good.example/&#97;', 'https[:]//good[.]example/&#97;'],
    ['https://good.example/а', 'https[:]//good[.]example/а'],
    ['https://good.example/\u200ba', 'https[:]//good[.]example/\u200ba'],
    ['https://good.example/a*secret*', 'https[:]//good[.]example/a*secret*'],
  ])('is another one with anything more in it: %s', (text, expected) => {
    expect(shownBut(text, 'https://good.example/a')).toBe(expected)
  })

  it('may be at a host of its own, and what follows in it is another one', () => {
    expect(maskText('https://own.example/a?b', findAddresses({ text: 'https://own.example/a?b' }, own))).toBe(
      'https://own.example/a?b',
    )
    const text = 'https://own.example/?u=https://evil.example'
    expect(maskText(text, findAddresses({ text }, own))).toBe('https://own.example/?u=https[:]//evil[.]example')
  })

  it('is another one with more behind it than a sentence has', () => {
    expect(shownBut('"https://good.example/a".', 'https://good.example/a')).toBe('"https://good.example/a".')
    expect(shownBut('https://good.example/a]]]', 'https://good.example/a')).toBe('https[:]//good[.]example/a]]]')
  })

  it('is not known while its end is not seen', () => {
    const text = 'See https://good.example/a'
    const known = { ...nobody, isKnown: () => true }
    expect(findAddresses({ text, focus: { start: 0, end: 10 } }, known)).not.toEqual([])
    expect(findAddresses({ text, focus: { start: 0, end: text.length } }, known)).toEqual([])
  })
})
