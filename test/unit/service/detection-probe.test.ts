import { describe, expect, it } from 'vitest'
import { detectionProbe } from '../../../src/service/detection-probe.ts'
import type { SandboxTrace } from '../../../src/core/detection-facts.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { codeValidatorOptions } from '../../../src/validators/options.ts'
import { verifies } from '../../support/verifies.ts'

const never = new AbortController().signal
const figures = { messages: 4, bytes: 400, told: 0, alerts: 0, suppressed: 0, lost: 1, malformed: 0 }

/** What doctor says of a sandbox whose trace looks like this, one look after the other. */
async function probed(traces: readonly (SandboxTrace | null)[]) {
  const programs: string[] = []
  const sandbox = {
    id: 'sbx-1',
    driver: 'runsc',
    run: async (code: unknown) => void programs.push(JSON.stringify(code)),
    [Symbol.asyncDispose]: async () => {},
  } as unknown as Sandbox
  let look = 0
  const sandboxes = {
    claim: async () => sandbox,
    trace: async () => traces[Math.min(look++, traces.length - 1)] ?? null,
  }
  const probe = detectionProbe({ config: { code: codeValidatorOptions.parse({}) }, sandboxes, lookMilliseconds: 1 })
  return { result: await probe.run(never), programs }
}

describe('the look at detection', () => {
  it('passes when the kernel of a sandbox has told of a program', async () => {
    verifies('detection.relay')
    const heard = { isOver: false, isUnheard: false, figures, alerts: [] }
    const { result, programs } = await probed([null, { ...heard, figures: null }, heard])
    expect(programs).toHaveLength(1)
    expect(result).toEqual({ passed: true, detail: 'runsc: 4 messages of its kernel, 1 lost', fix: null })
  })

  it('says that nothing was heard, and what to do', async () => {
    const { result } = await probed([null])
    expect(result).toMatchObject({ passed: false, fix: expect.stringContaining('doctor --fix') as string })
  })
})
