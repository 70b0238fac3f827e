import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultProfile, profileSchema, type FilterProfile } from '../../src/filters/profile.ts'
import { knownAddresses } from '../../src/gateway/screen/known-addresses.ts'
import { createScreener, type Screener } from '../../src/gateway/screen/screener.ts'
import { chain, limits, never, stream } from '../support/filters/filter-fixtures.ts'
import { markdownTable } from '../../src/text/markdown-table.ts'
import { readers } from '../support/filters/markdown-readers.ts'
import { verifies } from '../support/verifies.ts'

const given = 'https://given.example.com/a?x=1'
const question = `What do our suppliers say? Ours is ${given}, and mail goes to bob@given.example.com.`
const showsMail = profileSchema.parse({ outbound: { 'pii/email': { action: 'allow' } } })
const answering = (profile: FilterProfile = showsMail): Screener =>
  createScreener({
    chain,
    profile,
    direction: 'outbound',
    group: 'default',
    hiddenSql: () => null,
    addresses: knownAddresses([{ role: 'user', content: question }], ['own.example.com']),
    limits,
  })
const left = (text: string): Promise<string> => stream([text], answering())

/** What some readers take for a part of an address where a sentence goes on behind it. */
const endsOfSentences = /(?:%5D|%22|%7[CD]|%60|%3E|[\]}'"|>*_~.,:;!?)]){1,6}$/

/** Does an address lead to nobody but this server, the person's own addresses and the operator's hosts? */
function isTheirs(address: string): boolean {
  const url = URL.parse(address, 'https://self.example.com/v1/')
  // What is no address leads nowhere, and so does the beginning of one alone.
  if (
    url === null ||
    url.host === 'www' ||
    url.href.replace(endsOfSentences, '') === given ||
    url.href === 'mailto:bob@given.example.com'
  )
    return true
  if (url.protocol === 'data:' || url.host === 'own.example.com') return true
  return url.host === 'self.example.com'
}

function foreignIn(text: string): readonly string[] {
  return Object.entries(readers).flatMap(([name, linksOf]) =>
    linksOf(text)
      .filter((address) => !isTheirs(address))
      .map((address) => `${name}: ${address}`),
  )
}

const foreign = [
  'https://evil.com/?d=SECRET', 'HTTP://EVIL.COM', 'www.evil.com/p', 'evil.com', 'secret.evil.ru/p', '//evil.com/p', 'alice@evil.com', 'mailto:alice@evil.com?body=d',
  '<https://evil.com/p>', '<mailto:alice@evil.com>', '<javascript:alert(1)>', '<x-call:1>', '[x](https://evil.com)', '![x](https://evil.com/?d=1)', '![](//evil.com)', '[x](<https://evil.com>)',
  '[x][r]\n\n[r]: https://evil.com', '![x][r]\n\n[r]: <//evil.com> "t"', '[^1]\n\n[^1]: https://evil.com', '<a href="https://evil.com">x</a>', '<img src=https://evil.com>', '<a\nhref=//evil.com>x</a>',
  'https&#58;//evil.com', '&#104;ttps://evil.com', '&#119;ww.evil.com', 'https\\://evil.com', 'https:\\//evil.com', 'www\\.evil.com', 'https:&sol;/evil.com', 'alice&commat;evil.com', 'alice\\@evil.com',
  'https://**evil**.com', '**https://evil.com**', '_www.evil.com_', '~~https://evil.com~~', '`a` https://evil.com', '(https://evil.com)', '"https://evil.com"', '>https://evil.com', '| https://evil.com |',
  'https://given.example.com/a?x=1&d=SECRET', 'https://given.example.com/a?x=1#SECRET', 'https://given.example.com/a?x=1(SECRET)', '[x](https://given.example.com/a?x=1&d=SECRET)', 'https://given.example.com@evil.com',
  'https://own.example.com@evil.com', 'https://own.example.com.evil.com', 'https://own.example.com\\@evil.com', '![x](https://own.example.com@evil.com/p)', '![x](https://own.example.com\\@evil.com/p)',
  'https://own.example.com%2eevil.com', 'https://evil.com/https://own.example.com', 'https://given.example.com/a?x=1](SECRET', 'xmpp:alice@evil.com', 'ftp://evil.com', 'https://127.0.0.1:8080/x', 'https://evil', 'https://[::1]/x',
  'https://evil。com', 'https://ｅvil.com', 'https://evil\u00ad.com', 'ｈttps://evil.com', 'https://xn--e1afmkfd.xn--p1ai', 'http:evil.com/p', 'https:///evil.com', '\\[x](https://evil.com)', '[x]\\(https://evil.com)',
  '[![x](https://evil.com/1)](https://evil.com/2)', '[https://given.example.com/a?x=1](https://evil.com)', '[given](https://given.example.com/a?x=1 "https://evil.com")', '![x](https://evil.com/a "t")',
] // prettier-ignore

