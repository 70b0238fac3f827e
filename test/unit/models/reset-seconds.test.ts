import { describe, expect, it } from 'vitest'
import { resetSeconds } from '../../../src/models/reset-seconds.ts'
import { verifies } from '../../support/verifies.ts'

const now = Date.parse('2026-01-15T14:23:00Z')
const year = 365 * 86_400
const seconds = (headers: Readonly<Record<string, string>>) => resetSeconds(new Headers(headers), now)
const tokens = (reset: string, remaining = '0') =>
  seconds({ 'x-ratelimit-remaining-tokens': remaining, 'x-ratelimit-reset-tokens': reset })

describe('when a limit of a provider is renewed', () => {
  it.each([
    ['1s', 1],
    ['6m0s', 360],
    ['20ms', 0.02],
    ['1h2m3.5s', 3_723.5],
    ['60', 60],
    ['0s', 0],
    ['2026-01-15T14:24:00Z', 60],
    ['2026-01-15T14:22:00Z', 0],
  ])('%s', (reset, expected) => {
    verifies('faults.waits')
    expect(tokens(reset)).toBeCloseTo(expected, 6)
  })

  it.each([
    ['9'.repeat(400), year],
    [`${'9'.repeat(400)}h`, year],
    ['9999-12-31T00:00:00Z', year],
    ['1s'.repeat(4_000), 4_000],
  ])('is bounded, whatever it says: %#', (reset, expected) => {
    verifies('faults.waits')
    expect(tokens(reset)).toBe(expected)
  })

  it.each(['', '-1s', '1d', 's', '1s;', 'Infinity', 'NaN', '1e9', '2026-01-15T99:99:99Z', `${'1.'.repeat(4_000)}s`])(
    'is not known by %j',
    (reset) => {
      verifies('faults.waits')
      expect(tokens(reset)).toBeNull()
    },
  )

  it('is not waited for of what is left', () => {
    expect(tokens('6m0s', '1')).toBeNull()
    expect(seconds({ 'x-ratelimit-reset-tokens': '6m0s' })).toBeNull()
    expect(tokens('6m0s', '-1')).toBe(360)
  })

  it('is the latest of all that is used up, also in the words of Anthropic', () => {
    const openai = { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '2s' }
    const used = { 'anthropic-ratelimit-input-tokens-remaining': '0' }
    const left = { 'anthropic-ratelimit-requests-remaining': '7' }
    const at = {
      'anthropic-ratelimit-input-tokens-reset': '2026-01-15T14:23:09Z',
      'anthropic-ratelimit-requests-reset': '2026-01-15T14:59:00Z',
    }
    expect(seconds({ ...openai, ...used, ...left, ...at })).toBe(9)
    expect(seconds(openai)).toBe(2)
  })
})
