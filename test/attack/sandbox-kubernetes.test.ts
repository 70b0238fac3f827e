import { describe } from 'vitest'
import { isClusterLane } from '../support/kubernetes/lane.ts'
import { createTestClusterEngine } from '../support/sandbox/kubernetes-sandbox.ts'
import { untilNothing } from '../support/sandbox/leftovers.ts'
import { clearingMilliseconds, hostNamesOf, podTracesOf } from '../support/sandbox/pod-traces.ts'
import { describeAttacks } from './sandbox-attacks.ts'

describe.skipIf(!isClusterLane)('in a cluster', () => {
  describeAttacks({
    name: 'Kubernetes',
    create: createTestClusterEngine,
    // The Pod's first process, the one that waits for the supervisor, supervisor and keeper.
    ownProcesses: 4,
    hostNames: () => hostNamesOf(),
    tracesOf: (names) => untilNothing(() => podTracesOf(names), clearingMilliseconds),
    // Programs in writable folders can be executed in a Pod. They gain nothing by it: a copy of a shell that anybody may
    // run as its owner is run by its owner.
    otherwise: {
      'files: making a program in the data folder': { stdout: 'hi\nbreach' },
      'files: a setuid copy of a shell': { stdout: "breach b'1001\\n'" },
    },
  })
})
