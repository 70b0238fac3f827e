import { describe, expect, it } from 'vitest'
import type { Approval, CallApprover } from '../../../src/core/approvals.ts'
import type { Admitted } from '../../../src/core/request.ts'
import { createActionPolicy } from '../../../src/gateway/authorize/action-policy.ts'
import { createAskPerson } from '../../../src/gateway/authorize/approvals/ask-person.ts'
import { DecisionWatch } from '../../../src/gateway/authorize/approvals/decision-watch.ts'
import { createAsk } from '../../../src/gateway/authorize/ask.ts'
import { createDecide } from '../../../src/gateway/authorize/decide.ts'
import { HeldCalls } from '../../../src/service/held-calls.ts'
import { createRunPermit } from '../../../src/service/run-permit.ts'
import type { ToolAction } from '../../../src/tools/permit.ts'
import { received } from '../../support/agent-events.ts'
import { approvalsInMemory } from '../../support/policy/approvals-in-memory.ts'
import { provenanceFor } from '../../support/provenance/run-provenance.ts'
import { shopWithStaff } from '../../support/provenance/shop-catalog.ts'
import { verifies } from '../../support/verifies.ts'

const never = new AbortController().signal

function statement(written: string): ToolAction {
  const about = { tool: 'run_sql', language: 'sql', columns: [], check: async () => [] } as const
  return { ...about, tables: ['public.staff'], text: written, written }
}

/** A run that asks about orders and has read rows; `rules` is what Rego says of each call. */
function open(rules: unknown, approver?: CallApprover) {
  const scopes = ['ask', 'approve'] as const
  const request = {
    ...received(),
    principal: { id: 'k1', kind: 'local', group: 'default', scopes },
    grant: { budget: {} },
    messages: [{ role: 'user', content: 'How many orders?' }],
  } as unknown as Admitted
  const approvals = approvalsInMemory()
  const engine = async () => ({
    patterns: async () => ({}),
    evaluate: async () => ({ revision: 'r', value: rules }),
  })
  const ask = createAsk({
    decide: createDecide({ engine, deadlineMilliseconds: 60_000 }),
    timeZone: 'UTC',
    onDecision: () => undefined,
  })
  const person = createAskPerson({
    approvals: async () => approvals,
    watch: new DecisionWatch(),
    waitMilliseconds: 0,
    personHere: () => 'cli:ann',
    tell: async () => {},
  })
  const { provenance, record, session, told } = provenanceFor({ request, catalog: shopWithStaff })
  record.add({ callId: 'c', tool: 'run_sql', text: 'read staff' })
  record.reads.nextTurn()
  const mayRun = createActionPolicy(ask, person)
  const held = new HeldCalls()
  const { permit } = createRunPermit({
    request,
    mayRun,
    record,
    programs: session.programs,
    provenance,
    held,
    approver,
  })
  return { permit, approvals, told, session, held }
}

const allowing = { allow: true, rules: [] }
const asking = { allow: false, ask: true, rules: ['z-rule'], reason: 'Look at it.' }
const sentence =
  'It reads public.staff, which nothing that you wrote speaks of, after the model has read rows of the database.'

