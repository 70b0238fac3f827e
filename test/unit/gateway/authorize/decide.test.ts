import { describe, expect, it } from 'vitest'
import { createDecide } from '../../../../src/gateway/authorize/decide.ts'
import type { PolicyEngine } from '../../../../src/gateway/authorize/engine.ts'
import { grantInput } from '../../../support/policy/inputs.ts'
import { verifies } from '../../../support/verifies.ts'

type Evaluate = (signal: AbortSignal) => Promise<unknown>

const engineOf =
  (evaluate: Evaluate): (() => Promise<PolicyEngine>) =>
  async () => ({
    patterns: async () => ({}),
    evaluate: async (_name, _input, signal) => ({ revision: 'r1', value: await evaluate(signal) }),
  })

/** Its clock stands still unless another is given. */
const deciding = (evaluate: Evaluate, clock: () => number = () => 0) =>
  createDecide({ engine: engineOf(evaluate), deadlineMilliseconds: 20, clock })

const allow = { allow: true, rules: [], restrict: [] }

describe('a decision', () => {
  it('is what the rules say, with the revision of the rules', async () => {
    const output = { allow: true, rules: ['a/b'], restrict: [{ rule: 'a/b', models: ['small'] }] }
    const decided = await deciding(async () => output)('grant', grantInput())
    expect(decided).toMatchObject({ name: 'grant', kind: 'decision', revision: 'r1', output })
  })

  it.each<[string, Evaluate]>([
    ['undefined', async () => undefined],
    ['null', async () => null],
    ['true', async () => true],
    ['a text', async () => 'allow'],
    ['a list', async () => [allow]],
    ['empty', async () => ({})],
    ['without its restrictions', async () => ({ allow: true, rules: [] })],
    ['without its rules', async () => ({ allow: true, restrict: [] })],
    ['"true" as a text', async () => ({ ...allow, allow: 'true' })],
    ['a refusal without a reason', async () => ({ allow: false, rules: [] })],
    ['a refusal with an empty reason', async () => ({ allow: false, rules: [], reason: '' })],
    ['allowed with a reason why not', async () => ({ ...allow, reason: 'no' })],
    ['with a member nobody knows', async () => ({ ...allow, except: ['interns'] })],
    ['with a restriction nobody knows', async () => ({ ...allow, restrict: [{ rule: 'a', model: ['small'] }] })],
    ['with a restriction of no rule', async () => ({ ...allow, restrict: [{ models: ['small'] }] })],
    ['with a tool that there is not', async () => ({ ...allow, restrict: [{ rule: 'a', tools: ['run_sqll'] }] })],
    ['with a right that is wider than any', async () => ({ ...allow, restrict: [{ rule: 'a', metrics: true }] })],
    ['with a limit that is no number', async () => ({ ...allow, restrict: [{ rule: 'a', budget: { steps: '3' } }] })],
    ['with a rule whose id would break a line of the log', async () => ({ ...allow, rules: ['a\nb'] })],
    ['thrown', () => Promise.reject(new Error('no such rule'))],
    ['never given', () => new Promise(() => undefined)],
  ])('that is %s is a fault, which refuses', async (_what, evaluate) => {
    verifies('policy.fails-closed')
    expect(await deciding(evaluate)('grant', grantInput())).toMatchObject({ kind: 'fault' })
  })

  it('that comes after its time is a fault, whatever it says', async () => {
    let now = 0
    const late = deciding(
      async () => {
        now += 21
        return allow
      },
      () => now,
    )
    expect(await late('grant', grantInput())).toMatchObject({ kind: 'fault', fault: 'the decision took too long' })
  })

  it('tells what evaluates it when its time is over', async () => {
    let told: unknown = null
    await deciding((signal) => {
      signal.addEventListener('abort', () => (told = signal.reason))
      return new Promise(() => undefined)
    })('grant', grantInput())
    expect(told).toMatchObject({ name: 'TimeoutError' })
  })

  it('is a fault where no rules can be opened', async () => {
    const decide = createDecide({ engine: () => Promise.reject(new Error('gone')), deadlineMilliseconds: 20 })
    expect(await decide('grant', grantInput())).toMatchObject({ kind: 'fault', revision: null })
  })
})
