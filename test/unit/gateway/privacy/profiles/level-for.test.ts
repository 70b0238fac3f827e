import { describe, expect, it } from 'vitest'
import { levelFor } from '../../../../../src/gateway/privacy/profiles/level-for.ts'
import { privacyOptions } from '../../../../../src/gateway/privacy/profiles/options.ts'
import { verifies } from '../../../../support/verifies.ts'

const levels = (profile: object) => {
  const { profiles } = privacyOptions.parse({ profiles: { p: profile } })
  return profiles['p'] ?? expect.unreachable()
}
const profile = levels({ masking: 'structured', upstreams: { house: 'none' }, regions: { us: 'all', eu: 'none' } })

describe('how much is hidden', () => {
  it.each([
    ['house', null, 'none'],
    ['house', 'us', 'none'],
    ['first', 'us', 'all'],
    ['first', 'eu', 'none'],
    ['first', 'asia', 'structured'],
    ['first', null, 'structured'],
  ])(
    'from the upstream %s in %s goes by its name, else by its region, else as everywhere: %s',
    (upstream, region, level) => {
      verifies('pii.regions')
      expect(levelFor(profile, [{ upstream, region }])).toBe(level)
    },
  )

  it.each(['constructor', 'valueOf', '__proto__'])('goes by no name that every object has: %s', (name) => {
    expect(levelFor(profile, [{ upstream: name, region: name }])).toBe('structured')
  })

  const [house, us, elsewhere] = [
    { upstream: 'house', region: null },
    { upstream: 'first', region: 'us' },
    { upstream: 'first', region: null },
  ] as const

  it('is what the strictest of several destinations asks for, in whichever order they come', () => {
    expect(levelFor(profile, [house, us])).toBe('all')
    expect(levelFor(profile, [us, house])).toBe('all')
    expect(levelFor(profile, [house, elsewhere])).toBe('structured')
    expect(levelFor(profile, [elsewhere, us, house])).toBe('all')
    expect(levelFor(profile, [house, house])).toBe('none')
  })
})
