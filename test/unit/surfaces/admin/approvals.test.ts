import { describe, expect, it } from 'vitest'
import type { ApprovalQuestion } from '../../../../src/core/approvals.ts'
import { startAdmin } from '../../../support/http/admin-service.ts'
import { approvalsInMemory } from '../../../support/policy/approvals-in-memory.ts'
import { verifies } from '../../../support/verifies.ts'

const question: ApprovalQuestion = {
  digest: '0'.repeat(64),
  tool: 'run_sql',
  language: 'sql',
  source: 'shop',
  text: 'SELECT 1',
  rules: ['action/mail'],
  reason: 'Look at it.',
  requestId: 'r1',
}

async function withTwo() {
  const approvals = approvalsInMemory()
  await approvals.ask({ id: 'mia', group: 'sales' }, question)
  await approvals.ask({ id: 'tom', group: 'payroll' }, { ...question, digest: '1'.repeat(64) })
  const service = await startAdmin({ approvals })
  const approver = { authorization: `Bearer ${await service.makeKey(['admin', 'approve'])}` }
  const post = async (path: string, body: object, headers = {}) =>
    service.ask('POST', `/admin/v1/approvals/${path}`, body, headers)
  return { approvals, service, approver, post, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() }
}

describe('the approvals of every group, for an operator', () => {
  it('are listed without what would run, and opened one by one, which is on the trail before', async () => {
    verifies('approvals.operators')
    await using made = await withTwo()
    const listed = await (await made.service.ask('GET', '/admin/v1/approvals')).text()
    const { data } = JSON.parse(listed) as { data: readonly { id: string; group: string }[] }
    expect(data.map(({ id, group }) => [id, group])).toEqual([
      ['apr-1', 'sales'],
      ['apr-2', 'payroll'],
    ])
    expect(listed).not.toContain('SELECT')
    const opened = await (await made.post('apr-2/reading', {})).json()
    expect(opened).toMatchObject({ text: 'SELECT 1', reason: 'Look at it.' })
    expect(made.service.changes[0]).toMatchObject({ action: 'approvals.read', target: 'apr-2', done: null })
    expect((await made.post('apr-9/reading', {})).status).toBe(404)
  })

  it('are decided by who has the scope approve as well, once, and the trail and the process are told', async () => {
    verifies('approvals.operators')
    await using made = await withTwo()
    const { approver, service } = made
    const denied = await made.post('apr-1/decision', { verdict: 'allow' })
    expect([denied.status, made.approvals.kept[0]?.state]).toEqual([403, 'pending'])
    expect(service.approvalEvents).toEqual([])
    const allowed = await made.post('apr-1/decision', { verdict: 'allow' }, approver)
    expect(await allowed.json()).toMatchObject({ id: 'apr-1', state: 'allowed' })
    const refused = await made.post('apr-2/decision', { verdict: 'refuse' }, approver)
    expect(await refused.json()).toMatchObject({ id: 'apr-2', state: 'refused' })
    const again = await made.post('apr-1/decision', { verdict: 'refuse' }, approver)
    expect(await again.json()).toMatchObject({ code: 'conflict' })
    const by = made.approvals.kept[0]?.decidedBy
    expect(by).toMatch(/./)
    expect(service.approvalEvents.slice(0, 3)).toEqual([
      `approval-allowed apr-1 by ${by}`,
      `approval-allowed-end apr-1 by ${by}`,
      'decided apr-1',
    ])
    const waiting = await (await service.ask('GET', '/admin/v1/approvals')).json()
    expect(waiting).toEqual({ data: [], next: null })
    const all = (await (await service.ask('GET', '/admin/v1/approvals?state=all&limit=1')).json()) as { next: string }
    expect(all).toMatchObject({ data: [{ id: 'apr-1', state: 'allowed' }], next: 'apr-1' })
  })
})
