import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { recoveries } from '../../src/core/recovery.ts'
import { scenarios } from '../support/faults/scenarios.ts'
import { ScriptedModels } from '../support/faults/scripted-models.ts'
import { askHelper, reasons } from '../support/faults/helpers.ts'
import {
  apis,
  countOf,
  routeName,
  runScenarios,
  serveScenarios,
  tableOf,
  type Cell,
} from '../support/faults/run-scenarios.ts'
import { verifies } from '../support/verifies.ts'

/** Where the scorecard of a run is left. */
const folder = process.env['SALLYPORT_SCORECARDS'] ?? resolve(import.meta.dirname, '../../.sallyport/scorecards')

describe('models that fail, seen by the official clients', () => {
  const runs: Record<(typeof recoveries)[number], readonly Cell[]> = { stream: [], hold: [] }

  afterAll(() => {
    mkdirSync(folder, { recursive: true })
    const counts = Object.fromEntries(recoveries.map((recovery) => [recovery, countOf(runs[recovery])]))
    const cells = recoveries.flatMap((recovery) =>
      runs[recovery].map(({ scenario: { id }, ...cell }) => ({ recovery, id, ...cell })),
    )
    writeFileSync(join(folder, 'stream-faults.json'), `${JSON.stringify({ counts, cells }, null, 2)}\n`)
    writeFileSync(join(folder, 'stream-faults.md'), `${tableOf(runs)}\n`)
  })

  it.each(recoveries)(
    'with recovery %s never hold text of two attempts, nor a part of an answer as if it were whole, and are asked no more than helps',
    async (recovery) => {
      verifies('faults.scorecard')
      verifies('faults.route-recovery')
      await using models = await ScriptedModels.start()
      await using service = await serveScenarios(models, recovery)
      const cells = await runScenarios(models, service)
      runs[recovery] = cells
      const expected = ({ streamed }: (typeof scenarios)[number]) =>
        recovery === 'hold' ? 'pass' : (streamed ?? 'pass')
      const others = cells.filter(({ scenario, grade }) => grade !== expected(scenario))
      expect(others.map(({ api, scenario: { id }, grade, why }) => [api, id, grade, why])).toEqual([])
      expect(cells).toHaveLength(3 * scenarios.length)
      expect(scenarios.length).toBeGreaterThanOrEqual(24)
    },
  )

  it('are put together by helpers of the clients to a whole answer with its reason, or to an error', async () => {
    verifies('faults.scorecard')
    await using models = await ScriptedModels.start()
    await using service = await serveScenarios(models, 'stream')
    const streams = scenarios.filter(({ plain, tool, leavesAfter }) => !(plain ?? tool) && leavesAfter === undefined)
    // This helper takes nothing before the first event, a ping neither.
    const cells = apis
      .flatMap((api) => streams.map((scenario) => ({ api, scenario })))
      .filter(({ api, scenario }) => api !== 'responses' || scenario.id !== 'pings-between')
    const wrong: unknown[] = []
    const waiting = [...cells]
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { api, scenario } = next
        const answer = await askHelper(api, routeName(api, scenario), service)
        const isAnswer = scenario.ideal === 'answer' && scenario.streamed === undefined
        const whole = isAnswer ? { words: 12, reason: reasons[api].whole } : null
        const expected = scenario.ideal === 'refusal' ? { words: 3, reason: reasons[api].refusal } : whole
        if (JSON.stringify(answer) !== JSON.stringify(expected)) wrong.push([api, scenario.id, answer, expected])
      }
    }
    await Promise.all(Array.from({ length: 8 }, work))
    expect(wrong).toEqual([])
    expect(cells.length).toBeGreaterThan(100)
  })
})
