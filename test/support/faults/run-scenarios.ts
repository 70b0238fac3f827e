import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { recoveries, type Recovery } from '../../../src/core/recovery.ts'
import { serve, type Served } from '../cli/sallyport-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { ask, type CallerView } from './callers.ts'
import { writtenApis, type WrittenName } from './events.ts'
import { gradeOf, type Graded } from './grade.ts'
import { scenarios, type Grade, type Scenario } from './scenarios.ts'
import { modelName, roles, type ScriptedModels } from './scripted-models.ts'

export interface Cell extends Graded {
  readonly scenario: Scenario
  readonly api: WrittenName
  readonly milliseconds: number
}

/** Milliseconds after which nobody waits any more. */
const mostMilliseconds = 20_000
/** Calls at the same time. */
const atOnce = 8

export const apis = Object.keys(writtenApis) as WrittenName[]
export const routeName = (api: WrittenName, { id }: Scenario): string => `${api}.${id}`

/** A service whose routes have two models for each scenario and API, which are waited for two and a half seconds. */
export async function serveScenarios(models: ScriptedModels, recovery: Recovery): Promise<Served> {
  const kinds = { openai: ['chat', 'responses'], anthropic: ['messages'] } as const
  const upstreams = Object.entries(kinds).flatMap(([kind, spoken]) =>
    roles.map((role) => {
      const names = spoken.flatMap((api) => scenarios.map((scenario) => modelName(role, api, scenario)))
      const times = { timeout_ms: 2_500, idle_timeout_ms: 2_500, first_token_timeout_ms: 2_500 }
      return [`${kind}-${role}`, { kind, base_url: models.baseUrl, models: names, ...times }] as const
    }),
  )
  const routes = apis.flatMap((api) =>
    scenarios.map((scenario) => {
      const targets = roles.map((role) => modelName(role, api, scenario))
      return [routeName(api, scenario), { targets, ...(recovery === 'hold' && { recovery }) }] as const
    }),
  )
  const group = {
    models: routes.map(([name]) => name),
    hosted_tools: ['web_search'],
    tools: [],
    data_sources: [],
    concurrent_requests: 64,
    tokens_per_day: 1_000_000_000,
  }
  const configuration = {
    upstreams: Object.fromEntries(upstreams),
    routes: Object.fromEntries(routes),
    gateway: { groups: { default: group } },
  }
  const file = join(temporaryFolder('sallyport-faults-'), 'sallyport.yaml')
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(configuration))
  return serve({ SALLYPORT_CONFIG: file })
}

/** Plays every scenario in every API through the service, and grades what its callers have. */
export async function runScenarios(models: ScriptedModels, { url, key }: Served): Promise<readonly Cell[]> {
  const waiting = apis.flatMap((api) => scenarios.map((scenario) => ({ api, scenario })))
  const cells: Cell[] = []
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { api, scenario } = next
      const began = performance.now()
      const view = await viewOf(api, scenario, { url, key })
      const milliseconds = Math.round(performance.now() - began)
      // Nothing may arrive behind the caller's back either.
      if (scenario.leavesAfter !== undefined) await new Promise((resolve) => setTimeout(resolve, 1_500))
      const [first, second] = roles.map((role) => models.attemptsAt(modelName(role, api, scenario)))
      const seen = { view, attempts: { first: first ?? [], second: second ?? [] } }
      cells.push({ api, scenario, milliseconds, ...gradeOf(scenario, seen) })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return cells
}

async function viewOf(
  api: WrittenName,
  scenario: Scenario,
  { url, key }: Pick<Served, 'url' | 'key'>,
): Promise<CallerView | null> {
  const late = AbortSignal.timeout(mostMilliseconds)
  const leaving = scenario.leavesAfter === undefined ? [] : [AbortSignal.timeout(scenario.leavesAfter)]
  const signal = AbortSignal.any([late, ...leaving])
  const asked = {
    url,
    key,
    model: routeName(api, scenario),
    plain: scenario.plain === true,
    tool: scenario.tool === true,
  }
  const view = await ask(api, { ...asked, signal })
  return late.aborted ? null : view
}

const grades: readonly Grade[] = ['pass', 'safe', 'partial', 'fail']

export function countOf(cells: readonly Cell[]): Readonly<Record<Grade, number>> {
  const count = (grade: Grade) => [grade, cells.filter((cell) => cell.grade === grade).length] as const
  return Object.fromEntries(grades.map(count)) as Record<Grade, number>
}

/** The grades of a run as a table: a row for each scenario, a column for each API and each way to recover. */
export function tableOf(runs: Readonly<Record<Recovery, readonly Cell[]>>): string {
  const columns = recoveries.flatMap((recovery) => apis.map((api) => ({ recovery, api })))
  const gradeAt = (scenario: Scenario, { recovery, api }: (typeof columns)[number]) =>
    runs[recovery].find((cell) => cell.scenario.id === scenario.id && cell.api === api)?.grade ?? ''
  const rows = scenarios.map((scenario) => {
    const cells = columns.map((column) => gradeAt(scenario, column))
    return `| ${scenario.title} | ${cells.join(' | ')} |`
  })
  const head = ['what the first model does', ...columns.map(({ recovery, api }) => `${api}, ${recovery}`)]
  return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...rows].join('\n')
}
