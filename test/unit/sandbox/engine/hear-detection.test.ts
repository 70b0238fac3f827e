import { describe, expect, it } from 'vitest'
import type { SandboxEvent } from '../../../../src/core/facts.ts'
import type { DetectionReport } from '../../../../src/sandbox/detection/detection-report.ts'
import { parseRules } from '../../../../src/sandbox/detection/rules/parse-rules.ts'
import type { Priority } from '../../../../src/core/detection-facts.ts'
import { hearDetection } from '../../../../src/sandbox/engine/hear-detection.ts'
import { TraceMemory } from '../../../../src/sandbox/engine/trace-memory.ts'

const [rule] = parseRules(
  '- rule: A\n  desc: d\n  condition: evt.type = open\n  output: o\n  priority: error\n  tags: [t]\n',
)
if (rule === undefined) throw new Error('no rule')
const alert = {
  kind: 'alert' as const,
  id: 'sbx-1',
  rule,
  at: 5,
  output: 'o',
  fields: { 'fd.name': '/x' },
  suppressed: 2,
}

function heard(report: DetectionReport, killAt: Priority | null, end = async () => {}) {
  const told: SandboxEvent[] = []
  const ended: string[] = []
  const memory = new TraceMemory()
  hearDetection(report, {
    placeOf: () => ({ tenant: 't', cell: 3 }),
    killAt,
    end: async (id, why) => {
      ended.push(`${id}: ${why}`)
      await end()
    },
    tell: (event) => told.push(event),
    memory,
  })
  return { told, ended, memory }
}

describe('what is heard of a sandbox', () => {
  it('is told with whose it is and which program ran', () => {
    const { told, ended } = heard(alert, null)
    expect(told).toEqual([
      {
        type: 'sandbox-alert',
        id: 'sbx-1',
        tenant: 't',
        cell: 3,
        rule: 'A',
        priority: 'error',
        tags: ['t'],
        at: 5,
        output: 'o',
        fields: { 'fd.name': '/x' },
        suppressed: 2,
        ended: false,
      },
    ])
    expect(ended).toEqual([])
  })

  it.each([
    ['emergency', false],
    ['critical', false],
    ['error', true],
    ['debug', true],
  ] as const)('ends the sandbox where kill_at is %s: %s', (killAt, isEnded) => {
    const { told, ended } = heard(alert, killAt)
    expect(told).toMatchObject([{ ended: isEnded }])
    expect(ended).toHaveLength(isEnded ? 1 : 0)
  })

  it('tells what was lost, and a fault of the relay', () => {
    expect(heard({ kind: 'events-lost', id: 'sbx-1', count: 7 }, null).told).toEqual([
      { type: 'sandbox-events-lost', id: 'sbx-1', tenant: 't', cell: 3, count: 7 },
    ])
    expect(heard({ kind: 'unheard', id: 'sbx-1', why: 'gone' }, null).told).toEqual([
      { type: 'sandbox-unheard', id: 'sbx-1', tenant: 't', cell: 3, why: 'gone' },
    ])
    const fault = new Error('gone')
    expect(heard({ kind: 'fault', fault }, null).told).toEqual([{ type: 'sandbox-fault', fault }])
  })

  it('is kept for operators who ask', () => {
    const figures = { messages: 3, bytes: 300, told: 100, alerts: 1, suppressed: 0, lost: 0, malformed: 0 }
    expect(heard(alert, null).memory.of('sbx-1')).toMatchObject({ isOver: false, alerts: [{ rule: 'A', cell: 3 }] })
    expect(heard(alert, null).memory.of('sbx-2')).toBeNull()
    const going = heard({ kind: 'figures', id: 'sbx-1', figures }, null).memory
    expect(going.of('sbx-1')).toEqual({ isOver: false, isUnheard: false, figures, alerts: [] })
    const over = heard({ kind: 'ended', id: 'sbx-1', figures }, null).memory
    expect(over.of('sbx-1')).toEqual({ isOver: true, isUnheard: false, figures, alerts: [] })
    const unheard = heard({ kind: 'unheard', id: 'sbx-1', why: 'gone' }, null).memory
    expect(unheard.of('sbx-1')).toMatchObject({ isOver: true, isUnheard: true })
  })

  it('tells where an end failed', async () => {
    const fault = new Error('stuck')
    const { told } = heard(alert, 'error', () => Promise.reject(fault))
    await expect.poll(() => told).toContainEqual({ type: 'sandbox-fault', fault })
  })
})
