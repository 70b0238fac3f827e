import { describe, expect, it } from 'vitest'
import { addressesIn, addressOf, withoutSentence } from '../../../src/provenance/address-forms.ts'

const compared = (text: string) => addressesIn(text).map((address) => address.compared)

describe('addresses in a text', () => {
  it.each([
    ['Write to Sarah.Connor@Gmail.com, please.', ['sarah.connor@gmail.com']],
    ['See https://Example.com/A?b=C#d).', ['example.com/A?b=C#d']],
    ['www.example.com/, www.example.com and https://www.example.com', ['www.example.com']],
    ['evil.example/x?q=1', ['evil.example/x?q=1']],
    ['pay GB29NWBK60161331926819 now', ['GB29NWBK60161331926819']],
    ['to bc1qx7f3a9h4pkw2', ['bc1qx7f3a9h4pkw2']],
    ['look at Evil.com.', ['evil.com']],
    ['look at evil.com:8443 or evil.io', ['evil.com:8443', 'evil.io']],
    ['look at evil.com?d=1', ['evil.com?d=1']],
    ['例え.jp/x and пример.рф/x', ['例え.jp/x', 'пример.рф/x']],
    ['evil\u3002com/x', ['evil.com/x']],
    ['203.0.113.7/x', ['203.0.113.7/x']],
    ['[x](//evil/x)', ['//evil/x']],
    ['[x](javascript:alert)', ['javascript:alert']],
    ['https:evil.com, https:/evil.net', ['evil.com', 'evil.net']],
    ['https&colon;&sol;&sol;evil&period;com', ['evil.com']],
    ['https%3A%2F%2Fevil%2Ecom', ['evil.com']],
    ['evil[.]com, evil(dot)net', ['evil.com', 'evil.net']],
    ['"eve"@evil.com', ['"eve"@evil.com']],
    ['eve@[203.0.113.7]', ['eve@[203.0.113.7]']],
    ['eve (at) evil.com', ['eve@evil.com']],
    ['pay gb29nwbk60161331926819', ['GB29NWBK60161331926819']],
    ['pay GB29-NWBK-6016-1331-9268-19', ['GB29NWBK60161331926819']],
    ['pay 1BoatSLRHtKNngkdXEeobR76b53LETtpyT', ['1BoatSLRHtKNngkdXEeobR76b53LETtpyT']],
    ['call +1 900 555 0199 or (900) 555-0199', ['+19005550199', '9005550199']],
    ['nothing: 12.50, a.b, file.txt, me@home', []],
    ['nothing: 10 pieces @ 3.50, lunch @ Starbucks. Then home, 10:30, data: yes, ratio 1:2, and/or', []],
    ['nothing: report.md, setup.py, notes.zip, v1.2.3, e.g. so, de12 with that then some, 2024-05-15', []],
  ])('%s', (text, expected) => {
    expect(compared(text)).toStrictEqual(expected)
  })

  it('keeps links apart that differ in their path, their query or their user', () => {
    const links = ['www.a.com', 'www.a.com/b', 'www.a.com?b', 'https://www.a.com@b.com/', 'ftp://www.a.com']
    expect(new Set(links.flatMap(compared)).size).toBe(links.length)
  })

  it('takes a value for an address only where it is one whole', () => {
    expect(addressOf(' sarah@x.com ')).toMatchObject({ form: 'mail', compared: 'sarah@x.com' })
    for (const value of ['sarah@x.com, mark@y.com', 'Sarah <sarah@x.com>', 'Sarah', ''])
      expect(addressOf(value)).toBeNull()
  })

  it('takes a sentence off a link, and nothing off a name of a host in capitals', () => {
    expect(withoutSentence('www.our-company.com.They')).toBe('www.our-company.com')
    for (const link of ['www.Our-Company.com', 'www.our-company.COM', 'www.a.com', 'www.a.com.They/x'])
      expect(withoutSentence(link)).toBeNull()
  })

  it('reads long texts of nothing but beginnings of addresses', () => {
    for (const part of [
      'a.',
      'a-',
      'a@',
      'www.',
      '.',
      'x'.repeat(50),
      'a @ ',
      '//',
      'data:',
      '+1 ',
      'de12 abcd ',
      '%2e',
      '&sol;',
      '(dot)',
    ])
      expect(compared(`www.${part.repeat(20_000)}a`).length).toBeLessThan(40_000)
  })
})