describe('a call that data may have chosen', () => {
  it('waits for a person where rules allow it, as one that rules ask about', async () => {
    verifies('analyst.tables-of-the-question')
    const { permit, approvals } = open(allowing)
    await expect(permit(statement('SELECT 1 FROM staff'), never)).rejects.toMatchObject({
      code: 'approval-required',
      message: `A person has to allow this call before it runs: ${sentence}`,
    })
    expect(approvals.kept).toMatchObject([
      { rules: ['provenance/table-outside-plan'], reason: sentence, text: 'SELECT 1 FROM staff' },
    ])
  })

  it('is one question where rules want a person too', async () => {
    verifies('analyst.one-question')
    const { permit, approvals } = open(asking)
    await expect(permit(statement('SELECT 1 FROM staff'), never)).rejects.toMatchObject({ code: 'approval-required' })
    expect(approvals.kept).toMatchObject([
      { rules: ['provenance/table-outside-plan', 'z-rule'], reason: `Look at it. ${sentence}` },
    ])
  })

  it('is nobody’s to allow where rules refuse it', async () => {
    verifies('analyst.one-question')
    const { permit, approvals } = open({ allow: false, rules: ['a'], reason: 'Never.' })
    expect(await permit(statement('SELECT 1 FROM staff'), never)).toMatchObject({
      findings: [{ rule: 'policy/refused' }],
    })
    expect(approvals.kept).toEqual([])
  })

  it('runs once a person at the terminal has allowed it, and so does the next one that reads that table', async () => {
    const asked: Approval[] = []
    const { permit, session } = open(allowing, async (approval) => (asked.push(approval), 'allowed'))
    expect(await permit(statement('SELECT 1 FROM staff'), never)).toBe(null)
    expect(await permit(statement('SELECT 2 FROM staff'), never)).toBe(null)
    expect([asked.length, session.plan.kept]).toEqual([1, [{ source: '', tables: ['public.staff'] }]])
  })

  it('is refused by a person, and the same table then without asking them again', async () => {
    verifies('analyst.asked-once')
    const { permit, approvals } = open(allowing, async () => 'refused')
    const rules = []
    for (const number of [1, 2, 3]) {
      const answer = await permit(statement(`SELECT ${number} FROM staff`), never)
      rules.push(answer?.kind === 'refused' ? answer.findings[0]?.rule : answer)
    }
    const again = 'provenance/refused-before'
    expect(rules).toEqual(['policy/refused-by-a-person', again, again])
    expect(approvals.kept).toHaveLength(1)
  })

  it('is noted with what became of it, whoever wanted it asked', async () => {
    const became = async (rules: unknown, approver?: CallApprover) => {
      const { permit, held } = open(rules, approver)
      await permit(statement('SELECT 1 FROM staff'), never).catch(() => null)
      return held.all.map((call) => [call.outcome, call.rules, call.became])
    }
    const asked = 'provenance/table-outside-plan'
    expect(await became(allowing)).toEqual([['asked', [asked], 'undecided']])
    expect(await became(allowing, async () => 'allowed')).toEqual([['asked', [asked], 'ran']])
    expect(await became(allowing, async () => 'refused')).toEqual([['asked', [asked], 'refused']])
    expect(await became(allowing, async () => ({ changedTo: 'SELECT 2' }))).toEqual([['asked', [asked], 'undecided']])
    const { permit, held } = open(allowing, async () => 'refused')
    for (const number of [1, 2]) await permit(statement(`SELECT ${number} FROM staff`), never)
    expect(held.all.map(({ outcome, became: end }) => [outcome, end])).toEqual([
      ['asked', 'refused'],
      ['refused', 'refused'],
    ])
  })

  it('is noted where rules alone want a person, without the words of a rule', async () => {
    const { permit, held } = open(asking, async () => 'allowed')
    await permit({ ...statement('SELECT 1'), tables: [] }, never)
    expect(held.all).toMatchObject([{ outcome: 'asked', rules: ['z-rule'], reads: [], became: 'ran' }])
    expect(JSON.stringify(held.all)).not.toContain('Look at it')
    const unanswered = open(asking)
    await expect(unanswered.permit({ ...statement('SELECT 1'), tables: [] }, never)).rejects.toThrow('A person has')
    expect(unanswered.held.all).toMatchObject([{ outcome: 'asked', became: 'undecided' }])
  })

  it('is theirs where they write it anew', async () => {
    const { permit } = open(allowing, async () => ({ changedTo: 'SELECT 2 FROM staff' }))
    expect(await permit(statement('SELECT 1 FROM staff'), never)).toMatchObject({ kind: 'changed' })
    expect(await permit(statement('SELECT 2 FROM staff'), never)).toBe(null)
  })
})
