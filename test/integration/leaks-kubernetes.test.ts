import { setTimeout as sleep } from 'node:timers/promises'
import { describe } from 'vitest'
import { isClusterLane } from '../support/kubernetes/lane.ts'
import { createClusterDriver, createTestClusterEngine } from '../support/sandbox/kubernetes-sandbox.ts'
import { untilNothing } from '../support/sandbox/leftovers.ts'
import { clearingMilliseconds, hostNamesOf, podTracesOf } from '../support/sandbox/pod-traces.ts'
import { describeLeaks } from './leak-suite.ts'

/** A lease ends forty seconds after its owner, and whoever sweeps has to have looked before. */
const sweepsAtMost = 30
const betweenSweeps = 4000

describe.skipIf(!isClusterLane)('in a cluster', () => {
  describeLeaks(
    {
      name: 'kubernetes',
      start: createTestClusterEngine,
      driver: createClusterDriver(),
      hostNames: hostNamesOf,
      tracesOf: podTracesOf,
      groupsOf: podTracesOf,
      async sweep(engine, isOver) {
        const failed: unknown[] = []
        for (let count = 0; count < sweepsAtMost && !(await isOver()); count += 1) {
          if (count > 0) await sleep(betweenSweeps)
          failed.push(...(await engine.sweep(new AbortController().signal)).failed)
        }
        return failed
      },
      left: (look) => untilNothing(look, clearingMilliseconds),
    },
    { runs: 30, kills: 5, sessions: 5, seed: Number(process.env['SALLYPORT_LEAK_SEED'] ?? 11) },
  )
})
