import { createTestEngine } from '../support/docker-sandbox.ts'
import { describeAttacks } from './sandbox-attacks.ts'

describeAttacks('Docker', createTestEngine)
