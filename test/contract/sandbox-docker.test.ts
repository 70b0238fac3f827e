import { createTestEngine } from '../support/sandbox/docker-sandbox.ts'
import { describeSandboxContract } from './sandbox-contract.ts'
import { patientSettings, pythonPrograms } from './sandbox-programs.ts'

describeSandboxContract({
  name: 'the Docker driver',
  shown: '42',
  programs: pythonPrograms,
  start: async () => createTestEngine({ warm: true, settings: patientSettings }),
})
