import { createTestEngine } from '../support/sandbox/docker-sandbox.ts'
import { containerIds, tracesOf } from '../support/sandbox/host-traces.ts'
import { describeAttacks } from './sandbox-attacks.ts'

describeAttacks({
  name: 'Docker',
  create: createTestEngine,
  ownProcesses: 2,
  hostNames: containerIds,
  tracesOf,
  turn: { place: 0, of: 2 },
})
