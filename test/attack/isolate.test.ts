import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { IsolateEngine } from '../../src/sandbox/isolates/isolate-engine.ts'
import { isolateOptions } from '../../src/sandbox/isolates/options.ts'
import { vettedJavaScript } from '../support/vetted.ts'
import { verifies } from '../support/verifies.ts'

interface Row {
  readonly name: string
  readonly code: string
  readonly outcome: string | readonly string[]
  /** Do the session's variables outlive it? Left out where either is right. */
  readonly alive?: boolean
  readonly truncated?: string
  readonly json?: unknown
  /** The whole result, which then has no JSON. */
  readonly text?: string
  /** What the next session of the same tenant runs, and what it then has to see: nothing of the one before. */
  readonly next?: { readonly code: string; readonly json: unknown; readonly stdout?: string }
}

const rows = JSON.parse(readFileSync(new URL('isolate.json', import.meta.url), 'utf8')) as readonly Row[]
const never = new AbortController().signal

/** Short where an attack is meant to run into it; a busy machine must not make a timeout of anything else. */
function limitOf({ outcome }: Row): { readonly timeoutMilliseconds?: number } {
  if (outcome === 'timeout') return { timeoutMilliseconds: 600 }
  return outcome.includes('timeout') ? { timeoutMilliseconds: 2_000 } : {}
}

const engine = new IsolateEngine(isolateOptions.parse({ wall_ms: 8_000, memory_mb: 64, ready: 1, maximum: 4 }))

afterAll(() => engine[Symbol.asyncDispose]())

describe('attacks on the isolate', () => {
  it.each(rows)('$name', async (row) => {
    await using neighbour = await engine.claim({ tenant: 'neighbour', language: 'javascript' }, never)
    await neighbour.run(await vettedJavaScript('globalThis.canary = 41'), {}, never)
    {
      await using sandbox = await engine.claim({ tenant: 'attacker', language: 'javascript' }, never)
      const result = await sandbox.run(await vettedJavaScript(row.code), limitOf(row), never)

      expect([row.outcome].flat()).toContain(result.outcome)
      // Bounded: the limit, the grace and a busy machine.
      expect(result.timings.runMs).toBeLessThan(60_000)
      if (row.alive !== undefined) expect(result.sessionAlive).toBe(row.alive)
      expect(sandbox.alive).toBe(result.sessionAlive)
      if (row.truncated !== undefined) expect(result.truncated).toContain(row.truncated)
      if ('json' in row) expect(result.results[0]?.json).toEqual(row.json)
      if (row.text !== undefined) expect(result.results).toEqual([{ isMain: true, text: row.text }])
      expect(result.stdout.text.length).toBeLessThanOrEqual(256 * 1024)
    }
    const next = await neighbour.run(await vettedJavaScript('canary + 1'), {}, never)
    expect(next).toMatchObject({ outcome: 'ok', results: [{ json: 42 }] })
    if (row.next !== undefined) {
      // One session at a time: so this is the process that ran the attack.
      expect(engine.processesOf('attacker')).toBeLessThanOrEqual(1)
      await using following = await engine.claim({ tenant: 'attacker', language: 'javascript' }, never)
      const seen = await following.run(await vettedJavaScript(row.next.code), {}, never)
      expect(seen).toMatchObject({ outcome: 'ok', results: [{ json: row.next.json }], error: null, truncated: [] })
      expect(seen.stdout.text).toBe(row.next.stdout ?? '')
    }
    await using after = await engine.claim({ tenant: 'attacker', language: 'javascript' }, never)
    const clean = await after.run(await vettedJavaScript("[typeof canary, JSON.stringify([1])].join(' ')"), {}, never)
    expect(clean).toMatchObject({ outcome: 'ok', results: [{ json: 'undefined [1]' }], stdout: { text: '' } })
  })

  it('leaves no process behind', async () => {
    const own = new IsolateEngine(isolateOptions.parse({ wall_ms: 500 }))
    const sandbox = await own.claim({ tenant: 'a', language: 'javascript' }, never)
    expect(own.processes).toBeGreaterThan(0)
    const pending = sandbox.run(await vettedJavaScript('for (;;) {}'), { timeoutMilliseconds: 20_000 }, never)
    await own[Symbol.asyncDispose]()
    expect((await pending).outcome).toBe('cancelled')
    expect(own.processes).toBe(0)
  })

  it('keeps the environment of the service out of the process', async () => {
    verifies('security.isolate-environment')
    await using sandbox = await engine.claim({ tenant: 'environment', language: 'javascript' }, never)
    await sandbox.run(await vettedJavaScript('1'), {}, never)
    const pids = engine.processIds().filter((pid) => existsSync(`/proc/${pid}/environ`))
    expect(pids.length).toBeGreaterThan(0)
    for (const pid of pids) expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('')
  })
})
