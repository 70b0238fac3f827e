import { describe, expect, it } from 'vitest'
import { addressesIn, addressOf, withoutSentence } from '../../../src/provenance/forms.ts'

const compared = (text: string) => addressesIn(text).map((address) => address.compared)

describe('addresses in a text', () => {
  it.each([
    ['Write to Sarah.Connor@Gmail.com, please.', ['sarah.connor@gmail.com']],
    ['See https://Example.com/A?b=C#d).', ['example.com/A?b=C#d']],
    ['www.example.com/, www.example.com and https://www.example.com', ['www.example.com']],
    ['evil.example/x?q=1', ['evil.example/x?q=1']],
    ['pay GB29NWBK60161331926819 now', ['GB29NWBK60161331926819']],
    ['to bc1qx7f3a9h4pkw2', ['bc1qx7f3a9h4pkw2']],
    ['nothing: 12.50, a.b, file.txt, me@home', []],
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
    for (const part of ['a.', 'a-', 'a@', 'www.', '.', 'x'.repeat(50)])
      expect(compared(`www.${part.repeat(20_000)}a`).length).toBeLessThan(40_000)
  })
})
