import { ownModel } from '../core/own-model.ts'
import { groupsInForce } from '../gateway/options.ts'
import { closest } from '../text/closest.ts'
import type { Config } from './schema.ts'
import { formatPath, type SettingPath } from './schema-paths.ts'
import { defaultOrigin, originOf, type Problem, type Setting } from './settings.ts'

/** Policies, and an Envoy, by names that nothing has: they would be applied to nobody, or refuse every call. */
export function namelessPolicies(
  { gateway, filters, privacy, provenance, upstreams, envoy, actions }: Config,
  settings: readonly Setting[],
): Problem[] {
  // Privacy profiles name the service's own model among the upstreams.
  const known = {
    'filter profile': ['default', ...Object.keys(filters.profiles)],
    'privacy profile': ['default', ...Object.keys(privacy.profiles)],
    upstream: [ownModel, ...Object.keys(upstreams)],
    group: Object.keys(groupsInForce(gateway)),
    region: [...new Set(Object.values(upstreams).flatMap(({ region }) => region ?? []))],
  }
  const check = (kind: keyof typeof known, name: string | null, path: SettingPath): Problem[] => {
    if (name === null || known[kind].includes(name)) return []
    const near = closest(name, known[kind])
    const hint = near === null ? `there are: ${known[kind].join(', ') || 'none'}` : `did you mean "${near}"?`
    const origin = originOf(settings, path)?.origin ?? defaultOrigin
    return [{ origin, message: `${formatPath(path)}: there is no ${kind} "${name}"; ${hint}` }]
  }
  const groups = Object.entries(gateway.groups)
  const ofGroups = groups.flatMap(([group, policy]) =>
    check('filter profile', policy.filter_profile, ['gateway', 'groups', group, 'filter_profile']).concat(
      check('privacy profile', policy.privacy_profile, ['gateway', 'groups', group, 'privacy_profile']),
      check('filter profile', policy.call_filter_profile, ['gateway', 'groups', group, 'call_filter_profile']),
    ),
  )
  const declared = Object.keys(actions.tools).length
  const undeclared = groups.flatMap(([group, policy]): Problem[] => {
    if (policy.actions !== 'enforce' || declared > 0) return []
    const path = ['gateway', 'groups', group, 'actions']
    const message = `${formatPath(path)}: each call of a tool would be refused; declare tools in actions.tools, or write shadow or off`
    return [{ origin: originOf(settings, path)?.origin ?? defaultOrigin, message }]
  })
  const profiles = Object.entries(privacy.profiles)
  const ofUpstreams = profiles.flatMap(([profile, { upstreams: named }]) =>
    Object.keys(named).flatMap((name) => check('upstream', name, ['privacy', 'profiles', profile, 'upstreams', name])),
  )
  const ofRegions = profiles.flatMap(([profile, { regions }]) =>
    Object.keys(regions).flatMap((name) => check('region', name, ['privacy', 'profiles', profile, 'regions', name])),
  )
  const ofModes = Object.keys(provenance.groups).flatMap((name) => check('group', name, ['provenance', 'groups', name]))
  const ofEnvoy = check('upstream', envoy.upstream, ['envoy', 'upstream'])
  return [...ofGroups, ...undeclared, ...ofUpstreams, ...ofRegions, ...ofModes, ...ofEnvoy]
}
