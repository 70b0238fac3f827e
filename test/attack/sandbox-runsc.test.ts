import { createTestRunscEngine } from '../support/runsc-sandbox.ts'
import { describeAttacks } from './sandbox-attacks.ts'

describeAttacks('runsc', createTestRunscEngine)
