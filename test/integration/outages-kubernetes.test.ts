import { readdir, readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { endPart, pidOf, startPart, type Part } from '../../setup/kubernetes/parts.mjs'
import type { OperableSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { patientSettings } from '../contract/sandbox-programs.ts'
import { kubectl } from '../support/kubernetes/kubectl.ts'
import { isClusterLane } from '../support/kubernetes/lane.ts'
import { withoutCluster } from '../support/kubernetes/without-cluster.ts'
import { createTestClusterEngine } from '../support/sandbox/kubernetes-sandbox.ts'
import { untilNothing } from '../support/sandbox/leftovers.ts'
import {
  clearingMilliseconds,
  engineLeases,
  hostNamesOf,
  podProcesses,
  podTracesOf,
  sandboxPods,
} from '../support/sandbox/pod-traces.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal
const isMissing = withoutCluster(process.env) !== null
const endless = unvetted('import time\ntime.sleep(1000)')
const word = unvetted('print(1)')

/**
 * Within this a run has to be told as a loss: it is told as a timeout after it. A node is given up by its cluster after
 * fifty seconds of silence, and its Pods ten later.
 */
const boundMilliseconds = 150_000

const ownPods = async () => (await sandboxPods()).filter(({ owner }) => owner === process.pid)

/** Leases of this process. */
const ownLeases = () => engineLeases(`${hostname()}/${process.pid}`)

const start = (startMilliseconds = 60_000) =>
  createTestClusterEngine({
    settings: { ...patientSettings, sweep_ms: 2000, pool: { queue_ms: 120_000 } },
    startMilliseconds,
  })

/** A part that was just started answers others first, and the node says that it is there a while later. */
async function untilServing(): Promise<void> {
  const serves = () => kubectl('service', ['-n', 'sallyport-sandboxes', 'get', 'pods']).ok
  await expect.poll(serves, { interval: 500 }).toBe(true)
  const ready = ['get', 'nodes', '-o', 'jsonpath={.items[0].status.conditions[?(@.type=="Ready")].status}']
  await expect.poll(() => kubectl('administrator', ready).stdout, { interval: 500, timeout: 120_000 }).toBe('True')
}

/** Processes of the host that belong to a Pod: what each was started with. */
async function processesOf(names: readonly string[]): Promise<{ readonly pid: number; readonly words: string[] }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const all = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      return { pid: Number(pid), words: line.split('\0') }
    }),
  )
  return all.filter(({ words }) => words.some((each) => names.some((name) => each.includes(name))))
}

/** Strikes those processes of a Pod whose program is called so. */
async function strike(names: readonly string[], program: RegExp): Promise<void> {
  const found = (await processesOf(names)).filter(({ words }) => program.test(words[0] ?? ''))
  expect(found).not.toEqual([])
  for (const { pid } of found) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Another one's end was its own.
    }
  }
}

const parts: readonly Part[] = ['kube-apiserver', 'containerd', 'kubelet']
afterEach(async () => {
  for (const part of parts) {
    const pid = pidOf(part)
    if (pid !== null) process.kill(pid, 'SIGCONT')
    await startPart(part)
  }
  await untilServing()
})

