import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/core/result.ts'
import type { OperableSandboxEngine, SandboxEvent } from '../../src/sandbox/engine.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { createTestEngine } from '../support/docker-sandbox.ts'
import { placeHostCanary, type HostCanary } from '../support/host-canary.ts'
import { containerIds, tracesOf } from '../support/host-traces.ts'
import { createTestRunscEngine } from '../support/runsc-sandbox.ts'
import { attack, searchForMarkers, type AttackRow } from '../support/sandbox-attack.ts'

const rows = JSON.parse(readFileSync(new URL('sandbox-abuse.json', import.meta.url), 'utf8')) as readonly AttackRow[]
const never = new AbortController().signal
const wallMilliseconds = 1500

/** Small, so that every limit is near; patient, because several attacks share a busy machine. */
const settings = {
  interrupt_ms: 4000,
  kill_ms: 2000,
  limits: {
    wall_ms: wallMilliseconds,
    wall_ceiling_ms: 30_000,
    memory_mb: 256,
    memory_reserve_mb: 256,
    processes: 48,
    open_files: 128,
    file_mb: 24,
    data_mb: 48,
    temporary_mb: 16,
    output_kb: 64,
    results: 20,
    result_kb: 1024,
    table_rows: 50,
    pixels: 1_000_000,
    artifacts: 50,
  },
  pool: { minimum_ready: 2, maximum_ready: 3, maximum: 10, maximum_per_tenant: 10, queue_ms: 100_000 },
}

/** The limit, the rungs of the ladder, the removal, and a machine that does much else. */
const longestMilliseconds = (row: AttackRow) => (row.wall ?? wallMilliseconds) + 45_000

/** Starting from a snapshot makes a new sandbox per attack cheap; SALLYPORT_ATTACK_DRIVERS asks for others or more. */
const chosen = (process.env['SALLYPORT_ATTACK_DRIVERS'] ?? 'runsc').split(',')
const drivers = [
  { driver: 'docker', create: createTestEngine },
  { driver: 'runsc', create: createTestRunscEngine },
].filter(({ driver }) => chosen.includes(driver))

describe.each(drivers)('attacks on a sandbox of $driver', ({ create }) => {
  const names = new Set<string>()
  const told = new Map<string, Outcome[]>()
  const faults: unknown[] = []
  let canary: HostCanary
  let engine: OperableSandboxEngine
  let neighbour: Sandbox

  const onEvent = (event: SandboxEvent) => {
    if (event.type === 'sandbox-start') names.add(event.id)
    if (event.type === 'sandbox-fault') faults.push(event.fault)
    if (event.type === 'sandbox-run') told.set(event.id, [...(told.get(event.id) ?? []), event.result.outcome])
  }
  const claim = async (tenant: string) => {
    const sandbox = await engine.claim({ tenant, language: 'python' }, never)
    for (const id of await containerIds()) names.add(id)
    return sandbox
  }
  const expectClean = async (sandbox: Sandbox) => {
    const { outcome, stdout } = await sandbox.run(unvetted(searchForMarkers), { timeoutMilliseconds: 30_000 }, never)
    // Supervisor, keeper and worker; no file, variable or socket of anybody.
    expect({ outcome, text: stdout.text }).toEqual({ outcome: 'ok', text: '3 []\n' })
  }
  const expectNeighbourUntouched = async () => {
    const answer = await neighbour.run(unvetted('value + 1'), { timeoutMilliseconds: 30_000 }, never)
    expect(answer).toMatchObject({ outcome: 'ok', sessionAlive: true, results: [{ text: '42' }] })
  }

  beforeAll(async () => {
    canary = await placeHostCanary()
    engine = create({ warm: true, settings, onEvent })
    neighbour = await claim('neighbour')
    await neighbour.run(unvetted('value = 41'), {}, never)
  })
  afterAll(async () => {
    await engine[Symbol.asyncDispose]()
    await canary[Symbol.asyncDispose]()
  })

  it.concurrent.each(rows)('$language, $group: $name', async (row) => {
    const sandbox = await claim('attacker')
    try {
      // Every claim is the next one after some attack.
      await expectClean(sandbox)
      const { result, leaked } = await attack(sandbox, row, canary)

      expect([row.outcome].flat()).toContain(result.outcome)
      expect(result.timings.runMs).toBeLessThan(longestMilliseconds(row))
      if (row.alive !== undefined) expect(result.sessionAlive).toBe(row.alive)
      expect(sandbox.alive).toBe(result.sessionAlive)
      if (row.stdout !== undefined) expect(result.stdout.text.trim()).toBe(row.stdout)
      if (row.notice !== undefined) expect(result.notice).toContain(row.notice)
      if (row.truncated !== undefined) expect(result.truncated).toContain(row.truncated)
      if (row.artifacts !== undefined) expect(result.artifacts.map((file) => file.path)).toEqual(row.artifacts)
      expect(leaked).toEqual([])
      expect(result.stdout.text.length).toBeLessThanOrEqual(64 * 1024)
      expect(result.stderr.text.length).toBeLessThanOrEqual(64 * 1024)
      const shown = JSON.stringify(result)
      expect(shown.length).toBeLessThan(4 * 1024 * 1024)
      expect(shown).not.toContain(canary.secret)
      // What the audit log hears is what the caller was told.
      expect(told.get(sandbox.id)?.slice(1)).toEqual([result.outcome])
    } finally {
      await sandbox[Symbol.asyncDispose]()
    }
    await expectNeighbourUntouched()
    expect(await canary.disturbances()).toEqual([])
  })

  it('leaves a pool that serves the next claim', async () => {
    await using sandbox = await claim('afterwards')
    await expectClean(sandbox)
    expect(engine.figures).toMatchObject({ claimed: 2, waiting: 0 })
    expect(faults).toEqual([])
  })

  it('leaves no container, process, cgroup or file', async () => {
    expect(names.size).toBeGreaterThan(1)
    await engine[Symbol.asyncDispose]()
    expect(await containerIds()).toEqual([])
    expect(await tracesOf(names)).toEqual([])
  })
})
