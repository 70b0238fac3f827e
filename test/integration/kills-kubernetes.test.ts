import { randomBytes } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { LiveContainer, SandboxDriver } from '../../src/sandbox/driver.ts'
import { readOwner } from '../../src/sandbox/engine/owner.ts'
import { createLimits } from '../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import { SandboxSession } from '../../src/sandbox/session/sandbox-session.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { kubectl } from '../support/kubernetes/kubectl.ts'
import { isClusterLane } from '../support/kubernetes/lane.ts'
import { createClusterDriver } from '../support/sandbox/kubernetes-sandbox.ts'

const never = new AbortController().signal
const limits = createLimits(sandboxOptions.parse({}).limits)
const ladder = { interruptMilliseconds: 100, figuresMilliseconds: 2000, killMilliseconds: 200 }

/** Processor time that all of a Pod has taken, seconds; null once its node has forgotten it. */
function processorOf(uid: string): number | null {
  const [v1 = ''] = globSync(`/sys/fs/cgroup/cpu*/kubepods/**/pod${uid}/cpuacct.usage`)
  const [v2 = ''] = globSync(`/sys/fs/cgroup/**/kubepods*/**/*pod${uid.replaceAll('-', '?')}*/cpu.stat`)
  try {
    if (v1 !== '') return Number(readFileSync(v1, 'utf8')) / 1e9
    return Number(/^usage_usec (\d+)/m.exec(readFileSync(v2, 'utf8'))?.[1]) / 1e6
  } catch {
    return null
  }
}

/** Ends what comes after it of its own uid, again and again, so that a program that is to end it is ended first. */
const endsOthers = `
import os
known = set(os.listdir('/proc'))
print('begun', flush=True)
while True:
    try:
        while True:
            for name in os.listdir('/proc'):
                if name.isdigit() and name not in known:
                    try: os.kill(int(name), 9)
                    except OSError: pass
    except BaseException: pass
`

/** Stops its keeper, on which the supervisor's order to kill rests, and takes all processors. */
const stopsKeeper = `
import os, signal
print('begun', flush=True)
for name in os.listdir('/proc'):
    try:
        if name.isdigit() and int(name) != os.getpid() and os.stat('/proc/' + name).st_uid == os.getuid():
            os.kill(int(name), signal.SIGSTOP)
    except OSError: pass
for _ in range(3): os.fork()
while True:
    try:
        while True: pass
    except BaseException: pass
`

describe.skipIf(!isClusterLane)('a kill from outside', () => {
  it.each([
    ['ends whatever comes to end it', endsOthers],
    ['has stopped its keeper', stopsKeeper],
  ])('is not said to be over while code runs that %s', async (_what, code) => {
    const made: LiveContainer[] = []
    await using driver = createClusterDriver()
    const keeping: SandboxDriver = {
      name: driver.name,
      missingWalls: driver.missingWalls,
      prepare: (signal) => driver.prepare(signal),
      create: async (asked, signal) => {
        const container = await driver.create(asked, signal)
        made.push(container)
        return container
      },
      list: (signal) => driver.list(signal),
      remove: (name, signal) => driver.remove(name, signal),
      [Symbol.asyncDispose]: async () => {},
    }
    const id = `sbx-${randomBytes(8).toString('hex')}`
    const specification = { id, owner: await readOwner(), limits }
    const options = { driver: keeping, specification, languages: ['python'], ladder, onGone: () => {} } as const
    await using session = await SandboxSession.start(options, never)
    const pod = ['-n', 'sallyport-sandboxes', 'get', 'pod', id, '-o', 'jsonpath={.metadata.uid}']
    const uid = kubectl('administrator', pod).stdout.trim()
    const begun = Promise.withResolvers<void>()
    const running = session.run(
      unvetted(code),
      { timeoutMilliseconds: 120_000, onOutput: () => begun.resolve() },
      never,
    )
    await begun.promise
    // Nothing is deleted where the strike is confirmed: what would run on would be seen.
    await made[0]?.kill()
    const uses = async () => {
      const before = processorOf(uid)
      await sleep(500)
      const after = processorOf(uid)
      return before === null || after === null ? 0 : (after - before) / 0.5
    }
    await expect.poll(uses).toBeLessThan(0.05)
    await session[Symbol.asyncDispose]()
    expect((await running).outcome).not.toBe('ok')
  })
})
