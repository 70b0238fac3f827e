import { describe } from 'vitest'
import { withoutCluster } from '../support/kubernetes/without-cluster.ts'
import { createTestClusterEngine } from '../support/sandbox/kubernetes-sandbox.ts'
import { describeSandboxContract } from './sandbox-contract.ts'
import { patientSettings, pythonPrograms } from './sandbox-programs.ts'

describe.skipIf(withoutCluster(process.env) !== null)('in a cluster', () => {
  describeSandboxContract({
    name: 'the Kubernetes driver',
    shown: '42',
    programs: pythonPrograms,
    start: async () => createTestClusterEngine({ warm: true, settings: patientSettings }),
  })
})
