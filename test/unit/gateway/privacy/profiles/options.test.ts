import { describe, expect, it } from 'vitest'
import {
  defaultPrivacyProfile,
  maskingLevels,
  privacyOptions,
} from '../../../../../src/gateway/privacy/profiles/options.ts'

const hex = 'aB'.repeat(32)
const profiles = (name: string, profile: object) => ({ profiles: { [name]: profile } })

describe('the options of privacy', () => {
  it('hide everything from every upstream where nothing is said', () => {
    const profile = {
      masking: 'all',
      upstreams: {},
      regions: {},
      rules: {},
      surrogates: {},
      recognizers: [],
      allow: { values: [], patterns: [] },
      deny: [],
      tools: [],
      unread: 'refuse',
      answers: 'mask',
      user_location: 'refuse',
      late_finds: 'mask',
    }
    expect(privacyOptions.parse({})).toEqual({
      key: null,
      former_keys: [],
      presidio: null,
      deadline_ms: 20_000,
      profiles: { default: profile },
    })
    expect(defaultPrivacyProfile).toEqual(profile)
    expect(privacyOptions.parse(profiles('strict', {})).profiles['strict']).toEqual(profile)
  })

  it.each([
    ...['none', 'structured', 'all'].flatMap((level) => [
      profiles('p', { masking: level }),
      profiles('p', { upstreams: { one: level } }),
      profiles('p', { regions: { eu: level } }),
    ]),
    ...['refuse', 'pass'].map((unread) => profiles('p', { unread })),
    ...['mask', 'pass'].map((answers) => profiles('p', { answers })),
    ...['mask', 'leave'].map((lateFinds) => profiles('p', { late_finds: lateFinds })),
    profiles('p', { tools: ['*', 'a'] }),
    profiles('p', { rules: { 'pii/email': { action: 'allow' } } }),
    profiles('a', {}),
    profiles(`a${'0-z'.repeat(21)}`, {}),
    { key: null },
    { key: hex },
    { former_keys: [hex, hex] },
    { deadline_ms: 10 },
    { deadline_ms: 600_000 },
  ])('take %j', (given) => {
    expect(privacyOptions.safeParse(given).success).toBe(true)
  })

  it.each([
    profiles('p', { masking: 'some' }),
    profiles('p', { masking: '' }),
    profiles('p', { upstreams: { one: 'most' } }),
    profiles('p', { regions: { eu: 'most' } }),
    profiles('p', { unread: 'mask' }),
    profiles('p', { answers: 'refuse' }),
    profiles('p', { late_finds: 'pass' }),
    profiles('p', { tools: [''] }),
    profiles('p', { rules: { 'pii/email': { action: 'hide' } } }),
    profiles('p', { later: 1 }),
    profiles('', {}),
    profiles('P', {}),
    profiles('1p', {}),
    profiles('p_q', {}),
    profiles('a p', {}),
    profiles(`a${'0-z'.repeat(21)}a`, {}),
    { key: hex.slice(1) },
    { key: `${hex}0` },
    { key: `0${hex}` },
    { key: `${hex.slice(1)}g` },
    { former_keys: [hex.slice(1)] },
    { former_keys: [`${hex}0`] },
    { former_keys: [`0${hex}`] },
    { deadline_ms: 9 },
    { deadline_ms: 600_001 },
    { deadline_ms: 10.5 },
    { later: 1 },
  ])('refuse %j', (given) => {
    expect(privacyOptions.safeParse(given).success).toBe(false)
  })

  it('say of a key what it has to be, and never show one', () => {
    expect(privacyOptions.safeParse({ key: 'x' }).error?.issues[0]?.message).toBe(
      'must be 32 random bytes in hexadecimal',
    )
    expect(privacyOptions.safeParse({ former_keys: ['x'] }).error?.issues[0]?.message).toBe(
      'must be 32 bytes in hexadecimal',
    )
    const parsed = privacyOptions.parse({ key: hex, former_keys: [hex] })
    expect(JSON.stringify(parsed)).not.toContain(hex)
    expect([parsed.key?.reveal(), parsed.former_keys[0]?.reveal()]).toEqual([hex, hex])
  })

  it('have three levels of masking', () => {
    expect(maskingLevels).toEqual(['none', 'structured', 'all'])
  })
})
