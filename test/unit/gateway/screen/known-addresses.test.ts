import { describe, expect, it } from 'vitest'
import { knownAddresses } from '../../../../src/gateway/screen/known-addresses.ts'

const asked = (content: string, hosts: readonly string[] = []) => knownAddresses([{ role: 'user', content }], hosts)

describe('an address that the person gives', () => {
  const known = asked('Compare https://acme.example/a?x=1 with acme.com, and tell Bob (bob@acme.example).')

  it.each([
    'https://acme.example/a?x=1', 'HTTPS://ACME.example/a?x=1', 'http://acme.example/a?x=1', 'acme.com', 'https://acme.com', 'https://acme.com/', 'bob@acme.example', 'Bob@acme.example',
  ])('is known: %s', (address) => expect(known.isKnown(address)).toBe(true)) // prettier-ignore

  it.each([
    'https://acme.example/a', 'https://acme.example/a?x=2', 'https://acme.example/A?x=1', 'https://acme.example', 'https://acme.com/p', 'x.acme.com',
    'https://acme.com.evil.example', 'https://acme.example/a?x=1#d', 'https://acme.example/a?x=1&d=secret', 'https://evil@acme.com', 'https://acme.com:81',
    'alice@acme.example', 'bob@acme.example.org', 'mailto:bob@acme.example?body=x', 'acme', '', 'Compare', 'javascript:alert(1)',
  ])('is another one when anything is different: %s', (address) => expect(known.isKnown(address)).toBe(false)) // prettier-ignore

  it('does nothing without a click', () => {
    expect(known.isAtOwnHost('https://acme.example/a?x=1')).toBe(false)
  })
})

describe('an address that somebody else gives', () => {
  it.each([
    ['a model', [{ role: 'assistant', content: 'See https://evil.example/p' }]],
    ['what is quoted by lines', [{ role: 'user', content: '> See https://evil.example/p\n\nWhat does it say?' }]],
    ['what is pasted', [{ role: 'user', content: 'Read this:\n```\nhttps://evil.example/p\n```' }]],
    ['a long quotation', [{ role: 'user', content: `Read "${'word '.repeat(40)}https://evil.example/p"` }]],
  ] as const)('is not known: %s', (_who, messages) => {
    expect(knownAddresses(messages, []).isKnown('https://evil.example/p')).toBe(false)
  })

  it('is known of the operator, who writes the instructions', () => {
    const messages = [{ role: 'system', content: 'Point people to https://help.example/start.' }] as const
    expect(knownAddresses(messages, []).isKnown('https://help.example/start')).toBe(true)
  })
})

describe("a host of the operator's", () => {
  const known = asked('What is new?', ['docs.acme.example', '*.wiki.example'])

  it.each([
    'https://docs.acme.example', 'https://docs.acme.example/a?b=c#d', 'http://DOCS.acme.example:8080/a', 'docs.acme.example/a', 'https://a.wiki.example/p', 'https://a.b.wiki.example',
  ])('is known with all that it holds: %s', (address) => {
    expect(known.isAtOwnHost(address)).toBe(true)
  }) // prettier-ignore

  it.each([
    'https://docs.acme.example.evil.example', 'https://evil.example/docs.acme.example', 'https://docs.acme.example@evil.example', 'https://docs.acme.example\\@evil.example',
    'https://docs.acme.example%2eevil.example', 'https://docs.acme.example,evil.example', 'https://wiki.example', 'https://evilwiki.example', 'ftp://docs.acme.example',
    'javascript:docs.acme.example', 'a@docs.acme.example', 'https:/docs.acme.example', 'https://docs.acme.example:99999999@evil.example', 'https://docs.acme.example&period;evil.example', '//docs.acme.example', 'https://dоcs.acme.example',
  ])('is no other host, however it is written: %s', (address) => {
    expect(known.isKnown(address)).toBe(false)
    expect(known.isAtOwnHost(address)).toBe(false)
  }) // prettier-ignore
})