/** What is said of a run during which something breaks, how the next claim fares, and what is left of both in the end. */
async function brokenBy(engine: OperableSandboxEngine, breaking: Breaking) {
  await using sandbox = await engine.claim({ tenant: 'outage', language: 'python' }, never)
  const names = await hostNamesOf()
  const running = sandbox.run(endless, { timeoutMilliseconds: boundMilliseconds }, never)
  await breaking.begin(names)
  const { outcome, sessionAlive } = await running
  const { alive } = sandbox
  await breaking.meanwhile?.()
  await breaking.end()
  await using another = await engine.claim({ tenant: 'outage', language: 'python' }, never)
  const next = (await another.run(word, { timeoutMilliseconds: 60_000 }, never)).outcome
  const all = new Set([...names, ...(await hostNamesOf())])
  // A node whose gVisor was killed may take longer than anybody waits; then the sweep sees to it.
  await Promise.allSettled([another[Symbol.asyncDispose](), sandbox[Symbol.asyncDispose]()])
  const pods = await untilNothing(ownPods, clearingMilliseconds)
  const leases = await ownLeases()
  await engine[Symbol.asyncDispose]()
  const leasesLeft = (await engineLeases()).filter((name) => leases.includes(name))
  // Processes end with a Pod; folders are cleared away within a minute, for which the lane waits.
  const look = isClusterLane ? podTracesOf : podProcesses
  const traces = await untilNothing(() => look(all), clearingMilliseconds)
  return { outcome, sessionAlive, alive, next, pods, leasesLeft, traces }
}

/** A loss that is told, a next claim that is served, and nothing left in the cluster or on its node. */
const soundLoss = {
  outcome: 'sandbox-lost',
  sessionAlive: false,
  alive: false,
  next: 'ok',
  pods: [],
  leasesLeft: [],
  traces: [],
}

interface Breaking {
  readonly begin: (names: readonly string[]) => Promise<void>
  /** What is seen of it while it lasts. */
  readonly meanwhile?: () => Promise<void>
  readonly end: () => Promise<void>
}

const killing = (part: Part): Breaking => ({
  begin: () => endPart(part, 'SIGKILL'),
  async end() {
    await startPart(part)
    await untilServing()
  },
})

/** It is there and answers nobody, as on a machine that hangs or behind a network that is cut. */
const stopping = (part: Part): Breaking => ({
  begin: async () => void process.kill(pidOf(part) ?? 0, 'SIGSTOP'),
  async end() {
    process.kill(pidOf(part) ?? 0, 'SIGCONT')
    await untilServing()
  },
})

const striking = (program: RegExp): Breaking => ({
  begin: (names) => strike(names, program),
  end: async () => {},
})

describe.skipIf(isMissing)('a run during which the API server is killed', () => {
  it('ends as a loss, who claims meanwhile is told why, and nothing is left once it is back', async () => {
    verifies('kubernetes.outages')
    await using engine = start()
    const broken = await brokenBy(engine, {
      ...killing('kube-apiserver'),
      meanwhile: async () => {
        await expect(engine.claim({ tenant: 'away', language: 'python' }, never)).rejects.toMatchObject({
          code: 'sandbox-unavailable',
          message: expect.stringContaining('The API server of the cluster does not answer (ECONNREFUSED)'),
          advice: expect.stringContaining('Look at the address in the kubeconfig'),
        })
      },
    })
    expect(broken).toEqual(soundLoss)
  })
})

describe.skipIf(!isClusterLane)('a run during which a part of its node is lost', () => {
  it.each([
    ['the kubelet is killed', killing('kubelet')],
    ['containerd is killed', killing('containerd')],
    ['the API server hangs', stopping('kube-apiserver')],
    ['the node hangs', stopping('kubelet')],
    ['a shim is killed', striking(/\/shim$/)],
    ['gVisor is killed', striking(/^runsc-sandbox$/)],
    ['its gofers are killed', striking(/^runsc-gofer$/)],
  ])('ends as a loss where %s, and nothing is left', async (_what, breaking) => {
    verifies('kubernetes.outages')
    await using engine = start()
    expect(await brokenBy(engine, breaking)).toEqual(soundLoss)
  })

  it('is refused while its node answers nobody, and says so in bounded time', async () => {
    await using engine = start(5000)
    await endPart('kubelet', 'SIGKILL')
    const claimed = engine.claim({ tenant: 'gone', language: 'python' }, AbortSignal.timeout(100_000))
    await expect(claimed).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringMatching(/did not run within 5 s|No node of the cluster took a sandbox/),
    })
    await startPart('kubelet')
    expect(await untilNothing(ownPods, clearingMilliseconds)).toEqual([])
  })
})
