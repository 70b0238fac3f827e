import { groundingModes, type AgentBudget, type Grant, type ToolName } from '../../core/grant.ts'
import type { ToolLanguage } from '../../core/languages.ts'
import { forEachLimit } from '../../core/requested-limits.ts'
import type { Restriction } from './decisions.ts'

/** The language of what a tool runs; `describe_data` and `extract_values` take none. */
export const languageOf: Readonly<Record<ToolName, ToolLanguage | null>> = {
  describe_data: null,
  run_sql: 'sql',
  run_python: 'python',
  run_javascript: 'javascript',
  run_shell: 'shell',
  extract_values: null,
}

const revealings = ['never', 'on-request', 'always'] as const
const findings = ['none', 'own', 'group', 'all'] as const
/** The strictest first. */
const groundings = groundingModes.toReversed()

/**
 * What is left of a grant under restrictions. None of them can add anything, whatever it says: lists are cut to what both
 * have, numbers to the lower, and of rights the smaller is kept.
 */
export function tighten(grant: Grant, restrictions: readonly Restriction[]): Grant {
  return { ...restrictions.reduce(tightenOnce, grant), routeOrders: ordersOf(restrictions) }
}

function tightenOnce(grant: Grant, to: Restriction): Grant {
  const { budget, sandboxCeilings } = grant
  const lower = (value: number, limit: number | undefined): number => Math.min(value, limit ?? value)
  return {
    ...grant,
    models: common(grant.models, to.models),
    hostedTools: common(grant.hostedTools, to.hosted_tools),
    tools: common(grant.tools, to.tools).filter((tool) => speaks(tool, to.languages)),
    endpoints: common(grant.endpoints, to.endpoints),
    dataSources: common(grant.dataSources, to.data_sources),
    budget: {
      ...budget,
      maximumSteps: lower(budget.maximumSteps, to.budget?.steps),
      maximumTokens: lower(budget.maximumTokens, to.budget?.tokens),
      wallMilliseconds: lower(budget.wallMilliseconds, to.budget?.wall_ms),
      maximumCorrections: lower(budget.maximumCorrections, to.budget?.corrections),
      ...costOf(budget.maximumCost, to.budget?.cost),
    },
    sandboxCeilings: forEachLimit((name) => lower(sandboxCeilings[name], to.sandbox?.[name])),
    revealSql: lesser(revealings, grant.revealSql, to.reveal_sql),
    findValues: lesser(findings, grant.findValues, to.find_values),
    grounding: lesser(groundings, grant.grounding, to.grounding),
    showRoutes: grant.showRoutes && to.show_routes !== false,
    metrics: grant.metrics && to.metrics !== false,
  }
}

/** A limit of cost where there was none is one that holds more. */
function costOf(value: number | undefined, limit: number | undefined): Pick<AgentBudget, 'maximumCost'> {
  const given = [value, limit].filter((each) => each !== undefined)
  return given.length === 0 ? {} : { maximumCost: Math.min(...given) }
}

/** What all of the rules that name a route leave of it, by the sum of the places that they give it, and then by name. */
function ordersOf(restrictions: readonly Restriction[]): Grant['routeOrders'] {
  const entries = restrictions.flatMap(({ routes = {} }) => Object.entries(routes))
  const byRoute = Map.groupBy(entries, ([route]) => route)
  const orders = [...byRoute].map(([route, given]) => {
    const lists = given.map(([, names]) => [...new Set(names)])
    const left = (lists[0] ?? []).filter((name) => lists.every((names) => names.includes(name)))
    const placeOf = (name: string): number => lists.reduce((sum, names) => sum + names.indexOf(name), 0)
    return [route, left.toSorted((one, other) => placeOf(one) - placeOf(other) || (one < other ? -1 : 1))] as const
  })
  return Object.fromEntries(orders)
}

function common<Name extends string>(given: readonly Name[], left: readonly string[] | undefined): readonly Name[] {
  return left === undefined ? given : given.filter((name) => left.includes(name))
}

function speaks(tool: ToolName, languages: readonly ToolLanguage[] | undefined): boolean {
  const language = languageOf[tool]
  return language === null || languages === undefined || languages.includes(language)
}

function lesser<Right extends string>(order: readonly Right[], given: Right, left: Right | undefined): Right {
  if (left === undefined) return given
  return order.indexOf(left) < order.indexOf(given) ? left : given
}
