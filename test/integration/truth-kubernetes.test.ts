import { readdir, readFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import type { SandboxEngine } from '../../src/sandbox/sandbox.ts'
import { kubectl } from '../support/kubernetes/kubectl.ts'
import { isClusterLane } from '../support/kubernetes/lane.ts'
import { createRandom } from '../support/random.ts'
import { untilNothing } from '../support/sandbox/leftovers.ts'
import { createTestClusterEngine } from '../support/sandbox/kubernetes-sandbox.ts'
import { clearingMilliseconds, podProcesses, sandboxPods } from '../support/sandbox/pod-traces.ts'
import { drawInjections, outcomesOf, truthSettings, work } from '../support/sandbox/truth-injections.ts'
import { pythonLane, TruthLane } from '../support/sandbox/truth-lane.ts'
import { truthPrograms } from '../support/sandbox/truth-programs.ts'
import { verifies } from '../support/verifies.ts'

/** Every program once, of the outcome with the most. */
const runs = Number(process.env['SALLYPORT_TRUTH_RUNS'] ?? 13)
const seed = Number(process.env['SALLYPORT_TRUTH_SEED'] ?? 11)

/** gVisor's process on the node logs where the Pod's own folder is, which bears its name. */
async function strikeOnNode(id: string): Promise<void> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [program = '', ...rest] = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
    if (program === 'runsc-sandbox' && rest.some((word) => word.includes(`_${id}_`)))
      process.kill(Number(pid), 'SIGKILL')
  }
}

async function strikeInCluster(id: string): Promise<void> {
  const words = ['delete', 'pod', id, '--grace-period=1', '--wait=false']
  expect(kubectl('administrator', ['-n', 'sallyport-sandboxes', ...words])).toMatchObject({ ok: true })
}

describe.skipIf(!isClusterLane)(
  `the truth about ${runs} runs of each outcome in a cluster (seed ${seed})`,
  { retry: 0 },
  () => {
    const engines: SandboxEngine[] = []
    afterAll(async () => {
      await Promise.all(engines.map((engine) => engine[Symbol.asyncDispose]()))
    })

    it('is told every time, concurrent and in random order', { timeout: 3_600_000 }, async () => {
      verifies('sandbox.outcomes-by-evidence')
      const engine = createTestClusterEngine({ warm: true, settings: { ...truthSettings, sweep_ms: 2000 } })
      engines.push(engine)
      const injections = drawInjections(truthPrograms, runs, createRandom(seed))
      expect(injections).toHaveLength(runs * (outcomesOf(truthPrograms).length + 4))
      const lane = (name: string, strike: (id: string) => Promise<void>) =>
        work(new TruthLane({ name, engine, speaks: pythonLane, strike, isRemovedLater: true }), injections)
      const wrong = await Promise.all([
        lane('pod-1', strikeOnNode),
        lane('pod-2', strikeInCluster),
        lane('pod-3', strikeOnNode),
      ])
      expect(wrong.flat()).toEqual([])
      // A node needs longer than anybody waits for a sandbox whose gVisor was killed under it; the sweep sees to those.
      const mine = async () => (await sandboxPods()).filter(({ owner }) => owner === process.pid)
      const struck = (await mine()).map(({ name }) => name)
      await engine[Symbol.asyncDispose]()
      expect(await untilNothing(mine, clearingMilliseconds)).toEqual([])
      expect(await untilNothing(() => podProcesses(struck), clearingMilliseconds)).toEqual([])
    })
  },
)
