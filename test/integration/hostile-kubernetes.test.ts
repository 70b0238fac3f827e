import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { status } from '../../setup/kubernetes/cluster.mjs'
import { openClusterAccess } from '../../src/sandbox/containers/kubernetes/cluster-access.ts'
import { ClusterClient } from '../../src/sandbox/containers/kubernetes/cluster-client.ts'
import { openExec } from '../../src/sandbox/containers/kubernetes/exec-stream.ts'
import type { OperableSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { patientSettings } from '../contract/sandbox-programs.ts'
import { isClusterLane } from '../support/kubernetes/lane.ts'
import { createTestClusterEngine } from '../support/sandbox/kubernetes-sandbox.ts'
import { untilNothing } from '../support/sandbox/leftovers.ts'
import { clearingMilliseconds, hostNamesOf, podProcesses, podTracesOf } from '../support/sandbox/pod-traces.ts'

const never = new AbortController().signal

describe.skipIf(!isClusterLane)('code that takes all it can, seen from the node', () => {
  let engine: OperableSandboxEngine
  let neighbour: Sandbox

  beforeAll(async () => {
    const limits = { memory_mb: 256, memory_reserve_mb: 256, processes: 48, wall_ceiling_ms: 120_000 }
    const settings = { ...patientSettings, limits, pool: { queue_ms: 120_000 } }
    engine = createTestClusterEngine({ settings })
    neighbour = await engine.claim({ tenant: 'neighbour', language: 'python' }, never)
    await neighbour.run(unvetted('kept = 41'), {}, never)
  })
  afterAll(async () => {
    await neighbour[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
  })

  const expectNeighbour = async () => {
    const answer = await neighbour.run(unvetted('kept + 1'), { timeoutMilliseconds: 60_000 }, never)
    expect(answer).toMatchObject({ outcome: 'ok', results: [{ text: '42' }] })
  }

  it.each([
    ['forks', 'import os\nwhile True:\n    try: os.fork()\n    except OSError: pass'],
    [
      'takes memory in every process',
      'import os\nos.fork(); os.fork(); os.fork()\nx = []\nwhile True:\n    try: x.append(bytearray(1 << 20))\n    except MemoryError: pass',
    ],
    [
      'prints without an end',
      'import os\nwhile True:\n    try: os.write(1, b"y" * 65536)\n    except BaseException: pass',
    ],
    [
      'ignores every signal in many processes',
      'import os, signal\nfor s in range(1, 65):\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass\nos.fork(); os.fork(); os.fork()\nwhile True: pass',
    ],
  ])('that %s is ended while it goes on, and no process of it is left', async (_what, code) => {
    const before = new Set(await hostNamesOf())
    const sandbox = await engine.claim({ tenant: 'hostile', language: 'python' }, never)
    const names = (await hostNamesOf()).filter((name) => !before.has(name))
    const stop = new AbortController()
    const running = sandbox.run(unvetted(code), { timeoutMilliseconds: 120_000 }, stop.signal)
    expect(await podProcesses(names)).not.toEqual([])
    await sleep(3000)
    await expectNeighbour()
    stop.abort()
    // It may have run into a limit before it was told to stop.
    expect((await running).outcome).toBeOneOf(['cancelled', 'out-of-memory', 'too-many-processes', 'output-limit'])
    await sandbox[Symbol.asyncDispose]()
    expect(await untilNothing(() => podProcesses(names), 20_000)).toEqual([])
    expect(await untilNothing(() => podTracesOf(names), clearingMilliseconds)).toEqual([])
    await expectNeighbour()
  })

  it('whose output nobody takes waits for it, and fills no memory of the service', async () => {
    using client = new ClusterClient(
      await openClusterAccess({ kubeconfig: status().kubeconfig.service, server: '', context: null }),
    )
    const { namespace } = status()
    const stream = await openExec(
      client,
      {
        namespace,
        pod: neighbour.id,
        container: 'keeper',
        command: ['/usr/bin/yes', 'y'.repeat(4000)],
        hasInput: false,
        onDiagnostics: () => {},
      },
      never,
    )
    let received = 0
    const take = async (bytes: number) => {
      for await (const piece of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        received += piece.length
        if (received >= bytes) return
      }
    }
    await take(32 * 2 ** 20)
    const before = process.memoryUsage().arrayBuffers
    for (let times = 0; times < 10; times += 1) {
      await sleep(500)
      await expectNeighbour()
    }
    expect(stream.readableLength).toBeLessThan(2 * 2 ** 20)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 2 ** 20)
    // It was only held up: there is more as soon as somebody reads.
    await take(received + 32 * 2 ** 20)
    stream.destroy()
    await expectNeighbour()
  })
})
