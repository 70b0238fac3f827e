import { describe, expect, it } from 'vitest'
import { privacyOptions } from '../../../../../src/gateway/privacy/profiles/options.ts'
import { hidesNoLess } from '../../../../../src/gateway/privacy/profiles/strictness.ts'

const hides = (profile: object, than: object): boolean => {
  const { profiles } = privacyOptions.parse({ profiles: { one: profile, other: than } })
  const [one, other] = [profiles['one'], profiles['other']]
  if (one === undefined || other === undefined) throw new Error('the test has no profiles')
  return hidesNoLess(one, other)
}

const own = (name: string) => ({ recognizers: [{ name, pattern: `${name}-[0-9]+` }] })
const denied = (...values: string[]) => ({ deny: [{ category: 'custom/word', values }] })
const left = (...values: string[]) => ({ allow: { values, patterns: [] } })

describe('a profile', () => {
  it.each([
    [{}, {}],
    [{ masking: 'structured' }, { masking: 'structured' }],
    [{}, { masking: 'structured' }],
    [{}, { masking: 'none' }],
    [{}, { upstreams: { house: 'none' } }],
    [{ upstreams: { house: 'structured' } }, { upstreams: { house: 'none' } }],
    [{ regions: { eu: 'structured' } }, { masking: 'structured' }],
    [{ upstreams: { house: 'none' } }, { masking: 'none' }],
    [{}, { rules: { 'pii/email': { action: 'allow' } } }],
    [{ rules: { 'pii/email': { action: 'block' } } }, {}],
    [own('team'), {}],
    [own('team'), own('team')],
    [denied('Heron'), {}],
    [denied('Heron'), denied('Heron')],
    [left('x'), left('x')],
    [{}, { tools: ['a'] }],
    [{ tools: ['a'] }, { tools: ['a', 'b'] }],
    [{ tools: ['a'] }, { tools: ['*'] }],
    [{ tools: ['*'] }, { tools: ['*'] }],
    [{}, { unread: 'pass' }],
    [{ unread: 'pass' }, { unread: 'pass' }],
    [{}, { user_location: 'pass' }],
    [{ user_location: 'pass' }, { user_location: 'pass' }],
    [{}, { answers: 'pass' }],
    [{ answers: 'pass' }, { answers: 'pass' }],
  ])('%j hides no less than %j', (profile, than) => {
    expect(hides(profile, than)).toBe(true)
  })

  it.each([
    [{ masking: 'structured' }, {}],
    [{ masking: 'none' }, { masking: 'structured' }],
    [{ upstreams: { house: 'none' } }, {}],
    [{ upstreams: { house: 'none' } }, { upstreams: { house: 'structured' } }],
    [{ regions: { eu: 'none' } }, {}],
    [{ masking: 'none', upstreams: { house: 'all' }, regions: { eu: 'all' } }, {}],
    [{ masking: 'structured' }, { masking: 'structured', upstreams: { house: 'all' } }],
    [{ masking: 'structured' }, { masking: 'structured', regions: { eu: 'all' } }],
    [{ masking: 'structured' }, { upstreams: { house: 'structured' }, regions: { eu: 'structured' } }],
    [{ rules: { 'pii/email': { action: 'allow' } } }, {}],
    [{ rules: { 'pii/email': { mode: 'shadow' } } }, {}],
    [{}, own('team')],
    [own('other'), own('team')],
    [{}, denied('Heron')],
    [denied('Heron'), denied('Heron', 'Crane')],
    [left('x'), {}],
    [{}, left('x')],
    [{ tools: ['a'] }, {}],
    [{ tools: ['a', 'b'] }, { tools: ['a'] }],
    [{ tools: ['*'] }, { tools: ['a'] }],
    [{ unread: 'pass' }, {}],
    [{ user_location: 'pass' }, {}],
    [{ answers: 'pass' }, {}],
  ])('%j may hide less than %j', (profile, than) => {
    expect(hides(profile, than)).toBe(false)
  })
})
