import { describe, expect, it } from 'vitest'
import type { ApprovalQuestion } from '../../../../../src/core/approvals.ts'
import type { Principal } from '../../../../../src/core/principal.ts'
import type { TellOfApproval } from '../../../../../src/gateway/authorize/approvals/ask-person.ts'
import { createApprovalDesk } from '../../../../../src/gateway/authorize/approvals/approval-desk.ts'
import { approvalsInMemory } from '../../../../support/policy/approvals-in-memory.ts'
import { verifies } from '../../../../support/verifies.ts'

const mia: Principal = { id: 'mia', kind: 'api-key', group: 'sales' }
const boss: Principal = { id: 'boss', kind: 'api-key', group: 'sales', scopes: ['approve'] }
const question: ApprovalQuestion = {
  digest: '0'.repeat(64),
  tool: 'run_sql',
  language: 'sql',
  source: 'shop',
  text: 'SELECT 1',
  editable: 'SELECT 1',
  rules: ['action/mail'],
  reason: 'Look at it.',
  requestId: 'r1',
}

async function deskWithOne(tell: TellOfApproval = async () => {}, asked: ApprovalQuestion = question) {
  const approvals = approvalsInMemory()
  await approvals.ask(mia, asked)
  const decided: string[] = []
  const onDecided = (id: string) => void decided.push(id)
  return { approvals, decided, desk: createApprovalDesk({ approvals: async () => approvals, tell, onDecided }) }
}

const allowing = { id: 'apr-1', decision: 'allowed', requestId: 'r2' } as const

