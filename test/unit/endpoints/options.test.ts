import { describe, expect, it } from 'vitest'
import { endpointOptions, endpointsOptions } from '../../../src/endpoints/options.ts'

const least = { document: 'openapi.json', base_url: 'http://127.0.0.1:1' }
type Settings = Readonly<Record<string, unknown>>

/** A setting at its place, as `pictures.width`. */
function withSetting(path: string, value: unknown): Settings {
  const [first = '', second] = path.split('.')
  return { ...least, [first]: second === undefined ? value : { [second]: value } }
}

function settingOf(options: Settings, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Settings)[name], options)
}

/** Name, what it is where nothing is said, the least and the most that it may be. */
const numbers: readonly (readonly [string, number, number, number])[] = [
  ['body_limit_kb', 1_024, 1, 524_288],
  ['body_ratio', 20, 1, 1_000],
  ['pictures.width', 4_096, 1, 65_535],
  ['pictures.height', 4_096, 1, 65_535],
  ['pictures.count', 8, 1, 1_000],
  ['pictures.pixels', 16_777_216, 1, 268_435_456],
  ['pictures.ratio', 1_000, 1, 1_000_000],
  ['pictures.frames', 1, 1, 1_000],
  ['forms.parts', 64, 1, 10_000],
  ['json_depth', 32, 1, 128],
  ['json_values', 50_000, 1, 1_000_000],
  ['concurrency', 4, 1, 10_000],
  ['waiting', 64, 0, 100_000],
  ['waiting_per_caller', 16, 1, 100_000],
  ['wait_ms', 10_000, 1, 600_000],
  ['timeout_ms', 30_000, 10, 3_600_000],
  ['answer_limit_kb', 16_384, 1, 1_048_576],
  ['breaker.failures', 5, 1, 1_000],
  ['breaker.open_ms', 10_000, 100, 600_000],
]

describe('a setting of an endpoint', () => {
  it.each(numbers)('%s is %i where nothing is said, and from %i to %i', (path, usual, from, to) => {
    expect(settingOf(endpointOptions.parse(least), path)).toBe(usual)
    for (const value of [from, to]) expect(settingOf(endpointOptions.parse(withSetting(path, value)), path)).toBe(value)
    for (const value of [from - 1, to + 1, -1, '1', null])
      expect(endpointOptions.safeParse(withSetting(path, value)).success).toBe(false)
  })

  it('address_kb may be a part of a kibibyte', () => {
    expect(endpointOptions.parse(least).address_kb).toBe(4)
    for (const value of [0.1, 16])
      expect(endpointOptions.safeParse(withSetting('address_kb', value)).success).toBe(true)
    for (const value of [0, 0.09, 16.1])
      expect(endpointOptions.safeParse(withSetting('address_kb', value)).success).toBe(false)
  })

  it('has pictures drawn anew without metadata, a key in the usual header and no price, where nothing is said', () => {
    const options = endpointOptions.parse(least)
    expect(options).toMatchObject({
      pictures: { mode: 're-encode', metadata: 'strip' },
      api_key_header: 'authorization',
      price: null,
      operations: {},
    })
    expect(options.api_key).toBeUndefined()
  })

  it.each([
    ['pictures.mode', ['re-encode', 'as-is'], ['none', '']],
    ['pictures.metadata', ['strip', 'refuse', 'keep'], ['any', '']],
    ['price', [0, 1_000_000_000, null], [-1, 1_000_000_001, 0.5]],
    ['document', ['a'], ['', 1]],
    ['api_key', ['!', '~key~'], ['', 'a b', 'ä', 'a\n', ' a', '\x7f']],
    [
      'api_key_header',
      ['authorization', 'x-api-key', '1', 'a'.repeat(100), 'contents', 'hosts', 'x-host', 'x-te'],
      ['', 'X-Api-Key', '-a', 'a b', 'a:', 'a'.repeat(101), 'a\n'],
    ],
    ['operations', [{}, { a: { price: 0 } }], [{ '': { price: 1 } }, { a: {} }, { a: { price: 1, other: 1 } }]],
    ['other', [], [1]],
    ['pictures.other', [], [1]],
    ['forms.other', [], [1]],
    ['breaker.other', [], [1]],
  ] as const)('%s takes %j, and none of %j', (path, good, bad) => {
    for (const value of good) expect(endpointOptions.safeParse(withSetting(path, value)).success).toBe(true)
    for (const value of bad) expect(endpointOptions.safeParse(withSetting(path, value)).success).toBe(false)
  })

  it.each([
    'connection',
    'content-length',
    'content-type',
    'expect',
    'host',
    'keep-alive',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
  ])('api_key_header is none that says how a body is framed or belongs to a connection: %s', (name) => {
    const { error } = endpointOptions.safeParse(withSetting('api_key_header', name))
    expect(error?.issues[0]?.message).toBe('says how a body is framed, or belongs to one connection')
  })

  it('has operations with names of a length that ends', () => {
    const named = (length: number) =>
      endpointOptions.safeParse(withSetting('operations', { ['a'.repeat(length)]: { price: 1 } }))
    expect([named(200).success, named(201).success]).toEqual([true, false])
  })

  it('keeps its key from being written anywhere', () => {
    const { api_key: key } = endpointOptions.parse(withSetting('api_key', 'of-the-service'))
    expect([JSON.stringify(key), key?.reveal()]).toEqual([expect.not.stringContaining('of-the'), 'of-the-service'])
  })
})

it.each([
  ['a', true],
  ['a-b_2', true],
  ['a'.repeat(64), true],
  ['a'.repeat(65), false],
  ['A', false],
  ['1a', false],
  ['-a', false],
  ['', false],
  ['a.b', false],
  ['a/b', false],
  ['a\n', false],
])('an endpoint may have the name %j: %s', (name, is) => {
  expect(endpointsOptions.safeParse({ [name]: least }).success).toBe(is)
})
