import { describe, expect, it } from 'vitest'
import type { SeenDriver, SeenSandbox } from '../../../../../src/core/sandbox-operations.ts'
import { toSandboxesState } from '../../../../../src/surfaces/wire/admin/sandboxes.ts'
import { exampleSandbox } from '../../../../support/http/operator-doubles.ts'
import { verifies } from '../../../../support/verifies.ts'

const isolate: SeenSandbox = { ...exampleSandbox, kind: 'isolate', kernel: null }
const linux: SeenSandbox = { ...exampleSandbox, kernel: 'Linux version 6.1.0' }

describe('the badge of gVisor', () => {
  it.each<[string, SeenDriver['proof'], readonly SeenSandbox[], string]>([
    ['the proof stands and each kernel says so', 'stands', [exampleSandbox, isolate], 'proven'],
    ['one kernel says something else', 'stands', [exampleSandbox, linux], 'unproven'],
    ['nothing but isolates is there', 'stands', [isolate], 'unproven'],
    ['nothing is there', 'stands', [], 'unproven'],
    ['no proof was made', 'not-asked', [exampleSandbox], 'unproven'],
    ['the last proof did not hold', 'failed', [exampleSandbox], 'failed'],
  ])('where %s', (_when, proof, sandboxes, badge) => {
    verifies('sandboxes.seen')
    const driver = { name: 'runsc', why: null, proof, fault: null, missingWalls: [] }
    expect(toSandboxesState({ driver, pool: null, isDraining: false, sandboxes }).driver.gvisor).toBe(badge)
  })
})
