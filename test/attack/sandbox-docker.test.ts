import { createTestEngine } from '../support/sandbox/docker-sandbox.ts'
import { describeAttacks } from './sandbox-attacks.ts'

describeAttacks('Docker', createTestEngine)
