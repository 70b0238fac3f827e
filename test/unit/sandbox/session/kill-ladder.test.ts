import { describe, expect, it, vi } from 'vitest'
import { climbKillLadder, type KillSteps, type Rung } from '../../../../src/sandbox/session/kill-ladder.ts'

const times = { interruptMilliseconds: 20, figuresMilliseconds: 200, killMilliseconds: 20 }

/** A run that ends at its n-th interrupt, or when killed, or not at all. */
function runThat(options: {
  heedsInterrupt?: number
  /** Stops at its first interrupt and then draws so long, milliseconds. */
  draws?: number
  killConfirms?: boolean
  killEnds?: boolean
  killThrows?: boolean
}) {
  const ended = Promise.withResolvers<void>()
  const heeded = Promise.withResolvers<void>()
  const climbed: Rung[] = []
  let interrupts = 0
  const steps: KillSteps = {
    ended: ended.promise,
    heeded: heeded.promise,
    interrupt: () => {
      climbed.push('interrupt')
      interrupts += 1
      if (interrupts === options.heedsInterrupt) ended.resolve()
      if (options.draws === undefined || interrupts > 1) return
      heeded.resolve()
      setTimeout(() => ended.resolve(), options.draws)
    },
    killProcesses: async () => {
      climbed.push('kill')
      if (options.killThrows === true) throw new Error('lost')
      if (options.killEnds === true) ended.resolve()
      return options.killConfirms ?? false
    },
    destroy: async () => {
      climbed.push('destroy')
    },
  }
  return { steps, climbed }
}

describe('the kill ladder', () => {
  it('stops at an interrupt that is heeded', async () => {
    const { steps, climbed } = runThat({ heedsInterrupt: 1 })
    expect(await climbKillLadder(steps, 'interrupt', times)).toBe('interrupt')
    expect(climbed).toEqual(['interrupt'])
  })

  it('is as harsh as it has to be within the times it is given', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { steps, climbed } = runThat({ killConfirms: true })
      const top = climbKillLadder(steps, 'interrupt', { ...times, interruptMilliseconds: 100, killMilliseconds: 40 })
      const after = async (milliseconds: number) => {
        await vi.advanceTimersByTimeAsync(milliseconds)
        return climbed.length
      }
      // An interrupt at once and one at half of its time; then the processes; then the sandbox.
      expect([await after(49), await after(1), await after(49), await after(1)]).toEqual([1, 2, 2, 3])
      expect([await after(39), await after(1), await top]).toEqual([3, 4, 'destroy'])
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('P10: waits for what a run drew that heeded its interrupt', async () => {
    const { steps, climbed } = runThat({ draws: 60 })
    expect(await climbKillLadder(steps, 'interrupt', times)).toBe('interrupt')
    expect(climbed).toEqual(['interrupt'])
  })

  it('P10: interrupts a drawing that takes too long, so that the session lives', async () => {
    const { steps, climbed } = runThat({ draws: 10_000, heedsInterrupt: 2 })
    expect(await climbKillLadder(steps, 'interrupt', times)).toBe('interrupt')
    expect(climbed).toEqual(['interrupt', 'interrupt'])
  })

  it('P10: ends what says that it heeds and goes on', async () => {
    const { steps, climbed } = runThat({ draws: 10_000, killConfirms: true, killEnds: true })
    expect(await climbKillLadder(steps, 'interrupt', times)).toBe('kill')
    expect(climbed).toEqual(['interrupt', 'interrupt', 'kill'])
  })

  it('interrupts again where the first came too early or was swallowed', async () => {
    const { steps, climbed } = runThat({ heedsInterrupt: 2 })
    expect(await climbKillLadder(steps, 'interrupt', times)).toBe('interrupt')
    expect(climbed).toEqual(['interrupt', 'interrupt'])
  })

  it('ends the processes of what is deaf', async () => {
    const { steps, climbed } = runThat({ killConfirms: true, killEnds: true })
    expect(await climbKillLadder(steps, 'interrupt', times)).toBe('kill')
    expect(climbed).toEqual(['interrupt', 'interrupt', 'kill'])
  })

  it.each([
    ['the sandbox does not confirm', { killEnds: true }],
    ['the sandbox confirms but the run goes on', { killConfirms: true }],
    ['the sandbox does not answer', { killThrows: true }],
  ])('destroys where %s', async (_, options) => {
    const { steps, climbed } = runThat(options)
    expect(await climbKillLadder(steps, 'interrupt', times)).toBe('destroy')
    expect(climbed.at(-1)).toBe('destroy')
  })

  it('gives one span to the order and to the end it brings', async () => {
    const stopped: boolean[] = []
    const steps: KillSteps = {
      heeded: new Promise(() => {}),
      ended: new Promise(() => {}),
      interrupt: () => {},
      killProcesses: async (signal) => {
        await new Promise((resolve) => setTimeout(resolve, 10))
        signal.addEventListener('abort', () => stopped.push(true))
        return true
      },
      destroy: async () => {
        stopped.push(false)
      },
    }
    const started = performance.now()
    expect(await climbKillLadder(steps, 'kill', { ...times, killMilliseconds: 300 })).toBe('destroy')
    // Not the time of the order and then three hundred more.
    expect(performance.now() - started).toBeGreaterThan(290)
    // What it says while it is destroyed would still be heard.
    expect(stopped).toEqual([false, true])
  })

  it('takes the word of a sandbox that says it while it is being destroyed', async () => {
    const said = Promise.withResolvers<boolean>()
    const ended = Promise.withResolvers<void>()
    const isDestroyed = vi.fn<() => void>()
    const steps: KillSteps = {
      heeded: new Promise(() => {}),
      ended: ended.promise,
      interrupt: () => {},
      killProcesses: () => said.promise,
      destroy: () => {
        isDestroyed()
        said.resolve(true)
        ended.resolve()
        return new Promise(() => {})
      },
    }
    expect(await climbKillLadder(steps, 'kill', times)).toBe('kill')
    expect(isDestroyed).toHaveBeenCalledOnce()
  })

  it('waits for the destruction where it says that something is left', async () => {
    const said = Promise.withResolvers<boolean>()
    let isDestroyed = false
    const steps: KillSteps = {
      heeded: new Promise(() => {}),
      ended: new Promise(() => {}),
      interrupt: () => {},
      killProcesses: () => said.promise,
      destroy: async () => {
        said.resolve(false)
        await new Promise((resolve) => setTimeout(resolve, 10))
        isDestroyed = true
      },
    }
    expect(await climbKillLadder(steps, 'kill', times)).toBe('destroy')
    expect(isDestroyed).toBe(true)
  })

  it('starts at the rung that it is given', async () => {
    const { steps, climbed } = runThat({ killConfirms: true, killEnds: true })
    expect(await climbKillLadder(steps, 'kill', times)).toBe('kill')
    expect(climbed).toEqual(['kill'])
  })
})
