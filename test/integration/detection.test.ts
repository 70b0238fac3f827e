import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { loadRules } from '../../src/sandbox/detection/load-rules.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { behaviours } from '../support/detection/behaviours.ts'
import { openDetectingEngine, tracingMissing } from '../support/detection/detecting-sandbox.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal
const missing = await tracingMissing()
if (missing !== null) process.stderr.write(`detection is left out: ${missing}\n`)

/** A busy machine takes its time to start many processes. */
const patience = { timeoutMilliseconds: 120_000 }

const run = (sandbox: Sandbox, code: string) => sandbox.run(unvetted(code), patience, never)

/** What an analyst's code does: libraries, files of its own, tables, figures, processes of its own, and faults. */
const ordinary = `
import json, os, subprocess, multiprocessing, tempfile, sqlite3, hashlib, zipfile
import numpy as np, pandas as pd, matplotlib.pyplot as plt
frame = pd.DataFrame({'a': np.arange(1000), 'b': np.random.rand(1000)})
frame.to_csv('/mnt/data/a.csv'); frame.to_parquet('/mnt/data/a.parquet')
assert len(pd.read_csv('/mnt/data/a.csv')) == len(pd.read_parquet('/mnt/data/a.parquet'))
frame.groupby('a').b.sum().plot(); plt.savefig('/mnt/data/a.png'); plt.show()
with sqlite3.connect('/mnt/data/a.db') as base: frame.to_sql('t', base)
with tempfile.NamedTemporaryFile() as file: file.write(b'x')
with zipfile.ZipFile('/mnt/data/a.zip', 'w') as archive: archive.write('/mnt/data/a.csv')
with multiprocessing.get_context('fork').Pool(2) as pool: pool.map(abs, range(10))
subprocess.run(['ls', '-la', '/'], capture_output=True, check=True)
subprocess.run('grep -c a /mnt/data/a.csv | sort', shell=True, check=True)
open('/proc/self/status').read(); open('/proc/cpuinfo').read(); os.listdir('/proc')
try: open('/mnt/data/none')
except OSError: pass
1 / 0`

