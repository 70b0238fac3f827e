import { describe, expect, it } from 'vitest'
import { decisions } from '../../../../src/gateway/authorize/decisions.ts'

const takes = (name: keyof typeof decisions, output: unknown): boolean =>
  decisions[name].output.safeParse(output).success
const names = ['grant', 'payload', 'action', 'content'] as const
const allowing = {
  grant: { allow: true, rules: [], restrict: [] },
  payload: { allow: true, rules: [] },
  action: { allow: true, rules: [] },
  content: { allow: true, rules: [], tighten: [] },
}
const refusing = { allow: false, rules: ['own/night'], reason: 'Not at night.' }
const restrict = (own: object) => ({ allow: true, rules: [], restrict: [{ rule: 'a', ...own }] })

describe('what rules may answer', () => {
  it('comes from the entry points that the documents name', () => {
    expect(names.map((name) => decisions[name].entryPoint)).toEqual([
      'sallyport/grant/decision',
      'sallyport/payload/decision',
      'sallyport/action/decision',
      'sallyport/content/decision',
    ])
  })

  it.each(names)('to the question of a %s is a yes or a no, of these members and no other', (name) => {
    expect([takes(name, allowing[name]), takes(name, refusing)]).toEqual([true, true])
    for (const answer of [undefined, null, true, {}, [], { allow: 'true', rules: [] }])
      expect(takes(name, answer)).toBe(false)
    for (const answer of [allowing[name], refusing]) {
      expect(takes(name, { ...answer, later: 1 })).toBe(false)
      expect(takes(name, { ...answer, rules: undefined })).toBe(false)
    }
    expect(takes(name, { ...refusing, reason: undefined })).toBe(false)
  })

  it.each([
    ['a', true],
    ['0/A_b.c:d-e', true],
    [`a${'b'.repeat(199)}`, true],
    [`a${'b'.repeat(200)}`, false],
    ['A', false],
    ['/a', false],
    ['', false],
    ['a b', false],
    ['a\n', false],
    [' a', false],
  ])('names the rule %j: %s', (rule, expected) => {
    expect(takes('payload', { allow: true, rules: [rule] })).toBe(expected)
  })

  it('has no more rules, restrictions and letters than anybody reads', () => {
    const rules = (count: number) => Array.from({ length: count }, () => 'a')
    expect([
      takes('action', { allow: true, rules: rules(200) }),
      takes('action', { allow: true, rules: rules(201) }),
    ]).toEqual([true, false])
    const many = (count: number) => ({ allow: true, rules: [], restrict: rules(count).map((rule) => ({ rule })) })
    expect([takes('grant', many(200)), takes('grant', many(201))]).toEqual([true, false])
    const reason = (length: number) => ({ ...refusing, reason: 'x'.repeat(length) })
    expect([0, 1, 500, 501].map((length) => takes('grant', reason(length)))).toEqual([false, true, true, false])
  })

  it.each([
    {},
    { models: ['small'] },
    { models: ['x'.repeat(256)] },
    { models: Array.from({ length: 10_000 }, () => 'x') },
    { tools: ['describe_data', 'run_sql', 'run_python', 'run_javascript'] },
    { hosted_tools: [], data_sources: ['shop'], languages: ['sql', 'python', 'javascript'] },
    { budget: { steps: 1, tokens: 0, wall_ms: 1_000, corrections: 2, cost: 5 } },
    { budget: {} },
    { sandbox: { memory_mb: 1 } },
    { reveal_sql: 'never' },
    { reveal_sql: 'on-request' },
    { find_values: 'none' },
    { find_values: 'own' },
    { find_values: 'group' },
    { grounding: 'annotate' },
    { grounding: 'block' },
    { routes: { r: ['a', 'b'], s: [] } },
    { show_routes: false },
    { metrics: false },
  ])('may leave of a grant at most %j', (own) => {
    expect(takes('grant', restrict(own))).toBe(true)
  })

  it.each([
    { rule: undefined },
    { models: [''] },
    { models: ['x'.repeat(257)] },
    { models: Array.from({ length: 10_001 }, () => 'x') },
    { models: 'small' },
    { tools: ['run_ruby'] },
    { languages: ['bash'] },
    { budget: { dollars: 1 } },
    { budget: { steps: '1' } },
    ...['steps', 'tokens', 'wall_ms', 'corrections', 'cost'].flatMap((name) => [
      { budget: { [name]: -1 } },
      { budget: { [name]: 0.5 } },
    ]),
    { sandbox: { processes: 31 } },
    { sandbox: { wall_ms: 10.5 } },
    { sandbox: { cpus: 0.05 } },
    { sandbox: { memory_mb: 0 } },
    { sandbox: { memory_mb: -1 } },
    { sandbox: { gpus: 1 } },
    { reveal_sql: 'always' },
    { find_values: 'all' },
    { grounding: 'off' },
    { routes: { r: 'a' } },
    { show_routes: true },
    { metrics: true },
    { later: 1 },
  ])('may not say %j of a grant', (own) => {
    expect(takes('grant', restrict(own))).toBe(false)
  })

  it('may demand profiles of a payload, by their names', () => {
    const demand = (own: unknown) => takes('payload', { allow: true, rules: [], demand: own })
    expect([{}, { privacy_profile: 'strict' }, { filter_profile: 'strict' }].map(demand)).toEqual([true, true, true])
    for (const own of [null, { privacy_profile: '' }, { filter_profile: '' }, { later: 'x' }])
      expect(demand(own)).toBe(false)
    expect(takes('action', { allow: true, rules: [], demand: {} })).toBe(false)
  })

  it.each([
    [{ action: 'mask', reason: 'x' }, true],
    [{ action: 'block', reason: 'x', categories: ['toxicity'], least_score: 0.5 }, true],
    [{ action: 'allow', reason: 'x' }, false],
    [{ action: 'mask' }, false],
    [{ action: 'mask', reason: '' }, false],
    [{ action: 'mask', reason: 'x', least_score: 2 }, false],
    [{ action: 'mask', reason: 'x', category: 'toxicity' }, false],
  ])('wants %j of a text at least: %s', (own, expected) => {
    expect(takes('content', { allow: true, rules: [], tighten: [{ rule: 'a', ...own }] })).toBe(expected)
  })
})
