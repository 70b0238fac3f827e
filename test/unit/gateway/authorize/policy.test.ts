import { describe, expect, it } from 'vitest'
import type { PolicyNotice } from '../../../../src/core/facts.ts'
import { createAsk } from '../../../../src/gateway/authorize/ask.ts'
import { createDecide } from '../../../../src/gateway/authorize/decide.ts'
import type { Evaluated } from '../../../../src/gateway/authorize/engine.ts'
import { createGrantFor } from '../../../../src/gateway/authorize/groups.ts'
import { createPolicyGrantFor } from '../../../../src/gateway/authorize/policy.ts'
import { gatewayOptions } from '../../../../src/gateway/options.ts'
import { sandboxCeilings } from '../../../support/sandbox/sandbox-ceilings.ts'
import { verifies } from '../../../support/verifies.ts'

const { groups } = gatewayOptions.parse({ groups: { default: { models: ['*'] } } })
const configured = createGrantFor({
  groups,
  dataSources: ['shop'],
  models: ['analyst', 'small'],
  sandboxCeilings,
  processors: 8,
})
const principal = { id: 'k1', kind: 'api-key', group: 'default' } as const

/** The grants of rules that always say this, what they were asked, and what is told of it. */
function policyThat(says: () => unknown, tenantOf?: (group: string) => string | null) {
  const asked: unknown[] = []
  const notices: PolicyNotice[] = []
  const evaluate = async (_name: string, input: unknown): Promise<Evaluated> => {
    asked.push(input)
    return { revision: 'r1', value: says() }
  }
  const engine = async () => ({ evaluate, patterns: async () => ({}) })
  const ask = createAsk({
    decide: createDecide({ engine, deadlineMilliseconds: 1_000 }),
    timeZone: 'UTC',
    ...(tenantOf === undefined ? {} : { tenantOf }),
    onDecision: (notice) => notices.push(notice),
    now: () => new Date('2026-03-02T14:30:00Z'),
  })
  const grantFor = createPolicyGrantFor(ask, configured)
  return { grantFor, asked, notices }
}

describe('a grant by rules', () => {
  it('is that of the group where they take nothing', async () => {
    const { grantFor } = policyThat(() => ({ allow: true, rules: [], restrict: [] }))
    expect(await grantFor(principal, 'http')).toEqual(configured(principal))
  })

  it('is what they leave of it', async () => {
    const restrict = [{ rule: 'a', models: ['small'], tools: ['run_sql'] }]
    const { grantFor } = policyThat(() => ({ allow: true, rules: ['a'], restrict }))
    expect(await grantFor(principal, 'http')).toEqual({
      ...configured(principal),
      models: ['small'],
      tools: ['run_sql'],
    })
  })

  it('asks with who, where, when, and what the group has', async () => {
    const { grantFor, asked } = policyThat(() => ({ allow: true, rules: [], restrict: [] }))
    await grantFor(principal, 'cli')
    expect(asked).toMatchObject([
      {
        principal: { ...principal, tenant: null },
        channel: 'cli',
        time: { zone: 'UTC', date: '2026-03-02', weekday: 'monday', hour: 14, minute: 30 },
        granted: { models: ['analyst', 'small'], languages: ['sql', 'python', 'javascript'], data_sources: ['shop'] },
      },
    ])
  })

  it('asks with the tenant of the group, and with the person for whom an application asks', async () => {
    verifies('policy.who')
    const tenantOf = (group: string): string => `of-${group}`
    const { grantFor, asked } = policyThat(() => ({ allow: true, rules: [], restrict: [] }), tenantOf)
    await grantFor({ ...principal, endUser: 'ann' }, 'http')
    await grantFor(principal, 'http')
    expect(asked).toMatchObject([
      { principal: { ...principal, tenant: 'of-default', end_user: 'ann' } },
      { principal: { ...principal, tenant: 'of-default', end_user: null } },
    ])
  })

  it('is refused with the reason of the rule, and the rule to ask about', async () => {
    const { grantFor } = policyThat(() => ({ allow: false, rules: ['own/night'], reason: 'Not at night.' }))
    await expect(grantFor(principal, 'http')).rejects.toThrow(
      expect.objectContaining({
        code: 'forbidden',
        message: 'Policy refuses: Not at night.',
        advice: 'Ask the operator about own/night.',
      }),
    )
  })

  it('is refused where there is no decision, without what was wrong inside', async () => {
    verifies('policy.fails-closed')
    const { grantFor } = policyThat(() => {
      throw new Error('secret detail')
    })
    await expect(grantFor(principal, 'http')).rejects.toThrow(
      expect.objectContaining({
        code: 'forbidden',
        message: 'No decision could be made about this request, so it is refused.',
      }),
    )
  })

  it('is told with the revision and the rules, and nothing of what was asked', async () => {
    verifies('policy.told')
    const says = [
      () => ({ allow: true, rules: ['b', 'a'], restrict: [] }),
      () => ({ allow: false, rules: ['c'], reason: 'no' }),
      () => undefined,
    ]
    const { grantFor, notices } = policyThat(() => says.shift()?.())
    await grantFor(principal, 'http')
    await expect(grantFor(principal, 'http', 'r7')).rejects.toMatchObject({ code: 'forbidden' })
    await expect(grantFor(principal, 'http')).rejects.toMatchObject({ code: 'forbidden' })
    const told = { decision: 'grant', requestId: null, principal: 'k1', group: 'default', revision: 'r1' }
    const milliseconds = expect.any(Number) as number
    expect(notices).toEqual([
      { ...told, milliseconds, allowed: true, rules: ['a', 'b'], fault: null },
      { ...told, milliseconds, requestId: 'r7', allowed: false, rules: ['c'], fault: null },
      { ...told, milliseconds, allowed: false, rules: [], fault: { what: 'no rule gives a decision', cause: null } },
    ])
  })

  it('asks no rules about a group that there is not', async () => {
    const { grantFor, asked } = policyThat(() => ({ allow: true, rules: [], restrict: [] }))
    await expect(grantFor({ ...principal, group: 'gone' }, 'http')).rejects.toMatchObject({ code: 'forbidden' })
    expect(asked).toEqual([])
  })
})
