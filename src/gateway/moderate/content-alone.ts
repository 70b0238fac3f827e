import { ServiceError } from '../../core/errors.ts'
import { isContent } from '../../filters/categories.ts'
import type { NamedProfile } from '../../filters/pipeline/named-profiles.ts'
import type { ProfileRules } from '../../filters/profile.ts'

/**
 * Each profile with its rules for content and without those for values, which the screener decides about what the service's own
 * model is asked and answers.
 */
export class ContentProfiles {
  readonly #profiles: ReadonlyMap<string, NamedProfile>

  constructor(profiles: ReadonlyMap<string, NamedProfile>) {
    this.#profiles = new Map(
      Array.from(profiles, ([name, profile]) => {
        const { inbound, outbound } = profile
        return [name, { ...profile, inbound: contentAlone(inbound), outbound: contentAlone(outbound) }]
      }),
    )
  }

  /** Throws `invalid-config` for a name without a profile. */
  of(name: string): NamedProfile {
    const profile = this.#profiles.get(name)
    if (profile === undefined) throw new ServiceError('invalid-config', `There is no filter profile "${name}".`)
    return profile
  }
}

function contentAlone(rules: ProfileRules): ProfileRules {
  const ofContent = Object.entries(rules).filter(([category]) => isContent(category))
  const allow = { threshold: 1, action: 'allow', mode: 'enforce' } as const
  const values: ProfileRules = {
    pii: allow,
    secret: allow,
    'sql-leak': allow,
    link: allow,
    custom: allow,
    other: allow,
  }
  return { ...values, ...Object.fromEntries(ofContent) }
}
