import type { SandboxEvent } from '../../src/core/facts.ts'
import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { readOwner } from '../../src/sandbox/engine/owner.ts'
import { createLimits } from '../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { createTestRunscDriver, createTestRunscEngine } from '../support/sandbox/runsc-sandbox.ts'

const never = new AbortController().signal

async function python(sandbox: Sandbox, text: string): Promise<string> {
  const result = await sandbox.run(unvetted(text), {}, never)
  expect(result.outcome).toBe('ok')
  return result.stdout.text.trim()
}

/** Files that runsc keeps of a sandbox. */
async function stateOf(id: string): Promise<readonly string[]> {
  return (await readdir('/run/sallyport/runsc/state')).filter((name) => name.includes(id))
}

const randomness = `
import os, random, secrets, ssl, tempfile, uuid
import numpy as np
print(random.random(), np.random.random(), np.random.default_rng().random(), uuid.uuid4(), uuid.uuid1(), secrets.token_hex(8),
      os.urandom(8).hex(), ssl.RAND_bytes(8).hex(), next(tempfile._get_candidate_names()))
`

describe('sandboxes restored from one snapshot', () => {
  it('share no randomness, no name, no files and no variables, and know the time', async () => {
    const events: SandboxEvent[] = []
    await using engine = createTestRunscEngine({ onEvent: (event) => events.push(event) })
    const claim = () => engine.claim({ tenant: 'siblings', language: 'python' }, never)
    await using first = await claim()
    await using second = await claim()
    const origins = events.filter((event) => event.type === 'sandbox-start').map((event) => event.origin)
    expect(origins).toEqual(['snapshot', 'snapshot'])
    const [one, two] = await Promise.all([python(first, randomness), python(second, randomness)])
    const drawn = one.split(' ')
    expect(drawn).toHaveLength(9)
    two.split(' ').forEach((value, index) => expect(value).not.toBe(drawn[index]))
    await python(first, "mine = 1; open('/mnt/data/mine', 'w').write('x'); open('/tmp/mine', 'w').write('x')")
    expect(
      await python(
        second,
        "import os\nprint('mine' in globals(), os.listdir('/mnt/data'), os.path.exists('/tmp/mine'))",
      ),
    ).toBe('False [] False')
    const names = 'import os, platform, socket\nprint(socket.gethostname(), os.uname().nodename, platform.node())'
    for (const sibling of [first, second]) {
      expect(await python(sibling, names)).toBe(Array(3).fill(sibling.id).join(' '))
    }
    const asked = Date.now()
    const clock = Number(await python(second, 'import time\nprint(time.time() * 1000)'))
    expect(clock).toBeGreaterThan(asked - 5_000)
    expect(clock).toBeLessThan(Date.now() + 5_000)
  })

  it('have the capabilities and ids of any other sandbox', async () => {
    await using engine = createTestRunscEngine()
    await using sandbox = await engine.claim({ tenant: 'walls', language: 'python' }, never)
    const text = await python(
      sandbox,
      `
import os
print(os.getresuid(), os.getresgid())
for line in open('/proc/self/status'):
    if line.startswith(('CapEff', 'CapPrm', 'CapInh', 'CapAmb')): print(line.split()[1])
for attempt in [lambda: os.setuid(0), lambda: os.setuid(1000), lambda: os.setgid(0), lambda: os.kill(1, 9), lambda: open('/x', 'w')]:
    try:
        attempt()
        print('done')
    except OSError:
        pass
`,
    )
    expect(text.split('\n')).toEqual(['(1001, 1001, 1001) (1001, 1001, 1001)', ...Array(4).fill('0000000000000000')])
  })

  it('leave no bundle, no cgroup and no state of runsc behind', async () => {
    const engine = createTestRunscEngine()
    const sandbox = await engine.claim({ tenant: 'tidy', language: 'python' }, never)
    const { id } = sandbox
    expect(await readdir('/run/sallyport/runsc/bundles')).toContain(id)
    expect((await stateOf(id)).toSorted()).toEqual([
      `runsc-${id}.sock`,
      `${id}_sandbox:${id}.lock`,
      `${id}_sandbox:${id}.state`,
    ])
    await sandbox[Symbol.asyncDispose]()
    expect(await stateOf(id)).toEqual([])
    expect(await readdir('/run/sallyport/runsc/bundles')).not.toContain(id)
    await expect(readdir(`/sys/fs/cgroup/memory/sallyport/${id}`)).rejects.toThrow('ENOENT')
    await expect(readdir(`/sys/fs/cgroup/sallyport/${id}`)).rejects.toThrow('ENOENT')
    await engine[Symbol.asyncDispose]()
  })

  it.each([10, 40, 80, 160])('leave nothing behind where their start is cut off after %i ms', async (milliseconds) => {
    const settings = sandboxOptions.parse({})
    await using driver = createTestRunscDriver(settings)
    await driver.prepare(never)
    const id = `sbx-${randomBytes(8).toString('hex')}`
    const specification = { id, owner: await readOwner(), limits: createLimits(settings.limits) }
    const signal = AbortSignal.timeout(milliseconds)
    const container = await driver.create(specification, signal).catch(() => null)
    await container?.destroy()
    expect(await stateOf(id)).toEqual([])
    expect(await readdir('/run/sallyport/runsc/bundles')).not.toContain(id)
    await expect(readdir(`/sys/fs/cgroup/memory/sallyport/${id}`)).rejects.toThrow('ENOENT')
  })

  it('share no memory where they are of single commands, for whom no memory is written down', async () => {
    const events: SandboxEvent[] = []
    // A limit of its own keeps it from the checkpoint that is there already, whose memory is shared.
    const settings = { limits: { open_files: 251 } }
    const parts = { settings, sharesMemory: false, onEvent: (event: SandboxEvent) => events.push(event) }
    await using engine = createTestRunscEngine(parts)
    await using sandbox = await engine.claim({ tenant: 'single', language: 'python' }, never)
    expect(events.find((event) => event.type === 'sandbox-start')?.origin).toBe('snapshot')
    const shared = "print('/opt/sallyport/memory/' in open('/proc/self/maps').read())"
    expect(await python(sandbox, shared)).toBe('False')
    expect(await python(sandbox, 'import sys, pandas\nprint(sys.getrefcount(pandas) < 2**31)')).toBe('True')
    await using second = await engine.claim({ tenant: 'other', language: 'python' }, never)
    const [one, two] = await Promise.all([python(sandbox, randomness), python(second, randomness)])
    two.split(' ').forEach((value, index) => expect(value).not.toBe(one.split(' ')[index]))
  })

  it('start cold where snapshots are off', async () => {
    const events: SandboxEvent[] = []
    await using engine = createTestRunscEngine({ snapshots: false, onEvent: (event) => events.push(event) })
    await using sandbox = await engine.claim({ tenant: 'cold', language: 'python' }, never)
    expect(await python(sandbox, 'print(1)')).toBe('1')
    expect(events.find((event) => event.type === 'sandbox-start')?.origin).toBe('cold')
  })
})
