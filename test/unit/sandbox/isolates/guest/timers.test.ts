import type ivm from 'isolated-vm'
import { describe, expect, it } from 'vitest'
import { createTimers } from '../../../../../src/sandbox/isolates/guest/timers.ts'

interface Globals {
  readonly setTimeout: (callback: unknown, milliseconds?: unknown, ...values: unknown[]) => number
  readonly setInterval: (callback: unknown, milliseconds?: unknown, ...values: unknown[]) => number
  readonly clearTimeout: (id?: unknown) => void
  readonly clearInterval: (id?: unknown) => void
}

/** Timers whose clock is the test: it lets the oldest that waits come. */
function open() {
  const asked: { readonly milliseconds: number; readonly come: () => void }[] = []
  const timer = {
    apply: (_receiver: undefined, [milliseconds]: [number]) =>
      new Promise<void>((resolve) => asked.push({ milliseconds, come: resolve })),
  } as unknown as ivm.Reference<(milliseconds: number) => Promise<void>>
  const scope: Record<string, unknown> = {}
  const { begin, idle } = createTimers(scope, timer)
  const come = async (index: number) => {
    asked[index]?.come()
    await settle()
  }
  return { ...(scope as unknown as Globals), begin, idle, asked, come }
}

const settle = () => new Promise(setImmediate)

/** Whether the run could end by now. */
async function endOf(idle: Promise<void>): Promise<string> {
  const ends = [idle.then(() => 'idle').catch((thrown: Error) => thrown.message), settle().then(() => 'waits')]
  return Promise.race(ends)
}

describe('the timers of a program', () => {
  it('are called once, with what was given along, when they come', async () => {
    const { setTimeout, idle, asked, come } = open()
    const called: unknown[] = []
    const callback = (...values: unknown[]) => called.push(values)
    expect([setTimeout(callback, 5, 'a', 2), setTimeout(callback)]).toEqual([1, 2])
    expect(asked.map(({ milliseconds }) => milliseconds)).toEqual([5, 0])
    expect([called, await endOf(idle())]).toEqual([[], 'waits'])
    await come(0)
    await come(1)
    expect([called, await endOf(idle())]).toEqual([[['a', 2], []], 'idle'])
  })

  it.each([
    ['7', 7],
    [Number.NaN, 0],
    [undefined, 0],
    ['soon', 0],
    [{}, 0],
  ])('take %j for a time', (given, milliseconds) => {
    const { setTimeout, asked } = open()
    setTimeout(() => {}, given)
    expect(asked[0]?.milliseconds).toBe(milliseconds)
  })

  it.each(['alert()', undefined, null, {}])('are refused without a function: %j', (callback) => {
    const { setTimeout, setInterval, asked } = open()
    for (const set of [setTimeout, setInterval]) {
      expect(() => set(callback, 5)).toThrow(new TypeError('The first argument of a timer is a function'))
    }
    expect(asked).toEqual([])
  })

  it('go on at their interval until they are cleared', async () => {
    const { setInterval, clearInterval, idle, asked, come } = open()
    let count = 0
    const id = setInterval(() => (count += 1), 9)
    await come(0)
    await come(1)
    expect([count, asked.map(({ milliseconds }) => milliseconds)]).toEqual([2, [9, 9, 9]])
    expect(await endOf(idle())).toBe('waits')
    clearInterval(id)
    expect(await endOf(idle())).toBe('idle')
    await come(2)
    expect([count, asked.length]).toEqual([2, 3])
  })

  it('may clear themselves while they are called', async () => {
    const { setInterval, clearTimeout, idle, asked, come } = open()
    const id: number = setInterval(() => clearTimeout(id), 1)
    await come(0)
    expect([asked.length, await endOf(idle())]).toEqual([1, 'idle'])
  })

  it('do not come once they are cleared, and end the wait of the run', async () => {
    const { setTimeout, clearTimeout, idle, come } = open()
    let called = false
    const id = setTimeout(() => (called = true), 60_000)
    const end = idle()
    expect(await endOf(end)).toBe('waits')
    for (const other of [id + 1, undefined, '__proto__', 'constructor']) clearTimeout(other)
    expect(await endOf(end)).toBe('waits')
    clearTimeout(id)
    clearTimeout(id)
    expect(await endOf(end)).toBe('idle')
    await come(0)
    expect(called).toBe(false)
  })

  it('end the run with the first thing that one of them throws', async () => {
    const { setTimeout, setInterval, idle, asked, come } = open()
    const fail = (message: string) => () => {
      throw new Error(message)
    }
    setInterval(fail('first'), 1)
    setTimeout(fail('second'), 1)
    const end = idle().then(
      () => 'idle',
      (thrown: Error) => thrown.message,
    )
    await come(0)
    expect(await end).toBe('first')
    await come(1)
    expect(await endOf(idle())).toBe('first')
    // Nothing is repeated that failed.
    expect(asked).toHaveLength(2)
  })

  it('of a run that was broken off are none of the next', async () => {
    const { setTimeout, begin, idle, come } = open()
    const called: string[] = []
    setTimeout(() => called.push('old'), 1)
    setTimeout(() => {
      throw new Error('old')
    }, 1)
    await come(1)
    begin()
    expect(await endOf(idle())).toBe('idle')
    setTimeout(() => called.push('new'), 1)
    await come(0)
    expect([called, await endOf(idle())]).toEqual([[], 'waits'])
    await come(2)
    expect([called, await endOf(idle())]).toEqual([['new'], 'idle'])
  })
})
