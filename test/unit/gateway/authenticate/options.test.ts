import { describe, expect, it } from 'vitest'
import { identityOptions, isLoopback } from '../../../../src/gateway/authenticate/options.ts'

const corp = { issuer: 'https://a.example', audience: 'x', groups: { map: { a: 'default' } } }
const parsed = (own: object) => identityOptions.safeParse({ issuers: { corp: { ...corp, ...own } } })
const inForce = (own: object) => identityOptions.parse({ issuers: { corp: { ...corp, ...own } } }).issuers['corp']

describe('the options of an issuer', () => {
  it('have the defaults that the documents give', () => {
    expect(inForce({})).toEqual({
      issuer: 'https://a.example',
      audience: 'x',
      algorithms: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
      types: ['at+jwt', 'JWT'],
      keys_url: null,
      keys_file: null,
      refresh_ms: 300_000,
      cooldown_ms: 30_000,
      stale_ms: 3_600_000,
      timeout_ms: 5_000,
      clock_skew_ms: 30_000,
      longest_life_ms: 86_400_000,
      subject_claim: 'sub',
      groups: { claim: 'groups', map: { a: 'default' } },
      scopes: ['ask', 'models', 'sql', 'execute', 'sessions', 'privacy', 'metrics'],
      end_user_claim: null,
    })
  })

  it.each<[string, number, number]>([
    ['refresh_ms', 10_000, 3_600_000],
    ['cooldown_ms', 1_000, 3_600_000],
    ['stale_ms', 300_000, 604_800_000],
    ['timeout_ms', 100, 30_000],
    ['clock_skew_ms', 0, 300_000],
    ['longest_life_ms', 60_000, 2_147_483_647],
  ])('take %s as a whole number from the least to the most', (name, least, most) => {
    for (const value of [least, most]) expect(inForce({ [name]: value })).toMatchObject({ [name]: value })
    for (const value of [least - 1, most + 1, least + 0.5]) expect(parsed({ [name]: value }).success).toBe(false)
  })

  it('take no keys that are stale before they are looked for again, nor a look that comes only after a day', () => {
    const both = (refresh_ms: number, stale_ms: number) => parsed({ refresh_ms, stale_ms }).success
    expect([both(10_000, 60_000), both(10_000, 59_999), both(60_000, 60_000), both(60_001, 60_000)]).toEqual([
      true,
      false,
      true,
      false,
    ])
    expect([both(86_400_000, 86_400_000), both(86_400_001, 604_800_000)]).toEqual([true, false])
  })

  it.each([
    { issuer: 'x'.repeat(1_000), keys_file: 'k' },
    { audience: ['x'] },
    { audience: ['x', 'y'] },
    { types: ['absent'] },
    { types: ['x'.repeat(64)] },
    { types: ['A.b+c-d'] },
    { subject_claim: ['a', 'b', 'c', 'd', 'e'] },
    { groups: { map: {} } },
    { groups: { claim: ['a', 'b'], map: { x: 'y' } } },
    { scopes: [] },
    { end_user_claim: 'person' },
    { keys_url: 'https://a.example/keys?v=1' },
    { keys_url: 'http://127.0.0.1:8080/keys' },
    { keys_url: 'http://[::1]/keys' },
    { keys_url: 'http://localhost/keys' },
  ])('take %j', (own) => {
    expect(parsed(own).error).toBeUndefined()
  })

  it.each([
    { issuer: '' },
    { issuer: 'x'.repeat(1_001), keys_file: 'k' },
    { audience: '' },
    { audience: [''] },
    { types: [''] },
    { types: ['x'.repeat(65)] },
    { types: ['+jwt'] },
    { types: ['a/b'] },
    { types: ['a b'] },
    { subject_claim: '' },
    { subject_claim: [] },
    { subject_claim: [''] },
    { subject_claim: ['a', 'b', 'c', 'd', 'e', 'f'] },
    { groups: { map: { '': 'default' } } },
    { groups: { map: { a: '' } } },
    { groups: { map: {}, later: 1 } },
    { scopes: ['everything'] },
    { keys_file: '' },
    { keys_url: 'https://user@a.example/keys' },
    { keys_url: 'https://:word@a.example/keys' },
    { keys_url: 'https://a.example/keys#x' },
    { keys_url: 'ftp://127.0.0.1/keys' },
    { keys_url: 'http://localhost.a.example/keys' },
    { keys_url: 'http://a.localhost/keys' },
    { keys_url: 'keys' },
    { later: 1 },
  ])('refuse %j', (own) => {
    expect(parsed(own).success).toBe(false)
  })

  it.each([
    ['http://127.0.0.1/', true],
    ['http://127.200.3.4/', true],
    ['http://127.1/', true],
    ['http://localhost:81/', true],
    ['http://[::1]:81/', true],
    ['http://128.0.0.1/', false],
    ['http://127.0.0.1.a.example/', false],
    ['http://a127.0.0.1.example/', false],
    ['http://[::2]/', false],
    ['http://xlocalhost/', false],
  ])('know %s for an address of this machine: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected)
  })
})

describe('the options of who is known', () => {
  it('have nobody beside those with a key, and count wrong credentials for a minute', () => {
    expect(identityOptions.parse({})).toEqual({
      issuers: {},
      anonymous: null,
      guesses: { most: 20, window_ms: 60_000 },
    })
  })

  it.each([
    { anonymous: 'public' },
    { guesses: { most: 1 } },
    { guesses: { most: 1_000_000 } },
    { guesses: { window_ms: 1_000 } },
    { guesses: { window_ms: 3_600_000 } },
    { issuers: { [`a${'b'.repeat(63)}`]: corp } },
    { issuers: { 'a-1': corp, b: { ...corp, issuer: 'https://b.example' } } },
  ])('take %j', (given) => {
    expect(identityOptions.safeParse(given).error).toBeUndefined()
  })

  it.each([
    { anonymous: '' },
    { guesses: { most: 0 } },
    { guesses: { most: 1_000_001 } },
    { guesses: { most: 1.5 } },
    { guesses: { window_ms: 999 } },
    { guesses: { window_ms: 3_600_001 } },
    { guesses: { later: 1 } },
    { issuers: { [`a${'b'.repeat(64)}`]: corp } },
    { issuers: { 'A b': corp } },
    { issuers: { '1a': corp } },
    { issuers: { 'a ': corp } },
    { issuers: { a: corp, b: corp } },
    { later: 1 },
  ])('refuse %j', (given) => {
    expect(identityOptions.safeParse(given).success).toBe(false)
  })
})
