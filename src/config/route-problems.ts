import { modelOf } from '../models/routing/options.ts'
import { closest } from '../text/closest.ts'
import type { Config } from './schema.ts'
import { formatPath, type SettingPath } from './schema-paths.ts'
import { defaultOrigin, originOf, type Problem, type Setting } from './settings.ts'

/** Routes that could not be followed, or would be asked by the name of a model: each with where it is written. */
export function routeProblems({ routes, upstreams, gateway }: Config, settings: readonly Setting[]): Problem[] {
  const kinds = new Map(
    Object.values(upstreams).flatMap(({ kind, models }) =>
      (Array.isArray(models) ? models : Object.keys(models)).map((name) => [name, kind] as const),
    ),
  )
  const problem = (path: SettingPath, message: string): Problem => ({
    origin: originOf(settings, path)?.origin ?? defaultOrigin,
    message: `${formatPath(path)}: ${message}`,
  })
  return Object.entries(routes).flatMap(([route, { targets: given, strategy }]) => {
    const targets = given.map(modelOf)
    const path = ['routes', route, 'targets']
    const faults: Problem[] = []
    if (kinds.has(route)) faults.push(problem(['routes', route], 'a model of upstreams has this name'))
    for (const name of targets) {
      if (kinds.has(name)) continue
      const near = closest(name, [...kinds.keys()])
      const hint = near === null ? `there are: ${[...kinds.keys()].join(', ') || 'none'}` : `did you mean "${near}"?`
      faults.push(problem(path, `there is no model "${name}" under upstreams; ${hint}`))
    }
    if (new Set(targets).size < targets.length) faults.push(problem(path, 'has a model twice'))
    const spoken = new Set(targets.flatMap((name) => kinds.get(name) ?? []))
    if (spoken.size > 1) {
      const sides = [...Map.groupBy(targets, (name) => kinds.get(name))].map(
        ([kind, names]) => `${names.join(' and ')} ${names.length === 1 ? 'speaks' : 'speak'} the API of ${kind}`,
      )
      faults.push(problem(path, `has models of two kinds of upstreams: ${sides.join(', ')}`))
    }
    if (strategy === 'tier') {
      const tiers = given.map((target) => (typeof target === 'string' ? undefined : target.tier))
      if (tiers.includes(undefined)) faults.push(problem(path, 'needs a tier for each model: {model, tier}'))
      for (const [group, { models, tier }] of Object.entries(gateway.groups)) {
        if (!models.includes(route) && !models.includes('*')) continue
        if (tier !== null && tiers.includes(tier)) continue
        const named = [...new Set(tiers.filter((each) => each !== undefined))].join(', ') || 'none'
        faults.push(
          problem(
            ['gateway', 'groups', group, 'tier'],
            `the route "${route}" has none for the group, which may ask it; there are: ${named}`,
          ),
        )
      }
    }
    return faults
  })
}
