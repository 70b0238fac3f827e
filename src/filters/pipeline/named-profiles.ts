import { defaultProfile, ruleFor, type FilterProfile, type ProfileRules } from '../profile.ts'
import { doesNoLess } from '../strictness.ts'

export interface NamedProfile extends FilterProfile {
  readonly name: string
}

interface Problem {
  readonly path: readonly string[]
  readonly message: string
}

/** Profiles by name, with `default`, which is there also where it is not listed. */
export function namedProfiles(profiles: Readonly<Record<string, FilterProfile>>): ReadonlyMap<string, NamedProfile> {
  const all = Object.entries({ default: defaultProfile, ...profiles })
  return new Map(all.map(([name, { version, inbound, outbound }]) => [name, { name, version, inbound, outbound }]))
}

/**
 * A profile with the rules that it inherits, and what is wrong with how it does: a profile that is not there or inherits
 * from itself, or a rule that does less than the one in whose place it stands.
 */
export function withInherited(
  name: string,
  written: Readonly<Record<string, FilterProfile>>,
): { readonly profile: FilterProfile; readonly problems: readonly Problem[] } {
  const { extends: from, ...own } = written[name] ?? { ...defaultProfile, extends: undefined }
  if (from === undefined) return { profile: own, problems: [] }
  const wrong = (message: string) => ({ profile: own, problems: [{ path: ['extends'], message }] })
  if (!Object.hasOwn(written, from)) {
    return wrong(`there is no filter profile "${from}"; there are: ${Object.keys(written).join(', ')}`)
  }
  if (isInCircle(name, written)) return wrong('it would inherit from a profile that inherits from itself')
  // What is wrong with the profile it extends is said there.
  const { profile: inherited } = withInherited(from, written)
  const problems = (['inbound', 'outbound'] as const).flatMap((direction) =>
    Object.entries(own[direction]).flatMap(([category, rule]) => {
      const before = ruleFor(inherited, direction, category)
      if (doesNoLess(rule, before)) return []
      const message = `does less than the rule of "${from}" that it replaces (${before.action} from ${before.threshold}, ${before.mode})`
      return [{ path: [direction, category], message }]
    }),
  )
  const merged = (one: ProfileRules, other: ProfileRules): ProfileRules => ({ ...one, ...other })
  const profile = {
    version: own.version,
    extends: from,
    inbound: merged(inherited.inbound, own.inbound),
    outbound: merged(inherited.outbound, own.outbound),
  }
  return { profile, problems }
}

function isInCircle(name: string, written: Readonly<Record<string, FilterProfile>>): boolean {
  const passed = new Set<string>()
  for (let at: string | undefined = name; at !== undefined; at = written[at]?.extends) {
    if (passed.has(at)) return true
    passed.add(at)
  }
  return false
}
