import { describe, expect, it } from 'vitest'
import type { ShadowNotice } from '../../../../../src/core/facts.ts'
import { createAsk } from '../../../../../src/gateway/authorize/ask.ts'
import { createDecide, type Decide } from '../../../../../src/gateway/authorize/decide.ts'
import { createCompareWithShadow } from '../../../../../src/gateway/authorize/shadow/compare.ts'
import { grantInput } from '../../../../support/policy/inputs.ts'
import { verifies } from '../../../../support/verifies.ts'

const principal = { id: 'k1', kind: 'api-key', group: 'default' } as const
const about = { principal, channel: 'http', requestId: 'r1', refusal: 'forbidden' } as const

const saying = (revision: string, value: () => Promise<unknown>): Decide =>
  createDecide({
    engine: async () => ({ evaluate: async () => ({ revision, value: await value() }) }),
    deadlineMilliseconds: 250,
  })

/** A caller is answered by the rules in force, and these notices are told of the shadow rules, in the end. */
async function askedOf(inForce: unknown, shadow: () => Promise<unknown>, times = 1, mostWaiting = 256) {
  const notices: ShadowNotice[] = []
  const told = Promise.withResolvers<void>()
  const compare = createCompareWithShadow({
    decide: saying('shadow', shadow),
    mostWaiting,
    onCompared: (notice) => {
      notices.push(notice)
      if (notices.length === times) told.resolve()
    },
  })
  const decide = saying('r1', async () => inForce)
  const ask = createAsk({ decide, timeZone: 'UTC', onDecision: () => undefined, compare })
  const answers: boolean[] = []
  for (let count = 0; count < times; count += 1) {
    answers.push(
      await ask('grant', about, () => grantInput()).then(
        () => true,
        () => false,
      ),
    )
  }
  await told.promise
  return { answers, notices }
}

const allow = { allow: true, rules: ['a', 'b'], restrict: [] }
const refuse = { allow: false, rules: ['c'], reason: 'It is no.' }
const told = { decision: 'grant', requestId: 'r1', principal: 'k1', group: 'default' }

describe('rules that are tried beside those in force', () => {
  it.each([
    ['refuse what is allowed', allow, refuse, true],
    ['allow what is refused', refuse, allow, false],
    ['take more', allow, { ...allow, restrict: [{ rule: 'a', models: [] }] }, true],
  ])('decide nothing where they %s, and what differs is told', async (_what, inForce, shadow, isAllowed) => {
    verifies('policy.shadow')
    const { answers, notices } = await askedOf(inForce, async () => shadow)
    expect(answers).toEqual([isAllowed])
    const outcome = (rules: { readonly allow: boolean }) => (rules.allow ? 'allowed' : 'refused')
    expect(notices).toEqual([
      {
        ...told,
        result: 'different',
        inForce: { outcome: outcome(inForce), revision: 'r1', rules: inForce.rules },
        shadow: { outcome: outcome(shadow), revision: 'shadow', rules: shadow.rules },
        fault: null,
      },
    ])
  })

  it('say the same in whatever order', async () => {
    const { notices } = await askedOf(allow, async () => ({ ...allow, rules: ['b', 'a'] }))
    expect(notices).toMatchObject([{ result: 'same' }])
  })

  it.each<[string, () => Promise<unknown>]>([
    ['throw', () => Promise.reject(new Error('broken'))],
    ['never answer', () => new Promise(() => undefined)],
    ['answer what is none', async () => 'allow'],
  ])('touch no request where they %s, and it is told', async (_what, shadow) => {
    verifies('policy.shadow')
    const { answers, notices } = await askedOf(allow, shadow)
    expect(answers).toEqual([true])
    expect(notices).toMatchObject([{ result: 'fault', inForce: { outcome: 'allowed' }, shadow: { outcome: 'fault' } }])
  })

  it('are passed over while too many questions wait for them', async () => {
    const slow = () => new Promise((resolve) => setTimeout(() => resolve(allow), 5))
    const { answers, notices } = await askedOf(allow, slow, 3, 1)
    expect(answers).toEqual([true, true, true])
    expect(notices.map(({ result }) => result)).toEqual(['skipped', 'skipped', 'same'])
  })
})
