import { describe, expect, it } from 'vitest'
import type { OperatorChange } from '../../../src/core/facts.ts'
import type { AuditFact } from '../../../src/telemetry/audit/entry.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { Notices } from '../../../src/telemetry/notices.ts'
import { telemetryOptions } from '../../../src/telemetry/options.ts'
import { verifies } from '../../support/verifies.ts'

function recorded(isBroken = false) {
  const facts: AuditFact[] = []
  const said: unknown[] = []
  const log = createLog({ level: 'silent', format: () => 'json' })
  Object.assign(log, { info: (_about: object, text: string) => said.push(text) })
  const metrics = createMetrics()
  const append = async (fact: AuditFact): Promise<void> => {
    if (isBroken) throw new Error('the disk is full')
    facts.push(fact)
  }
  const note = (fact: AuditFact): void => void facts.push(fact)
  const config = { telemetry: telemetryOptions.parse({}), state_directory: '/none', secrets_directory: '/none' }
  const notices = new Notices(() => ({ log, metrics, audit: { append, note }, config }))
  return { notices, facts, said, metrics }
}

const change: OperatorChange = {
  event: 'admin-change',
  requestId: 'r1',
  principal: 'operator',
  group: 'default',
  action: 'keys.revoke',
  target: 'k1',
  told: {},
  done: null,
}

describe('what an operator changes', () => {
  it('is on the trail with how it ended, and the log says which of the two', async () => {
    verifies('admin.audited')
    const { notices, facts, said, metrics } = recorded()
    await notices.onAdminChange(change)
    await notices.onAdminChange({ ...change, event: 'admin-change-end', done: true })
    await notices.onAdminChange({ ...change, event: 'admin-change-end', done: false })
    expect(facts.map((fact) => [fact.event, fact['done']])).toEqual([
      ['admin-change', undefined],
      ['admin-change-end', true],
      ['admin-change-end', false],
    ])
    expect(said).toEqual(['changes', 'has changed', 'could not change'].map((what) => `an operator ${what} something`))
    expect(await metrics.text()).toContain('sallyport_events_total{part="admin",event="change"} 1')
  })

  it('is told to nobody as made where the trail cannot be written', async () => {
    verifies('admin.audited')
    const { notices } = recorded(true)
    await expect(notices.onAdminChange(change)).rejects.toThrow('the disk is full')
  })
})

describe('a search in what is kept', () => {
  it('is on the trail before it is made, and is not made without', async () => {
    const search = { event: 'privacy-search', requestId: 'r1', principal: 'k1', group: 'default', of: 'group' } as const
    const { notices, facts } = recorded()
    await notices.onSearch(search)
    expect(facts).toMatchObject([{ event: 'privacy-search', principal: 'k1', of: 'group' }])
    await expect(recorded(true).notices.onSearch(search)).rejects.toThrow('the disk is full')
  })
})

describe('what a caller complains of', () => {
  const notice = {
    id: 'cmp_1',
    kind: 'appeal',
    verdict: 'down',
    reason: 'harmless',
    principal: 'k1',
    subject: 'user:1',
    group: 'default',
    decision: 'dec-1',
    answer: null,
    requestId: 'r1',
  } as const

  it('is on the trail by its ids before it is kept, and is not kept without', async () => {
    const { notices, facts, metrics } = recorded()
    await notices.onComplaint(notice)
    const { id: complaint, ...about } = notice
    expect(facts).toEqual([{ event: 'complaint', complaint, ...about }])
    expect(await metrics.text()).not.toContain('sallyport_complaints_total{')
    await expect(recorded(true).notices.onComplaint(notice)).rejects.toThrow('the disk is full')
  })

  it('is counted once it is kept', async () => {
    const { notices, metrics } = recorded()
    notices.onComplaintKept({ ...notice, state: 'waiting', made: '2026-01-02T03:04:05.000Z' })
    expect(await metrics.text()).toContain(
      'sallyport_complaints_total{kind="appeal",verdict="down",reason="harmless"} 1',
    )
  })
})
