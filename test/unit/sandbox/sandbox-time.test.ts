import { describe, expect, it } from 'vitest'
import type { CellResult } from '../../../src/core/result.ts'
import { SandboxTime } from '../../../src/sandbox/sandbox-time.ts'
import { never } from '../../support/filters/filter-fixtures.ts'
import { cellResult } from '../../support/sandbox/cell-result.ts'

const took = (runMs: number, changes: Partial<CellResult> = {}): CellResult =>
  cellResult({ timings: { queueMs: 0, runMs }, ...changes })

function open(most: number) {
  const told: number[] = []
  const given: number[] = []
  const time = new SandboxTime(most, (used) => told.push(used))
  const run = (wanted: number, outcome: (most: number) => CellResult | Promise<CellResult>) =>
    time.run(
      {
        wanted,
        run: async (milliseconds) => {
          given.push(milliseconds)
          return outcome(milliseconds)
        },
      },
      never,
    )
  return { time, run, given, told }
}

describe('the time that programs of a request have in sandboxes', () => {
  it('is what each wants where nothing holds it', async () => {
    const { run, given, told, time } = open(Number.POSITIVE_INFINITY)
    await run(500, () => took(500))
    await run(700, () => took(20))
    expect([given, told, time.isUsedUp]).toEqual([[500, 700], [500, 520], false])
  })

  it('stops a program where it is used up, says so, and runs none after it', async () => {
    const { run, given, told, time } = open(1_000)
    await run(800, () => took(700.5))
    const stopped = await run(800, (most) => took(most, { outcome: 'timeout', notice: 'Stopped at 299 ms.' }))
    expect(stopped?.notice).toMatch(/^Stopped at 299 ms\. .*sandbox_ms/)
    expect(time.isUsedUp).toBe(true)
    expect(await run(800, () => took(1))).toBeNull()
    expect([given, told]).toEqual([
      [800, 299],
      [700.5, 999.5],
    ])
  })

  it('leaves the notice of a program that reached its own limit as it is', async () => {
    const { run } = open(1_000)
    const own = await run(400, (most) => took(most, { outcome: 'timeout', notice: 'Stopped at 400 ms.' }))
    expect(own?.notice).toBe('Stopped at 400 ms.')
  })

  it('is shared by programs beside each other, of which one waits for what another gives back', async () => {
    const { run, given, time } = open(1_000)
    const first = Promise.withResolvers<CellResult>()
    const running = [run(800, () => first.promise), run(800, () => took(200)), run(800, () => took(650))]
    await Promise.all(running.slice(1, 2))
    expect(given).toEqual([800, 200])
    expect(time.isUsedUp).toBe(false)
    first.resolve(took(100))
    await Promise.all(running)
    expect(given).toEqual([800, 200, 700])
  })

  it('lets go of whoever waits and is cancelled', async () => {
    const { time, run } = open(100)
    const first = Promise.withResolvers<CellResult>()
    const running = run(100, () => first.promise)
    const cancelled = time.run({ wanted: 10, run: async () => took(1) }, AbortSignal.abort(new Error('left')))
    await expect(cancelled).rejects.toThrow('left')
    first.resolve(took(1))
    await running
  })

  it('counts a program that fails', async () => {
    const { run, told } = open(1_000)
    const failing = run(500, async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      throw new Error('the sandbox was lost')
    })
    await expect(failing).rejects.toThrow('the sandbox was lost')
    expect(told).toHaveLength(1)
    expect(told[0]).toBeGreaterThan(0)
  })
})
