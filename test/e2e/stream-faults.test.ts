import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { recoveries } from '../../src/core/recovery.ts'
import { scenarios } from '../support/faults/scenarios.ts'
import { ScriptedModels } from '../support/faults/scripted-models.ts'
import { countOf, runScenarios, serveScenarios, tableOf, type Cell } from '../support/faults/run-scenarios.ts'
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
    { timeout: 300_000 },
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
})