describe.skipIf(missing !== null)('what code does in a sandbox', () => {
  it.each(['runsc', 'docker'] as const)(
    'is told within a second with its sandbox and its program, and ordinary work is not: %s',
    async (name) => {
      verifies('detection.behaviours')
      verifies('detection.ordinary-work')
      await using detecting = await openDetectingEngine(name)
      const { alerts, events, reports } = detecting
      await using sandbox = await detecting.engine.claim({ tenant: 'detected', language: 'python' }, never)
      await run(sandbox, ordinary)
      await sleep(200)
      expect(alerts).toEqual([])
      expect(events.filter(({ type }) => type === 'sandbox-events-lost')).toEqual([])
      const untold: string[] = []
      for (const [index, { rule, code }] of behaviours.entries()) {
        await run(sandbox, code)
        const found = await appears(() => alerts.find((alert) => alert.rule === rule && alert.cell === index + 2))
        if (found === undefined) untold.push(rule)
        else expect(found).toMatchObject({ id: sandbox.id, tenant: 'detected', ended: false })
      }
      expect(untold).toEqual([])
      await sandbox[Symbol.asyncDispose]()
      await detecting.engine[Symbol.asyncDispose]()
      expect(reports.at(-1)).toMatchObject({ kind: 'ended', id: sandbox.id, figures: { malformed: 0 } })
      expect(foldersOfRelays()).toEqual([])
    },
  )

  it('is told of paths that take a detour', async () => {
    await using detecting = await openDetectingEngine('runsc')
    await using sandbox = await detecting.engine.claim({ tenant: 'detected', language: 'python' }, never)
    const detours = [
      "open('/proc/self/root/etc/shadow')",
      "open(f'/proc/{os.getpid()}/cwd/../../etc/shadow')",
      "os.chdir('/etc'); open('shadow')",
      "os.symlink('/etc', '/mnt/data/link'); os.chdir('/mnt/data/link'); open('shadow')",
      "open('shadow', opener=lambda name, _: os.open(name, os.O_RDONLY, dir_fd=os.open('/mnt/data/link', os.O_DIRECTORY)))",
    ]
    for (const [index, detour] of detours.entries()) {
      await run(sandbox, `import os\nos.chdir('/mnt/data')\ntry:\n    ${detour}\nexcept OSError:\n    pass`)
      const found = await appears(() =>
        detecting.alerts.find(({ rule, cell }) => rule === 'Credentials read' && cell === index + 1),
      )
      expect({ detour, ...found?.fields }).toMatchObject({ detour, 'fd.name': '/etc/shadow' })
    }
    const told = () => detecting.engine.trace(sandbox.id)
    await expect.poll(() => told()?.figures?.alerts, { timeout: 60_000 }).toBe(detecting.alerts.length)
    expect(told()).toMatchObject({ isOver: false, figures: { lost: 0 }, alerts: detecting.alerts })
  })

  it('covers every rule', async () => {
    const rules = await loadRules({ rules: [], own_rules: true })
    expect(behaviours.map(({ rule }) => rule).toSorted()).toEqual(rules.map(({ name }) => name).toSorted())
  })

  it.each(['runsc', 'docker'] as const)('ends the sandbox where policy says so: %s', async (name) => {
    verifies('detection.kill')
    await using detecting = await openDetectingEngine(name, { kill_at: 'critical' })
    await using sandbox = await detecting.engine.claim({ tenant: 'detected', language: 'python' }, never)
    const warned = await run(sandbox, "try: open('/etc/shadow')\nexcept OSError: pass")
    expect(warned.outcome).toBe('ok')
    const ended = await run(
      sandbox,
      "import socket, time\ntry: socket.socket().connect(('169.254.169.254', 80))\nexcept OSError: pass\ntime.sleep(20)",
    )
    expect(ended.outcome).toBe('sandbox-lost')
    expect(ended.notice).toContain('the rule "Connection to the metadata service of a cloud" names')
    expect(detecting.alerts.filter((alert) => alert.ended)).toHaveLength(1)
  })

  it.each([
    ['ends', 'SIGKILL', 'runsc'],
    ['ends', 'SIGKILL', 'docker'],
    ['is stopped', 'SIGSTOP', 'runsc'],
  ] as const)(
    'is not done unheard: where the relay %s, its sandboxes end, and the next has another (%s, %s)',
    async (_, name, driver) => {
      verifies('detection.unheard')
      await using detecting = await openDetectingEngine(driver)
      const sandbox = await detecting.engine.claim({ tenant: 'detected', language: 'python' }, never)
      const going = run(sandbox, 'import time\ntime.sleep(90)')
      process.kill(relayOf(process.pid), name)
      await expect(going).resolves.toMatchObject({ outcome: 'sandbox-lost' })
      expect(detecting.events).toContainEqual(expect.objectContaining({ type: 'sandbox-fault' }))
      expect(detecting.events).toContainEqual(
        expect.objectContaining({ type: 'sandbox-unheard', id: sandbox.id, tenant: 'detected', cell: 1 }),
      )
      expect(await appears(() => (foldersOfRelays().length === 0 ? true : undefined))).toBe(true)
      await using next = await detecting.engine.claim({ tenant: 'detected', language: 'python' }, never)
      await run(next, "try: open('/etc/shadow')\nexcept OSError: pass")
      expect(await appears(() => detecting.alerts.find(({ id }) => id === next.id))).toMatchObject({ cell: 1 })
      await sandbox[Symbol.asyncDispose]()
    },
  )
})

describe('the relay', () => {
  const folder = resolve(import.meta.dirname, '../../runsc/trace-relay')
  const go = ['go', '/usr/local/go/bin/go'].find((name) => spawnSync(name, ['version']).status === 0)

  it.skipIf(go === undefined)('passes its own tests', () => {
    const tested = spawnSync(go ?? '', ['test', '.'], { cwd: folder, encoding: 'utf8' })
    expect(`${tested.stdout}${tested.stderr}`).toMatch(/^ok /)
  })
})

/** Folders of relays of this process. */
function foldersOfRelays(): readonly string[] {
  return readdirSync('/run/sallyport-trace').filter((entry) => entry.startsWith(`${process.pid}-`))
}

/** The pid of the relay that a process has started. */
function relayOf(parent: number): number {
  const found = spawnSync('pgrep', ['-P', String(parent), '-x', 'trace-relay'], { encoding: 'utf8' }).stdout.trim()
  if (!/^\d+$/.test(found)) throw new Error(`there is no relay: ${found}`)
  return Number(found)
}

/** What is told within a second of the end of its run; undefined where nothing is. */
async function appears<Value>(look: () => Value | undefined): Promise<Value | undefined> {
  for (let turn = 0; turn < 100; turn += 1) {
    const found = look()
    if (found !== undefined) return found
    await sleep(10)
  }
  return look()
}
