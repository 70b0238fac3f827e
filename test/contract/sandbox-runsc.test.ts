import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../src/core/errors.ts'
import { cgroupsAt } from '../../src/sandbox/containers/cgroup.ts'
import { cgroupPathOf } from '../../src/sandbox/containers/runsc/runsc-container.ts'
import { readOwner } from '../../src/sandbox/engine/owner.ts'
import { createLimits } from '../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import { shakeHands } from '../../src/sandbox/protocol/handshake.ts'
import { createTestRunscDriver, createTestRunscEngine } from '../support/sandbox/runsc-sandbox.ts'
import { describeSandboxContract } from './sandbox-contract.ts'
import { patientSettings, pythonPrograms } from './sandbox-programs.ts'

const never = new AbortController().signal

/** What the kernel weighs a sandbox by beside its siblings, as `cpu.shares` or `cpu.weight`. */
function weightOf(id: string): string {
  const cgroups = cgroupsAt(cgroupPathOf(id))
  return readFileSync(join(cgroups?.cpu ?? '', cgroups?.version === 1 ? 'cpu.shares' : 'cpu.weight'), 'utf8').trim()
}

describe('a sandbox of the runsc driver that nobody waits for', () => {
  it('starts with a small share of the processors, and has its whole share once somebody does and once it is ready', async () => {
    const settings = sandboxOptions.parse(patientSettings)
    const limits = createLimits(settings.limits)
    await using driver = createTestRunscDriver(settings)
    await driver.prepare(never)
    const wish = new AbortController()
    const start = async (wanted: AbortSignal) => {
      const id = `sbx-${randomBytes(8).toString('hex')}`
      const container = await driver.create({ id, owner: await readOwner(), limits, wanted }, never)
      return { id, container, [Symbol.asyncDispose]: () => container.destroy() }
    }
    await using awaited = await start(wish.signal)
    await using spare = await start(new AbortController().signal)
    const [small, usual] = cgroupsAt(cgroupPathOf(spare.id))?.version === 1 ? ['32', '1024'] : ['2', '100']
    expect([weightOf(awaited.id), weightOf(spare.id)]).toEqual([small, small])
    wish.abort()
    await expect.poll(() => weightOf(awaited.id), { timeout: 60_000 }).toBe(usual)
    expect(weightOf(spare.id)).toBe(small)
    const { connection } = await shakeHands(spare.container, { limits, languages: ['python'], onLoss: () => {} }, never)
    expect([spare.container.origin, weightOf(spare.id)]).toEqual(['snapshot', usual])
    connection.lose(new ServiceError('sandbox-lost', 'The test is over'))
  })
})

describeSandboxContract({
  name: 'the runsc driver',
  shown: '42',
  programs: pythonPrograms,
  start: async () => createTestRunscEngine({ warm: true, settings: patientSettings }),
})
