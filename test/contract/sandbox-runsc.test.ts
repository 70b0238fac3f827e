import { createTestRunscEngine } from '../support/sandbox/runsc-sandbox.ts'
import { describeSandboxContract } from './sandbox-contract.ts'
import { patientSettings, pythonPrograms } from './sandbox-programs.ts'

describeSandboxContract({
  name: 'the runsc driver',
  shown: '42',
  programs: pythonPrograms,
  start: async () => createTestRunscEngine({ warm: true, settings: patientSettings }),
})
