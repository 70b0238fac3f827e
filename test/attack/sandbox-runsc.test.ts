import { containerIds, tracesOf } from '../support/sandbox/host-traces.ts'
import { createTestRunscEngine } from '../support/sandbox/runsc-sandbox.ts'
import { describeAttacks } from './sandbox-attacks.ts'

describeAttacks({
  name: 'runsc',
  create: createTestRunscEngine,
  ownProcesses: 2,
  hostNames: containerIds,
  tracesOf,
  turn: { place: 1, of: 2 },
})
