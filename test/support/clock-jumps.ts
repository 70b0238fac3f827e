import { afterEach, beforeEach, vi } from 'vitest'

const day = 86_400_000

/** The two ways in which a wall clock jumps, in milliseconds. */
export const clockJumps = [
  ['forward', day],
  ['back', -day],
] as const

/** Within a `describe`: only the wall clock is a false one; timers, and the clock that never jumps, are real. */
export function withFalseWallClock(): void {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
  afterEach(() => void vi.useRealTimers())
}

export function jumpClock(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds)
}
