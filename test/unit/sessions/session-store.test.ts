import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SessionStore } from '../../../src/sessions/session-store.ts'
import { clockJumps, jumpClock, withFalseWallClock } from '../../support/clock-jumps.ts'
import { RecordingSandbox } from '../../support/sandbox/recording-sandbox.ts'

const sessions = (idleMilliseconds: number) =>
  new SessionStore({ claim: async () => new RecordingSandbox(), idleMilliseconds, maximumPerTenant: 3 })

describe.each(clockJumps)('sessions when the wall clock jumps a day %s', (_way, by) => {
  withFalseWallClock()

  it('live as long as without the jump, and show their end by the new time', async () => {
    await using store = sessions(60_000)
    const { id } = await store.open('ann', null)
    jumpClock(by)
    await store.expire()
    const [session] = store.list('ann')
    expect(session?.id).toBe(id)
    const left = (session?.expiresAt?.getTime() ?? 0) - Date.now()
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(60_000)
  })

  it('are closed when they were unused for their time', async () => {
    await using store = sessions(20)
    await store.open('ann', null)
    jumpClock(by)
    await sleep(60)
    await store.expire()
    expect(store.list('ann')).toEqual([])
  })
})
