import type { Container } from 'dockerode'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { removeContainer } from '../../../../../src/sandbox/containers/docker/container-removal.ts'
import { clockJumps, jumpClock, withFalseWallClock } from '../../../../support/clock-jumps.ts'

const missing = { statusCode: 404 }
const underWay = { statusCode: 409 }
const broken = { statusCode: 500, message: 'busy' }

/** A container whose daemon answers in turn: null is done; the last answer is given again and again. */
function open(removals: readonly unknown[], looks: readonly unknown[], milliseconds = 0) {
  const asked: string[] = []
  const answer = (name: string, answers: readonly unknown[]) => {
    vi.advanceTimersByTime(milliseconds)
    const nth = asked.filter((each) => each === name).length
    asked.push(name)
    const said = answers[Math.min(nth, answers.length - 1)]
    return said === null ? Promise.resolve({}) : Promise.reject(said)
  }
  const remove = vi.fn(() => answer('remove', removals))
  const container = { remove, inspect: () => answer('inspect', looks) } as unknown as Container
  return { container, remove, asked }
}

// Only the clock of deadlines is a false one.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

describe('the removal of a container', () => {
  it.each([
    ['was removed', [null], [missing], ['remove', 'inspect']],
    ['was not there', [missing], [missing], ['remove', 'inspect']],
    ['is being removed by somebody else', [underWay], [null, missing], ['remove', 'inspect', 'remove', 'inspect']],
    ['is still known after it was removed', [null], [null, missing], ['remove', 'inspect', 'remove', 'inspect']],
    ['could not be removed at first', [broken, null], [null, missing], ['remove', 'inspect', 'remove', 'inspect']],
    ['could not be looked for at first', [null], [broken, missing], ['remove', 'inspect', 'remove', 'inspect']],
  ])('is confirmed by the daemon of one that %s', async (_what, removals, looks, expected) => {
    const { container, remove, asked } = open(removals, looks)
    await removeContainer(container)
    expect(asked).toEqual(expected)
    expect(remove).toHaveBeenCalledWith({ force: true, v: true })
  })

  it.each(['ENOENT', 'ECONNREFUSED', 'EACCES'])('is given up at once where nobody answers: %s', async (code) => {
    const { container, asked } = open([{ code }], [null])
    await expect(removeContainer(container)).rejects.toMatchObject({ code: 'sandbox-unavailable' })
    expect(asked).toEqual(['remove'])
  })

  it.each([
    ['that fails', [broken], 'Docker failed while removing a sandbox: busy'],
    ['that is never seen to work', [null], 'A sandbox could not be removed in time'],
    ['that somebody else never ends', [underWay], 'A sandbox could not be removed in time'],
  ])('%s is tried for fifteen seconds', async (_what, removals, message) => {
    const { container, asked } = open(removals, [null], 3_000)
    await expect(removeContainer(container)).rejects.toMatchObject({ code: 'sandbox-unavailable', message })
    expect(asked.filter((each) => each === 'remove')).toHaveLength(3)
  })
})

describe.each(clockJumps)('the removal of a container when the wall clock jumps a day %s', (_way, by) => {
  withFalseWallClock()

  it('goes on', async () => {
    let looks = 0
    const gone = Object.assign(new Error('no such container'), { statusCode: 404 })
    const container = {
      remove: async () => {
        jumpClock(by)
      },
      inspect: async () => {
        looks += 1
        if (looks === 3) throw gone
      },
    } as unknown as Container
    await removeContainer(container)
    expect(looks).toBe(3)
  })
})
