import { createTestClusterEngine } from '../support/sandbox/kubernetes-sandbox.ts'
import { describeSandboxContract } from './sandbox-contract.ts'
import { patientSettings, pythonPrograms } from './sandbox-programs.ts'

describeSandboxContract({
  name: 'the Kubernetes driver',
  shown: '42',
  programs: pythonPrograms,
  start: async () => createTestClusterEngine({ warm: true, settings: patientSettings }),
})