describe('the approvals that a caller meets', () => {
  it.each<[string, Principal]>([
    ['to whoever asked', mia],
    ['to who may decide in the group', boss],
  ])('are shown %s', async (_whom, principal) => {
    const { desk } = await deskWithOne()
    expect(await desk.show(principal, 'apr-1')).toMatchObject({ text: 'SELECT 1' })
  })

  it('are listed as they are shown, and only as long as they wait', async () => {
    verifies('policy.approvers')
    const { desk } = await deskWithOne()
    const others = [
      { ...mia, id: 'tom' },
      { ...boss, group: 'payroll' },
      { ...boss, scopes: ['admin'] as const },
    ]
    for (const principal of others) expect(await desk.list(principal)).toEqual([])
    for (const principal of [mia, boss]) expect(await desk.list(principal)).toMatchObject([{ id: 'apr-1' }])
    await desk.decide(boss, allowing)
    expect(await desk.list(boss)).toEqual([])
  })

  it.each<[string, Principal, string]>([
    ['another caller of the group', { ...mia, id: 'tom' }, 'apr-1'],
    ['who may decide in another group', { ...boss, group: 'payroll' }, 'apr-1'],
    ['a key for operators', { ...boss, scopes: ['admin'] }, 'apr-1'],
    ['who guesses', boss, 'apr-2'],
  ])('are not there for %s', async (_whom, principal, id) => {
    verifies('policy.approvers')
    const { desk } = await deskWithOne()
    await expect(desk.show(principal, id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it.each<[string, Principal, string]>([
    ['whoever asked', mia, 'forbidden'],
    ['a token, which names no scopes', { ...mia, kind: 'token' }, 'forbidden'],
    ['who sends no credential', { id: 'anonymous', kind: 'anonymous', group: 'sales' }, 'forbidden'],
    ['who may decide in another group', { ...boss, group: 'payroll' }, 'not-found'],
  ])('are not decided by %s', async (_whom, principal, code) => {
    verifies('policy.approvers')
    const { approvals, desk } = await deskWithOne()
    await expect(desk.decide(principal, allowing)).rejects.toMatchObject({ code })
    expect(approvals.kept[0]?.state).toBe('pending')
  })

  it('are decided once by a key with the scope, who is named', async () => {
    verifies('policy.approvers')
    const { approvals, desk } = await deskWithOne()
    expect(await desk.decide(boss, allowing)).toMatchObject({ state: 'allowed', decidedBy: 'boss' })
    await expect(desk.decide(boss, { ...allowing, decision: 'refused' })).rejects.toMatchObject({ code: 'conflict' })
    expect(approvals.kept[0]?.state).toBe('allowed')
  })

  it('are told on the trail with whose decision counts, where two decide at a time', async () => {
    verifies('policy.approved-told')
    const told: unknown[] = []
    const { desk, decided } = await deskWithOne(async (event, { id }, { by, done }) => {
      told.push(done === undefined ? [event, id, by] : [event, id, by, done])
    })
    const other = { ...boss, id: 'other' }
    const ends = await Promise.allSettled([
      desk.decide(boss, allowing),
      desk.decide(other, { ...allowing, decision: 'refused' }),
    ])
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(told).toEqual([
      ['approval-allowed', 'apr-1', 'boss'],
      ['approval-refused', 'apr-1', 'other'],
      ['approval-allowed-end', 'apr-1', 'boss', true],
      ['approval-refused-end', 'apr-1', 'other', false],
    ])
    expect(decided).toEqual(['apr-1', 'apr-1'])
  })

  it('are not decided where the trail cannot be written', async () => {
    verifies('policy.approved-told')
    const { approvals, desk } = await deskWithOne(() => Promise.reject(new Error('full')))
    await expect(desk.decide(boss, allowing)).rejects.toThrow('full')
    expect(approvals.kept[0]?.state).toBe('pending')
  })
})

const editor: Principal = { ...mia, scopes: ['approve', 'sql'] }
const changing = { id: 'apr-1', decision: { changedTo: 'SELECT 2' }, requestId: 'r2' }

describe('another text in place of a call', () => {
  it('is taken from whoever asked, refuses the call, and is told on the trail without its words', async () => {
    verifies('policy.edited-by-the-asker', 'policy.approved-told')
    const told: unknown[] = []
    const { approvals, desk, decided } = await deskWithOne(async (event, _approval, { by, changed, done = null }) => {
      told.push([event, by, changed, done])
    })
    expect(await desk.show(editor, 'apr-1')).toMatchObject({ editable: 'SELECT 1' })
    expect(await desk.decide(editor, changing)).toMatchObject({ state: 'refused', decidedBy: 'mia' })
    expect(approvals.kept).toMatchObject([{ state: 'refused', changedTo: 'SELECT 2' }])
    expect(told).toEqual([
      ['approval-refused', 'mia', true, null],
      ['approval-refused-end', 'mia', true, true],
    ])
    expect(decided).toEqual(['apr-1'])
    await expect(desk.decide(editor, changing)).rejects.toMatchObject({ code: 'conflict' })
  })

  it.each<[string, Principal, Partial<ApprovalQuestion>, RegExp]>([
    ['who may decide in the group', { ...boss, scopes: ['approve', 'sql', 'execute'] }, {}, /Only whoever asked/],
    ['a key that may not decide', { ...mia, scopes: ['sql', 'execute'] }, {}, /no scope "approve"/],
    ['a key that may write no statements', { ...mia, scopes: ['approve', 'execute'] }, {}, /no scope "sql"/],
    ['a key that may write no programs', editor, { language: 'python' }, /no scope "execute"/],
  ])('is not taken from %s, and not offered', async (_whom, principal, own, says) => {
    verifies('policy.edited-by-the-asker')
    const { approvals, desk } = await deskWithOne(undefined, { ...question, ...own })
    expect(await desk.show(principal, 'apr-1')).not.toHaveProperty('editable')
    const refusal = { code: 'forbidden', message: expect.stringMatching(says) }
    await expect(desk.decide(principal, changing)).rejects.toMatchObject(refusal)
    expect(approvals.kept).toMatchObject([{ state: 'pending' }])
    expect(approvals.kept[0]).not.toHaveProperty('changedTo')
  })

  it('is not taken where the call takes none, nor for one that is not theirs to see', async () => {
    verifies('policy.edited-by-the-asker')
    const { editable: _, ...asItIs } = question
    const { approvals, desk } = await deskWithOne(undefined, asItIs)
    await expect(desk.decide(editor, changing)).rejects.toMatchObject({ code: 'invalid-request' })
    const other = { ...editor, id: 'tom', group: 'payroll' }
    await expect(desk.decide(other, changing)).rejects.toMatchObject({ code: 'not-found' })
    expect(approvals.kept).toMatchObject([{ state: 'pending' }])
  })
})