const theirs = [
  given, `[x](${given})`, `<${given}>`, `**${given}**.`, 'bob@given.example.com', 'https://own.example.com/a?b=c', '![x](https://own.example.com/a.png)', '[chart](/v1/artifacts/a1)', '![c](charts/a.png)',
] // prettier-ignore

describe('an address that data has brought into an answer', () => {
  it.each(foreign)('is no link in any reader: %s', async (text) => {
    verifies('links.unknown-addresses')
    expect(foreignIn(await left(`The data says: ${text} and so on.`))).toEqual([])
    expect(foreignIn(await left(text))).toEqual([])
  })

  it('would be one, where nothing looked at it', () => {
    const harmless = foreign.filter((text) => foreignIn(`The data says: ${text} and so on.`).length === 0)
    expect(foreign.length - harmless.length).toBeGreaterThan(60)
  })

  it.each(theirs)("is one where it is the person's or the operator's: %s", async (text) => {
    verifies('links.known-addresses')
    expect(await left(`See ${text} for more.`)).toBe(`See ${text} for more.`)
  })

  it('is a definition of links where it is at a host of the operator', async () => {
    const text = 'See [x][r].\n\n[r]: https://own.example.com/p\n'
    expect(await left(text)).toBe(text)
  })

  it('is none however it is put together and cut into chunks', async () => {
    const pieces = [
      ...foreign, ...theirs, ' ', ' ', '\n', '\n\n', '*', '**', '_', '`', '```\n', '[', ']', '(', ')', '](', '<', '>', '|', '\\', '&', '&#', ';', ':', '/', '//', '@', '.', 'www.', 'http', 'https:', 'evil', '.com',
      '- ', '> ', '# ', '!', '"', 'Revenue grew. ',
    ] // prettier-ignore
    const texts = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 14 }).map((all) => all.join(''))
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 40 }), async (text, size) => {
        const whole = await left(text)
        expect(foreignIn(whole)).toEqual([])
        const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? []
        expect(await stream(chunks, answering())).toBe(whole)
      }),
      { numRuns: 150, seed: 20_261 },
    )
  })

  it('is said to be text, once for each', async () => {
    const screener = answering()
    await stream(['At https://a.evil.com/p, evil.ru/p and alice@evil.com.'], screener)
    expect(screener.takeFindings().map(({ rule, message }) => [rule, message])).toEqual([
      ['filter/link-address', '2 addresses are shown as text: neither the question nor the operator names them.'],
      ['filter/link-mail', '1 address is shown as text: neither the question nor the operator names it.'],
    ])
  })

  it('is nothing that is said beside what is masked anyway', async () => {
    const screener = answering(defaultProfile)
    expect(await stream(['Write to alice@evil.com.'], screener)).toBe('Write to [email].')
    expect(screener.takeFindings().map(({ rule }) => rule)).toEqual(['filter/pii-email'])
  })

  it.each(foreign)('is no link in a cell of a table: %s', (text) => {
    verifies('links.cells')
    const table = { columns: [{ name: text, type: 'text' }], rows: [[text], [`a ${text}`]], totalRows: 2 }
    expect(foreignIn(markdownTable(table, 5))).toEqual([])
  })

  it('stands in a display as little as in words', async () => {
    const [shown] = await answering().texts(
      [{ text: 'https://evil.com/p', provenance: 'tool', form: 'markdown' }],
      never,
    )
    expect(shown).toBe('https[:]//evil[.]com/p')
  })
})
