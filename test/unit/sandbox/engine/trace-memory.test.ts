import { describe, expect, it } from 'vitest'
import type { SandboxAlert } from '../../../../src/core/detection-facts.ts'
import { TraceMemory } from '../../../../src/sandbox/engine/trace-memory.ts'

const figures = { messages: 1, bytes: 1, told: 0, alerts: 0, suppressed: 0, lost: 0, malformed: 0 }

const alert = (id: string, rule: string): SandboxAlert => ({
  type: 'sandbox-alert',
  id,
  tenant: null,
  cell: null,
  rule,
  priority: 'error',
  tags: [],
  at: 0,
  output: '',
  fields: {},
  suppressed: 0,
  ended: false,
})

describe('what is kept of traces', () => {
  it('is the last alerts of each sandbox', () => {
    const memory = new TraceMemory()
    for (let turn = 0; turn < 60; turn += 1) memory.alert(alert('sbx-1', String(turn)))
    memory.alert(alert('sbx-2', 'other'))
    expect(memory.of('sbx-1')?.alerts.map(({ rule }) => rule)).toEqual(
      Array.from({ length: 50 }, (_, at) => String(at + 10)),
    )
    expect(memory.of('sbx-2')?.alerts).toHaveLength(1)
  })

  it('is forgotten of those first that are over, and then of the oldest', () => {
    const memory = new TraceMemory()
    for (let turn = 0; turn < 200; turn += 1) memory.figures(`sbx-${turn}`, figures, turn === 5)
    memory.figures('sbx-more', figures, false)
    expect([memory.of('sbx-0') === null, memory.of('sbx-5') === null]).toEqual([false, true])
    memory.figures('sbx-last', figures, false)
    expect([memory.of('sbx-0') === null, memory.of('sbx-last') === null]).toEqual([true, false])
  })
})
