import { describe, expect, it } from 'vitest'
import { dayMilliseconds, keepRetention, retryMilliseconds } from '../../../../src/storage/retention/keep-retention.ts'

/** Sweeps by a script of outcomes, and records what is waited and told. */
function keeping(outcomes: readonly (number | Error)[]) {
  const seen: unknown[] = []
  const rest = [...outcomes]
  const done = Promise.withResolvers<void>()
  const keeper = keepRetention({
    sweep: async () => {
      const outcome = rest.shift() ?? 0
      if (outcome instanceof Error) throw outcome
      return {
        revokedKeys: 0,
        suspensions: 0,
        ownedIds: outcome,
        conversations: 0,
        reports: 0,
        approvals: 0,
        history: 0,
        files: 0,
        containers: 0,
        shares: 0,
        recorded: 0,
        complaints: 0,
      }
    },
    wait: async (milliseconds, signal) => {
      seen.push(milliseconds)
      if (rest.length > 0) return
      done.resolve()
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
    onForgotten: ({ ownedIds }) => seen.push(`forgot ${ownedIds}`),
    onFault: (error) => seen.push((error as Error).message),
  })
  return { seen, keeper, done: done.promise }
}

describe('the keeper of the retention', () => {
  it('sweeps at once and each day, and says what was forgotten', async () => {
    const { seen, keeper, done } = keeping([3, 0, 7])
    await done
    expect(seen).toEqual(['forgot 3', dayMilliseconds, dayMilliseconds, 'forgot 7', dayMilliseconds])
    await keeper[Symbol.asyncDispose]()
  })

  it('tries again sooner where the storage could not be had, and goes on', async () => {
    const { seen, keeper, done } = keeping([new Error('locked'), 1])
    await done
    expect(seen).toEqual(['locked', retryMilliseconds, 'forgot 1', dayMilliseconds])
    await keeper[Symbol.asyncDispose]()
  })

  it('ends with its disposal, by its own clock as well', async () => {
    let sweeps = 0
    const told = { onForgotten: () => undefined, onFault: () => undefined }
    const sweep = async () => {
      sweeps += 1
      return {
        revokedKeys: 0,
        suspensions: 0,
        ownedIds: 0,
        conversations: 0,
        reports: 0,
        approvals: 0,
        history: 0,
        files: 0,
        containers: 0,
        shares: 0,
        recorded: 0,
        complaints: 0,
      }
    }
    await keepRetention({ sweep, ...told })[Symbol.asyncDispose]()
    expect(sweeps).toBe(1)
  })
})
