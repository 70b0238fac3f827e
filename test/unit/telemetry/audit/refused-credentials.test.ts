import { describe, expect, it } from 'vitest'
import type { AuditFact } from '../../../../src/telemetry/audit/entry.ts'
import { RefusedCredentials } from '../../../../src/telemetry/audit/refused-credentials.ts'
import { verifies } from '../../../support/verifies.ts'

function gathering() {
  const told: AuditFact[] = []
  const waiting: { readonly work: () => void; readonly milliseconds: number; isStopped: boolean }[] = []
  const refused = new RefusedCredentials({
    note: (fact) => void told.push(fact),
    later: (work, milliseconds) => {
      const timer = { work, milliseconds, isStopped: false }
      waiting.push(timer)
      return { stop: () => void (timer.isStopped = true) }
    },
  })
  return { told, waiting, refused }
}

const lineOf = (count: number, addresses: number) => ({
  event: 'credentials-refused',
  requestId: '',
  count,
  addresses,
})

describe('credentials that are nobody’s', () => {
  it('are one line a minute, however many there are, with how many and from how many addresses', () => {
    verifies('audit.refused-credentials')
    const { told, waiting, refused } = gathering()
    for (let each = 0; each < 1_000; each += 1) refused.refused(`10.0.0.${each % 7}`)
    expect([told, waiting.map(({ milliseconds }) => milliseconds)]).toEqual([[], [60_000]])
    waiting[0]?.work()
    expect(told).toEqual([lineOf(1_000, 7)])
    refused.refused('10.0.0.1')
    expect(waiting).toHaveLength(2)
    waiting[1]?.work()
    expect(told).toEqual([lineOf(1_000, 7), lineOf(1, 1)])
  })

  it('are told of at the end, and nothing is where there were none', () => {
    const { told, waiting, refused } = gathering()
    refused[Symbol.dispose]()
    expect(told).toEqual([])
    refused.refused('10.0.0.1')
    refused[Symbol.dispose]()
    expect([told, waiting[0]?.isStopped]).toEqual([[lineOf(1, 1)], true])
  })

  it('take no more memory than that of ten thousand addresses', () => {
    const { told, refused } = gathering()
    for (let each = 0; each < 10_050; each += 1) refused.refused(String(each))
    refused[Symbol.dispose]()
    expect(told).toEqual([lineOf(10_050, 10_000)])
  })
})
