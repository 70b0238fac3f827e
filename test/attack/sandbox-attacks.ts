import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OperableSandboxEngine } from '../../src/sandbox/engine.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'

export interface AttackRow {
  readonly group: string
  readonly name: string
  readonly language: 'python' | 'javascript' | 'shell'
  readonly code: string
  /** Every outcome that would be true. */
  readonly outcome: string | readonly string[]
  /** Do the variables outlive it? Left out where either is right. */
  readonly alive?: boolean
  /** A word of the notice. */
  readonly notice?: string
  readonly truncated?: string
  readonly artifacts?: readonly string[]
  readonly stdout_contains?: string
  readonly timeout_ms?: number
  /** What it leaves in its own session would disturb the next row. */
  readonly fresh?: boolean
}

export const attackRows = JSON.parse(
  readFileSync(new URL('sandbox.json', import.meta.url), 'utf8'),
) as readonly AttackRow[]

/** Small limits, so that every one of them is reached fast. */
export const attackSettings = {
  interrupt_ms: 1500,
  kill_ms: 1500,
  limits: {
    memory_mb: 384,
    memory_reserve_mb: 256,
    data_mb: 96,
    temporary_mb: 64,
    file_mb: 32,
    processes: 64,
    output_kb: 256,
  },
  pool: { minimum_ready: 1, maximum_ready: 1, maximum: 4 },
}

interface AttackSubject {
  readonly name: string
  start(): OperableSandboxEngine
  /** Ids of this process's sandboxes that exist on the host. */
  leftovers(): Promise<readonly string[]>
}

const never = new AbortController().signal
const usualMilliseconds = 5000
/** For attacks that end by themselves: a busy machine must not make a timeout of them. */
const patientMilliseconds = 20_000
/** Beyond the limit of a run: the ladder, and a busy machine. */
const graceMilliseconds = 20_000

/** The whole list, each against a host canary, a neighbour's session and the next request. */
export function describeAttacks(subject: AttackSubject): void {
  describe(`attacks on a sandbox of ${subject.name}`, () => {
    let engine: OperableSandboxEngine
    let neighbour: Sandbox
    let attacker: Sandbox | null = null
    const canary = join(mkdtempSync(join(tmpdir(), 'sallyport-canary-')), 'canary')

    beforeAll(async () => {
      writeFileSync(canary, 'alive', { mode: 0o666 })
      engine = subject.start()
      neighbour = await engine.claim({ tenant: 'neighbour', language: 'python' }, never)
      await neighbour.run(unvetted('canary = 41'), {}, never)
    })

    afterAll(async () => {
      await engine[Symbol.asyncDispose]()
      expect(await subject.leftovers()).toEqual([])
      expect(readFileSync(canary, 'utf8')).toBe('alive')
    })

    it.each(attackRows)('$group: $name', async (row) => {
      attacker ??= await engine.claim({ tenant: 'attacker', language: 'python' }, never)
      const usual = [row.outcome].flat().includes('timeout') ? usualMilliseconds : patientMilliseconds
      const { timeout_ms: wall = usual } = row
      const started = performance.now()
      const result = await attacker.run(unvetted(row.code, row.language), { timeoutMilliseconds: wall }, never)
      const took = performance.now() - started
      const told = `${result.notice ?? ''} ${result.error?.traceback ?? ''} ${result.stdout.text.slice(0, 500)}`

      const spent = attacker
      if (!result.sessionAlive || row.fresh === true) {
        await attacker[Symbol.asyncDispose]()
        attacker = null
      }

      expect({ outcome: result.outcome, told }).toEqual({ outcome: oneOf(row.outcome, result.outcome), told })
      expect(took).toBeLessThan(wall + graceMilliseconds)
      expect(result.stdout.text).not.toContain('BREACH')
      expect(result.stdout.text.length).toBeLessThanOrEqual(2 * 256 * 1024)
      if (row.alive !== undefined) expect(result.sessionAlive).toBe(row.alive)
      if (row.notice !== undefined) expect(result.notice).toContain(row.notice)
      if (row.truncated !== undefined) expect(result.truncated).toContain(row.truncated)
      if (row.artifacts !== undefined) expect(result.artifacts.map((file) => file.path)).toEqual(row.artifacts)
      if (row.stdout_contains !== undefined) expect(result.stdout.text).toContain(row.stdout_contains)
      if (row.fresh !== true) expect(spent.alive).toBe(result.sessionAlive)

      const next = await neighbour.run(unvetted('canary + 1'), { timeoutMilliseconds: 20_000 }, never)
      expect(next).toMatchObject({ outcome: 'ok', results: [{ text: '42' }] })
    })
  })
}

/** The outcome itself where it is one of those allowed, else the allowed ones: so a failure shows both. */
function oneOf(allowed: string | readonly string[], outcome: string): unknown {
  const list = typeof allowed === 'string' ? [allowed] : allowed
  return list.includes(outcome) ? outcome : list
}
