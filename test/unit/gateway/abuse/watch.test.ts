import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../../src/core/error-table.ts'
import type { AbuseNotice } from '../../../../src/core/facts.ts'
import type { Principal } from '../../../../src/core/principal.ts'
import { abuseOptions } from '../../../../src/gateway/abuse/options.ts'
import { createAbuseWatch } from '../../../../src/gateway/abuse/watch.ts'
import { createMemoryQuotas } from '../../../../src/storage/quotas/memory-quotas.ts'
import { suspensionsInMemory } from '../../../support/suspensions-in-memory.ts'
import { verifies } from '../../../support/verifies.ts'

const start = Date.parse('2026-05-01T12:00:00.000Z')
const alice: Principal = { id: 'alice', kind: 'api-key', group: 'default' }

/** A watch by these thresholds; `after` gives what has become of what was told it. */
function watching(options: object) {
  let time = start
  const now = () => time
  const { suspensions, all } = suspensionsInMemory(now)
  const ledger = createMemoryQuotas({ now })
  const notices: AbuseNotice[] = []
  const open = () =>
    createAbuseWatch({
      options: abuseOptions.parse(options),
      ledger,
      suspensions,
      onNotice: async (notice) => void notices.push(notice),
      onFault: (error) => {
        throw error
      },
      now,
    })
  const faulted = async (principal: Principal, codes: readonly ErrorCode[]) => {
    for (const code of codes) {
      await using watch = open()
      watch.faulted(principal, code)
    }
    return all.map(({ subject, kind }) => `${subject} ${kind}`)
  }
  return { open, faulted, notices, suspensions, all, pass: (milliseconds: number) => (time += milliseconds) }
}

const times = <Code>(count: number, code: Code): readonly Code[] => Array.from({ length: count }, () => code)

describe('what callers do', () => {
  it('slows them down, and then suspends them, each at its threshold and with notice', async () => {
    verifies('abuse.thresholds')
    const { faulted, notices, pass } = watching({ refusals: { throttle: 3, suspend: 5, every: '10m' } })
    expect(await faulted(alice, times(2, 'refused'))).toEqual([])
    expect(await faulted(alice, ['forbidden'])).toEqual(['alice throttled'])
    pass(30_000)
    expect(await faulted(alice, ['refused'])).toEqual(['alice throttled', 'alice throttled'])
    expect(await faulted(alice, ['refused'])).toContain('alice suspended')
    expect(notices.at(-1)).toMatchObject({
      group: 'default',
      counted: 5,
      suspension: { reason: 'refusals', principal: 'alice', madeBy: 'automatic', until: '2026-05-01T13:00:30.000Z' },
    })
  })

  it('counts for its window alone', async () => {
    verifies('abuse.thresholds')
    const { faulted, pass } = watching({ client_errors: { suspend: 3, every: '10m' } })
    await faulted(alice, times(2, 'invalid-request'))
    pass(11 * 60_000)
    expect(await faulted(alice, times(2, 'not-found'))).toEqual([])
    expect(await faulted(alice, ['not-found'])).toEqual(['alice suspended'])
  })

  it('is counted by all processes together, and anew behind a suspension that was lifted', async () => {
    verifies('abuse.everywhere')
    const { open, faulted, suspensions, all } = watching({ client_errors: { suspend: 3 } })
    await Promise.all(
      [open(), open(), open()].map(async (each) => {
        await using watch = each
        watch.faulted(alice, 'invalid-request')
      }),
    )
    expect(all.map(({ kind }) => kind)).toEqual(['suspended'])
    await suspensions.lift(all[0]?.id ?? '', 'local')
    expect(await faulted(alice, times(2, 'invalid-request'))).toHaveLength(1)
    expect(await faulted(alice, ['invalid-request'])).toHaveLength(2)
  })

  it('is of the person for whom an application asks, and neither of others nor of the application', async () => {
    verifies('abuse.guarded')
    const { faulted, suspensions } = watching({ client_errors: { suspend: 2 } })
    await faulted({ ...alice, endUser: 'mallory' }, times(2, 'invalid-request'))
    expect(await faulted({ ...alice, endUser: 'ann' }, ['invalid-request'])).toHaveLength(1)
    expect((await suspensions.of('alice')).inForce).toBeNull()
  })

  it.each<[string, Partial<Principal>]>([
    ['a key that is for operators', { scopes: ['ask', 'admin'] }],
    ['all who send no credential, together', { id: 'anonymous', kind: 'anonymous' }],
    ['the person at the command line', { kind: 'operator' }],
  ])('never keeps out %s', async (_who, own) => {
    verifies('abuse.guarded')
    const { faulted } = watching({ client_errors: { suspend: 1 }, refusals: { suspend: 1 } })
    expect(await faulted({ ...alice, ...own }, times(5, 'refused'))).toEqual([])
  })

  it.each<[ErrorCode]>([
    ['rate-limited'],
    ['quota-exceeded'],
    ['suspended'],
    ['unauthenticated'],
    ['cancelled'],
    ['model-overloaded'],
    ['internal'],
    ['storage-unavailable'],
  ])('is none of theirs where they are answered %s', async (code) => {
    verifies('abuse.guarded')
    const { faulted } = watching({ client_errors: { suspend: 1 }, refusals: { suspend: 1 } })
    expect(await faulted(alice, [code])).toEqual([])
  })

  it('is what they have spent, too', async () => {
    verifies('abuse.thresholds')
    const { open, all } = watching({ spend: { throttle: 1_000, suspend: 5_000, every: '1h' } })
    for (const money of [999, 0, 1, 4_000]) {
      await using watch = open()
      watch.spent(alice, money)
    }
    expect(all.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual(['throttled spend', 'suspended spend'])
  })

  it('is nothing to anybody where no threshold is set', async () => {
    verifies('abuse.off')
    const { faulted } = watching({})
    expect(await faulted(alice, times(50, 'refused'))).toEqual([])
  })

  it.each([
    [{ refusals: {} }, 'needs throttle, suspend or both'],
    [{ refusals: { throttle: 5, suspend: 5 } }, 'must be above throttle'],
    [{ spend: { suspend: 5, every: 'day' } }, 'must be a number with s, m or h'],
  ])('is not watched by %j', (options, told) => {
    expect(abuseOptions.safeParse(options).error?.issues[0]?.message).toBe(told)
  })
})
