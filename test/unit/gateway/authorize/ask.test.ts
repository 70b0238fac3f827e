import { describe, expect, it } from 'vitest'
import type { PolicyNotice } from '../../../../src/core/facts.ts'
import { createAsk, noDecision } from '../../../../src/gateway/authorize/ask.ts'
import type { Decide } from '../../../../src/gateway/authorize/decide.ts'
import type { DecisionInput } from '../../../../src/gateway/authorize/decisions.ts'

const principal = { id: 'k1', kind: 'api-key', group: 'finance', scopes: ['ask'] } as const
const action: DecisionInput<'action'>['action'] = {
  tool: 'run_sql',
  language: 'sql',
  source: 'shop',
  tables: [],
  columns: [],
  provenance: ['user'],
  spent: { tokens: 3, cost: null },
  budget: { cost: null },
  call: null,
}

/** What comes of asking about an action where the rules answer this. */
async function asked(output: object, about: { readonly refusal?: 'refused'; readonly requestId?: string } = {}) {
  const [notices, recorded]: [PolicyNotice[], unknown[]] = [[], []]
  const told = { name: 'action', revision: 'r1', milliseconds: 4 } as const
  const decide = async (...given: unknown[]) => {
    recorded.push(['decided', ...given])
    return { ...told, ...output }
  }
  const ask = createAsk({
    decide: decide as unknown as Decide,
    timeZone: 'Asia/Tokyo',
    onDecision: (notice) => notices.push(notice),
    record: (...given) => recorded.push(['recorded', ...given]),
    now: () => new Date('2026-03-02T20:30:00Z'),
  })
  const given = { principal, channel: 'http', requestId: null, refusal: 'forbidden', ...about } as const
  const answer = await ask('action', given, (who) => ({ ...who, action })).catch((thrown: unknown) => thrown)
  return { answer, notices, recorded }
}
const decision = (output: object) => ({ kind: 'decision', output })
const told = { decision: 'action', requestId: null, principal: 'k1', group: 'finance', revision: 'r1', milliseconds: 4 }

describe('rules that are asked', () => {
  it('are told who asks, where and when, and what about; it is recorded before they answer', async () => {
    const { answer, notices, recorded } = await asked(decision({ allow: true, rules: ['b', 'a'] }))
    expect(answer).toEqual({ allow: true, rules: ['b', 'a'] })
    const input = {
      principal: { id: 'k1', kind: 'api-key', group: 'finance', tenant: null, end_user: null },
      channel: 'http',
      time: { zone: 'Asia/Tokyo', date: '2026-03-03', weekday: 'tuesday', hour: 5, minute: 30 },
      action,
    }
    expect(recorded).toEqual([
      ['recorded', 'action', input],
      ['decided', 'action', input],
    ])
    expect(notices).toEqual([{ ...told, allowed: true, rules: ['a', 'b'], fault: null }])
  })

  it.each<readonly [object, object, object]>([
    [
      { rules: ['b', 'a'] },
      {},
      { code: 'forbidden', message: 'Policy refuses: no', advice: 'Ask the operator about a, b.' },
    ],
    [{ rules: [] }, {}, { code: 'forbidden', advice: 'Ask the operator about the rules of this service.' }],
    [{ rules: ['a'] }, { refusal: 'refused' }, { code: 'refused', message: 'Policy refuses: no' }],
  ])('refuse by %j with the code that was asked for: %j', async (output, about, refused) => {
    const { answer, notices } = await asked(decision({ allow: false, reason: 'no', ...output }), about)
    expect(answer).toMatchObject(refused)
    expect(notices).toMatchObject([{ allowed: false, fault: null }])
  })

  it('refuse where there is no decision, and what was wrong is told to the operator alone', async () => {
    const cause = new Error('inside')
    const { answer, notices } = await asked({ kind: 'fault', fault: 'late', cause }, { requestId: 'r7' })
    expect(answer).toEqual(noDecision())
    expect(notices).toEqual([{ ...told, requestId: 'r7', allowed: false, rules: [], fault: { what: 'late', cause } }])
    expect(noDecision()).toMatchObject({
      code: 'forbidden',
      message: 'No decision could be made about this request, so it is refused.',
      advice: 'Ask the operator: the log says what is wrong with the policy.',
    })
  })
})
