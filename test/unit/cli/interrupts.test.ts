import { describe, expect, it } from 'vitest'
import { Interrupts } from '../../../src/cli/interrupts.ts'
import { verifies } from '../../support/verifies.ts'

describe('Ctrl-C', () => {
  it('cancels what runs the first time and leaves the second', async () => {
    verifies('processes.interrupts')
    const said: string[] = []
    let left = 0
    const interrupts = new Interrupts({ leave: () => void (left += 1), say: (text) => void said.push(text) })
    await interrupts.during(async (signal) => {
      interrupts.interrupt()
      expect([signal.aborted, left]).toEqual([true, 0])
      interrupts.interrupt()
      expect(left).toBe(1)
    })
    expect(said).toEqual(['Cancelling. Ctrl-C again leaves at once.\n'])
  })

  it('leaves at once when nothing runs, and counts from the beginning with the next task', async () => {
    let left = 0
    const interrupts = new Interrupts({ leave: () => void (left += 1), say: () => {} })
    interrupts.interrupt()
    expect(left).toBe(1)
    await interrupts.during(async (signal) => {
      interrupts.interrupt()
      expect([signal.aborted, left]).toEqual([true, 1])
    })
  })
})
