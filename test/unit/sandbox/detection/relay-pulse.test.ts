import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startPulse, type RelayPulse } from '../../../../src/sandbox/detection/relay-pulse.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function started(answers: (number: number) => boolean) {
  const seen = { asked: 0, silences: 0 }
  const pulse: RelayPulse = startPulse(
    (number) => {
      seen.asked = number
      if (answers(number)) pulse.answer(number)
    },
    () => {
      seen.silences += 1
    },
  )
  return { seen, pulse }
}

describe('the pulse of a relay', () => {
  it('goes on while it answers, be it late', () => {
    const { seen, pulse } = started((number) => number % 4 === 0)
    vi.advanceTimersByTime(60_000)
    expect(seen).toEqual({ asked: 60, silences: 0 })
    pulse.end()
  })

  it('ends once where five questions have no answer', () => {
    const { seen } = started((number) => number <= 3)
    vi.advanceTimersByTime(8_000)
    expect(seen).toEqual({ asked: 8, silences: 0 })
    vi.advanceTimersByTime(60_000)
    expect(seen).toEqual({ asked: 8, silences: 1 })
  })

  it('ends with its relay', () => {
    const { seen, pulse } = started(() => false)
    pulse.end()
    vi.advanceTimersByTime(60_000)
    expect(seen).toEqual({ asked: 0, silences: 0 })
  })
})
