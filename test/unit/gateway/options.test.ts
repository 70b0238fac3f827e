import { describe, expect, it } from 'vitest'
import { gatewayOptions, groupsInForce, isGranted } from '../../../src/gateway/options.ts'

const group = (given: object) => gatewayOptions.parse({ groups: { one: given } }).groups['one']
const ofName = (name: string) => gatewayOptions.safeParse({ groups: { [name]: {} } }).success

describe('a group that names nothing', () => {
  it('has the defaults that the documents give', () => {
    expect(group({})).toEqual({
      models: ['analyst'],
      hosted_tools: [],
      endpoints: [],
      limits: [],
      end_user_secret: null,
      tenant: 'default',
      tools: ['describe_data', 'run_sql', 'run_python', 'run_javascript'],
      data_sources: ['*'],
      filter_profile: 'default',
      privacy_profile: null,
      call_filter_profile: null,
      actions: 'off',
      reveal_sql: 'on-request',
      budget: {
        answer_tokens: null,
        steps: 12,
        tokens: 200_000,
        wall_ms: 300_000,
        corrections: 3,
        cost: null,
      },
      sandbox: {
        wall_ms: null,
        cpus: null,
        memory_mb: null,
        processes: null,
        open_files: null,
        file_mb: null,
        data_mb: null,
        temporary_mb: null,
        output_kb: null,
      },
      find_values: 'none',
      grounding: 'annotate',
      tier: null,
      show_routes: false,
      metrics: false,
      concurrent_requests: 4,
      tokens_per_day: 5_000_000,
    })
  })

  it('is what the local operator and the callers are in where no group is configured; keys are in the state directory', () => {
    const options = gatewayOptions.parse({})
    expect(options).toMatchObject({ keys_file: null, groups: { operator: group({}), default: group({}) } })
  })
})

describe('the groups in force', () => {
  it('give what collects metrics these and nothing else, unless a file says otherwise', () => {
    expect(groupsInForce(gatewayOptions.parse({}))['monitoring']).toEqual({
      ...group({}),
      metrics: true,
      models: [],
      tools: [],
      data_sources: [],
    })
    const own = gatewayOptions.parse({ groups: { monitoring: { models: ['*'] } } })
    expect(groupsInForce(own)['monitoring']).toMatchObject({ metrics: false, models: ['*'] })
  })

  it('give the person at the command line everything where a file names other groups only', () => {
    const inForce = groupsInForce(gatewayOptions.parse({ groups: { one: { tools: [] } } }))
    expect(Object.keys(inForce)).toEqual(['operator', 'monitoring', 'one'])
    expect(inForce['operator']).toEqual(group({}))
    const own = gatewayOptions.parse({ groups: { operator: { tools: [] } } })
    expect(groupsInForce(own)['operator']?.tools).toEqual([])
  })
})

describe('a setting of a group', () => {
  it.each<[string, (value: number) => object, number, number]>([
    ['budget.steps', (steps) => ({ budget: { steps } }), 1, 100],
    ['budget.tokens', (tokens) => ({ budget: { tokens } }), 1_000, 10_000_000],
    ['budget.wall_ms', (wall_ms) => ({ budget: { wall_ms } }), 1_000, 3_600_000],
    ['budget.corrections', (corrections) => ({ budget: { corrections } }), 0, 20],
    ['concurrent_requests', (concurrent_requests) => ({ concurrent_requests }), 1, 1_000],
    ['tokens_per_day', (tokens_per_day) => ({ tokens_per_day }), 1_000, 1_000_000_000],
  ])('%s is a whole number from the least to the most', (name, of, least, most) => {
    for (const value of [least, most]) expect(group(of(value))).toMatchObject(of(value))
    for (const value of [least - 1, most + 1, least + 0.5])
      expect(() => group(of(value))).toThrow(name.split('.').at(-1))
  })

  it.each([
    ['an unknown setting', 'model', { model: ['analyst'] }],
    ['an unknown tool', 'tools', { tools: ['run_ruby'] }],
    ['an unknown budget', 'dollars', { budget: { dollars: 5 } }],
    ['an unknown way to show SQL', 'reveal_sql', { reveal_sql: 'sometimes' }],
    ['a model without a name', 'models', { models: [''] }],
    ['a source without a name', 'data_sources', { data_sources: [''] }],
    ['a profile without a name', 'filter_profile', { filter_profile: '' }],
    ['a part of a MiB', 'memory_mb', { sandbox: { memory_mb: 1.5 } }],
    ['too few processes', 'processes', { sandbox: { processes: 31 } }],
    ['too little of a processor', 'cpus', { sandbox: { cpus: 0.05 } }],
  ])('is not %s', (_what, name, given) => {
    expect(() => group(given)).toThrow(name)
  })

  it('may be the least of a sandbox, and a part of a processor', () => {
    const sandbox = { wall_ms: 10, cpus: 0.1, memory_mb: 1, processes: 32, open_files: 128 }
    expect(group({ sandbox })?.sandbox).toMatchObject(sandbox)
  })
})

describe('the name of a group', () => {
  it.each([
    ['a', true],
    ['finance-2', true],
    [`a${'b'.repeat(63)}`, true],
    [`a${'b'.repeat(64)}`, false],
    ['', false],
    ['Finance', false],
    ['2finance', false],
    ['-finance', false],
    ['finance team', false],
    ['finance\n', false],
    [' finance', false],
  ])('may be %j: %s', (name, isFine) => {
    expect(ofName(name)).toBe(isFine)
  })
})

describe('a model is granted', () => {
  const granted = (groups: object) => isGranted('analyst', gatewayOptions.parse({ groups }))

  it('where a group that the configuration names lists it, or all', () => {
    expect(isGranted('analyst', gatewayOptions.parse({}))).toBe(true)
    expect(granted({ default: {} })).toBe(true)
    expect(granted({ one: { models: ['gpt-5'] }, two: { models: ['*'] } })).toBe(true)
  })

  it('and nowhere else: the group of the command line, which is always there, is for no caller of a service', () => {
    expect(granted({ one: { models: ['gpt-5'] }, two: { models: [] } })).toBe(false)
    expect(granted({})).toBe(false)
  })
})
