import { describe, expect, it } from 'vitest'
import type { SandboxEvent } from '../../../src/core/facts.ts'
import type { AuditFact } from '../../../src/telemetry/audit/entry.ts'
import { tellDetection } from '../../../src/telemetry/detection-observer.ts'
import { createDigests } from '../../../src/telemetry/digests.ts'
import type { Log } from '../../../src/telemetry/log.ts'
import type { Metrics } from '../../../src/telemetry/metrics.ts'
import { verifies } from '../../support/verifies.ts'

const digests = createDigests(Buffer.alloc(32, 7))

function told(event: SandboxEvent) {
  const facts: AuditFact[] = []
  const counts: string[] = []
  const lines: unknown[] = []
  tellDetection(
    {
      log: { warn: (line: unknown) => lines.push(line), error: (line: unknown) => lines.push(line) } as unknown as Log,
      metrics: { count: (kind: string, what: string) => counts.push(`${kind} ${what}`) } as unknown as Metrics,
      audit: { note: (fact) => facts.push(fact) },
      digests,
    },
    event,
  )
  return { facts, counts, lines }
}

const alert: SandboxEvent = {
  type: 'sandbox-alert',
  id: 'sbx-1',
  tenant: 'key-1',
  cell: 2,
  rule: 'Credentials read',
  priority: 'warning',
  tags: ['T1003.008'],
  at: 0,
  output: 'Code of a sandbox opens /home/anna/.ssh/id_rsa',
  fields: {
    'evt.type': 'openat',
    'fd.name': '/home/anna/.ssh/id_rsa',
    'user.uid': '1001',
    'proc.cmdline': 'cat secret',
  },
  suppressed: 0,
  ended: true,
}

describe('an alert of detection', () => {
  it('stands on the trail with its place, and with digests where code could have written a text', () => {
    verifies('detection.trail')
    const { facts, counts } = told(alert)
    expect(facts).toEqual([
      {
        event: 'sandbox-alert',
        requestId: '',
        sandbox: 'sbx-1',
        tenant: 'key-1',
        cell: 2,
        at: '1970-01-01T00:00:00.000Z',
        rule: 'Credentials read',
        priority: 'warning',
        tags: ['T1003.008'],
        fields: {
          'evt.type': 'openat',
          'fd.name': digests.of('/home/anna/.ssh/id_rsa'),
          'user.uid': '1001',
          'proc.cmdline': digests.of('cat secret'),
        },
        suppressed: 0,
        ended: true,
      },
    ])
    expect(JSON.stringify(facts)).not.toMatch(/anna|secret/)
    expect(counts).toEqual(['detection warning', 'detection ended'])
  })

  it('tells what was not heard', () => {
    verifies('detection.lost')
    const { facts, counts, lines } = told({
      type: 'sandbox-events-lost',
      id: 'sbx-1',
      tenant: null,
      cell: null,
      count: 9,
    })
    expect(facts).toEqual([
      { event: 'sandbox-events-lost', requestId: '', sandbox: 'sbx-1', tenant: null, cell: null, count: 9 },
    ])
    expect(counts).toEqual(['detection events-lost'])
    expect(lines).toHaveLength(1)
  })

  it('tells of a sandbox that nobody hears', () => {
    const { facts, counts, lines } = told({ type: 'sandbox-unheard', id: 'sbx-1', tenant: 't', cell: 2, why: 'gone' })
    expect(facts).toEqual([
      { event: 'sandbox-unheard', requestId: '', sandbox: 'sbx-1', tenant: 't', cell: 2, why: 'gone' },
    ])
    expect(counts).toEqual(['detection unheard'])
    expect(lines).toHaveLength(1)
  })

  it('is nothing else', () => {
    expect(told({ type: 'sandbox-fault', fault: 1 })).toEqual({ facts: [], counts: [], lines: [] })
  })
})
