import { createTestRunscEngine } from '../support/sandbox/runsc-sandbox.ts'
import { describeAttacks } from './sandbox-attacks.ts'

describeAttacks('runsc', createTestRunscEngine)
