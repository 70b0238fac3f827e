import { ServiceError } from '../../../core/errors.ts'
import { defaultPrivacyProfile, type PrivacyOptions, type PrivacyProfile } from './options.ts'

/** The profile that a group names. Throws `invalid-config` for a name without a profile: nothing leaves unmasked for that. */
export function createProfileFor(options: PrivacyOptions): (name: string, group: string) => PrivacyProfile {
  const profiles = new Map(Object.entries({ default: defaultPrivacyProfile, ...options.profiles }))
  return (name, group) => {
    const profile = profiles.get(name)
    if (profile !== undefined) return profile
    const message = `The group "${group}" names the privacy profile "${name}", which is not there.`
    throw new ServiceError('invalid-config', message, { advice: `Name one of: ${[...profiles.keys()].join(', ')}.` })
  }
}
