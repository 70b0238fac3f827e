import { describe, expect, it } from 'vitest'
import { ServerClock } from '../../../../src/storage/history/server-clock.ts'
import { verifies } from '../../../support/verifies.ts'

describe('the clock of a server', () => {
  it('tells of silence as long as it goes on as one’s own does, and after a jump once a lease has gone by', () => {
    verifies('replicas.clocks')
    let own = 0
    const clock = new ServerClock(1_000, () => own)
    const hear = (server: number, later: number): boolean => {
      own += later
      clock.note(server)
      return clock.isSteady
    }
    expect(hear(1_000_000, 0)).toBe(true)
    expect(hear(1_000_500, 500)).toBe(true)
    // A question that takes its time, and a clock that is set a little.
    expect(hear(1_001_200, 500)).toBe(true)
    // A failover to a server that is a minute ahead.
    expect(hear(1_061_700, 500)).toBe(false)
    expect(hear(1_062_200, 500)).toBe(false)
    expect(hear(1_062_800, 600)).toBe(true)
    // One that is behind calls nobody silent.
    expect(hear(1_000_000, 500)).toBe(true)
    // A machine that slept finds everybody silent by a clock that went on.
    expect(hear(1_090_000, 100)).toBe(false)
  })
})
