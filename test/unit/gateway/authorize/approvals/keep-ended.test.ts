import { describe, expect, it } from 'vitest'
import { keepEnded } from '../../../../../src/gateway/authorize/approvals/keep-ended.ts'
import { approvalsInMemory } from '../../../../support/policy/approvals-in-memory.ts'
import { verifies } from '../../../../support/verifies.ts'

const mia = { id: 'mia', group: 'sales' }
const question = {
  digest: '0'.repeat(64),
  tool: 'run_sql',
  language: 'sql',
  source: null,
  text: 'SELECT 1',
  rules: ['action/mail'],
  reason: 'Look at it.',
  requestId: 'r1',
}

/** Approvals that are ended at each tick. */
function kept(tell: (told: unknown[]) => Promise<void>) {
  const time = { now: 0 }
  const approvals = approvalsInMemory(() => time.now)
  const faults: unknown[] = []
  let tick = Promise.withResolvers<void>()
  let waiting = Promise.withResolvers<void>()
  const keeper = keepEnded({
    approvals: async () => approvals,
    tell: (event, { id }, { requestId, by }) => tell([event, id, requestId, by]),
    onFault: (error) => faults.push(error),
    wait: async (signal) => {
      waiting.resolve()
      await Promise.race([tick.promise, new Promise((resolve) => signal.addEventListener('abort', resolve))])
    },
  })
  const pass = async (now: number): Promise<void> => {
    time.now = now
    await waiting.promise
    const passed = tick
    waiting = Promise.withResolvers()
    tick = Promise.withResolvers()
    passed.resolve()
    await waiting.promise
  }
  return { approvals, faults, keeper, pass }
}

describe('approvals whose time is over', () => {
  it('are ended, with a line on the trail each, once', async () => {
    verifies('policy.approved-told')
    const told: unknown[] = []
    const { approvals, faults, keeper, pass } = kept(async (line) => void told.push(line))
    await approvals.ask(mia, question)
    await approvals.ask(mia, { ...question, digest: '1'.repeat(64), requestId: 'r2' })
    await approvals.decide('apr-2', 'refused', 'boss')
    await pass(599_999)
    expect(told).toEqual([])
    await pass(600_000)
    await pass(600_001)
    expect(told).toEqual([['approval-expired', 'apr-1', 'r1', null]])
    expect(faults).toEqual([])
    await keeper[Symbol.asyncDispose]()
  })

  it('are looked for again after a fault, which is told', async () => {
    let asked = 0
    const { approvals, faults, keeper, pass } = kept(async () => {
      asked += 1
      throw new Error('full')
    })
    await approvals.ask(mia, question)
    await pass(600_000)
    await approvals.ask(mia, question)
    await pass(1_200_000)
    expect(asked).toBe(2)
    expect(faults).toMatchObject([{ message: 'full' }, { message: 'full' }])
    await keeper[Symbol.asyncDispose]()
  })
})
