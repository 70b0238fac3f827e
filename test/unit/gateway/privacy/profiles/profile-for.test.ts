import { describe, expect, it } from 'vitest'
import { defaultPrivacyProfile, privacyOptions } from '../../../../../src/gateway/privacy/profiles/options.ts'
import { createProfileFor } from '../../../../../src/gateway/privacy/profiles/profile-for.ts'

describe('the privacy profile of a group', () => {
  const options = privacyOptions.parse({ profiles: { strict: { unread: 'refuse', tools: ['a'] } } })

  it('is the one it names; "default" is there also where it is not listed', () => {
    const profileFor = createProfileFor(options)
    expect(profileFor('strict', 'staff')).toMatchObject({ tools: ['a'] })
    expect(profileFor('default', 'staff')).toEqual(defaultPrivacyProfile)
    const own = createProfileFor(privacyOptions.parse({ profiles: { default: { masking: 'none' } } }))
    expect(own('default', 'staff').masking).toBe('none')
  })

  it('is no other one where there is none of its name', () => {
    expect(() => createProfileFor(options)('strikt', 'staff')).toThrow(
      expect.objectContaining({
        code: 'invalid-config',
        message: 'The group "staff" names the privacy profile "strikt", which is not there.',
        advice: 'Name one of: default, strict.',
      }),
    )
    expect(() => createProfileFor(options)('toString', 'staff')).toThrow(/not there/)
  })
})
