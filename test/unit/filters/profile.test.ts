import { describe, expect, it } from 'vitest'
import { filtersOptions } from '../../../src/filters/options.ts'
import {
  decide,
  defaultProfile,
  filterActions,
  profileSchema,
  ruleFor,
  type FilterProfile,
} from '../../../src/filters/profile.ts'
import { verifies } from '../../support/verifies.ts'

const finding = { part: 0, start: 0, end: 4, category: 'pii/email', score: 0.5, detector: 'finder@1' }

describe('the profile of a group that names none', () => {
  it.each([
    ['secret/jwt', 'mask', 'mask'],
    ['pii/email', 'allow', 'mask'],
    ['sql-leak/code', 'allow', 'mask'],
    ['link/inline', 'allow', 'mask'],
    ['new/kind', 'mask', 'mask'],
    ['new', 'mask', 'mask'],
    ['toxicity/hate', 'allow', 'allow'],
    ['leak/canary', 'allow', 'allow'],
    ['guard/anything', 'allow', 'allow'],
  ])('does with %s: %s on the way in, %s on the way out', (category, inbound, outbound) => {
    for (const [direction, action] of [['inbound', inbound], ['outbound', outbound]] as const) {
      const decision = decide(defaultProfile, direction, { ...finding, category })
      expect(decision).toEqual({
        ...finding, category, direction, profileVersion: 1, decided: action, enforced: true, effective: action,
      })
    }
  }) // prettier-ignore

  it('is a profile, and what an empty one lacks is masked', () => {
    expect(profileSchema.parse(defaultProfile)).toEqual(defaultProfile)
    const empty = profileSchema.parse({})
    expect(empty).toEqual({ version: 1, inbound: {}, outbound: {} })
    expect(decide(empty, 'inbound', finding).effective).toBe('mask')
  })
})

describe('a rule', () => {
  it('masks what is half sure, and is enforced, where it says nothing else', () => {
    expect(profileSchema.parse({ outbound: { pii: {} } }).outbound['pii']).toEqual({
      threshold: 0.5,
      action: 'mask',
      mode: 'enforce',
    })
  })

  it.each([
    [0.69, 'allow'],
    [0.7, 'block'],
    [0.71, 'block'],
  ])('with a threshold of 0.7 does with what is %d sure: %s', (score, decided) => {
    const profile = profileSchema.parse({ outbound: { pii: { threshold: 0.7, action: 'block' } } })
    expect(decide(profile, 'outbound', { ...finding, score })).toMatchObject({ decided, effective: decided })
  })

  it.each(filterActions)('in shadow mode does nothing, and says %s', (action) => {
    const direction = action === 'human' ? 'inbound' : 'outbound'
    const profile = profileSchema.parse({ version: 3, [direction]: { pii: { action, mode: 'shadow' } } })
    expect(decide(profile, direction, finding)).toMatchObject({
      decided: action,
      enforced: false,
      effective: 'allow',
      profileVersion: 3,
    })
  })

  it('of the exact category goes before that of its kind, and another direction has none', () => {
    const profile = profileSchema.parse({
      outbound: { pii: { action: 'block' }, 'pii/email': { action: 'annotate' } },
    })
    const actionFor = (of: FilterProfile, category: string) => ruleFor(of, 'outbound', category).action
    expect(actionFor(profile, 'pii/email')).toBe('annotate')
    expect(actionFor(profile, 'pii/card')).toBe('block')
    expect(actionFor(profile, 'pii')).toBe('block')
    expect(ruleFor(profile, 'inbound', 'pii/email').action).toBe('mask')
  })

  it.each([
    ['pii', true],
    ['pii/email', true],
    ['sql-leak', true],
    ['sql-leak/private-code', true],
    ['', false],
    ['PII', false],
    ['pii/', false],
    ['/email', false],
    ['pii/email/x', false],
    ['pii email', false],
    [' pii', false],
    ['pii-', false],
    ['-pii', false],
    ['pii1', false],
  ])('is for a category such as %j: %s', (category, isOne) => {
    expect(profileSchema.safeParse({ outbound: { [category]: {} } }).success).toBe(isOne)
    expect(profileSchema.safeParse({ inbound: { [category]: {} } }).success).toBe(isOne)
  })

  it.each([
    [{ threshold: 0 }, true],
    [{ threshold: 1 }, true],
    [{ threshold: -0.1 }, false],
    [{ threshold: 1.1 }, false],
    [{ action: 'allow' }, true],
    [{ action: 'annotate' }, true],
    [{ action: 'mask' }, true],
    [{ action: 'block' }, true],
    [{ action: 'drop' }, false],
    [{ mode: 'enforce' }, true],
    [{ mode: 'shadow' }, true],
    [{ mode: 'off' }, false],
    [{ acton: 'mask' }, false],
    [{ action: 'regenerate' }, true],
    [{ action: 'human' }, false],
    [{ on_failure: 'open' }, true],
    [{ on_failure: 'ajar' }, false],
    [{ combine: 'any' }, true],
    [{ combine: 'all' }, false],
    [{ combine: 'quorum' }, false],
    [{ combine: 'quorum', quorum: 2 }, true],
    [{ combine: 'quorum', quorum: 0 }, false],
    [{ quorum: 2 }, false],
    [{ combine: 'quorum', quorum: 2, detectors: { one: 1 } }, false],
    [{ combine: 'quorum', quorum: 2, detectors: { one: 1, two: 1 } }, true],
    [{ combine: 'weighted' }, false],
    [{ combine: 'first' }, false],
    [{ combine: 'first', detectors: {} }, false],
    [{ combine: 'first', detectors: { one: 1 } }, true],
    [{ combine: 'weighted', detectors: { one: 0.5 } }, true],
    [{ combine: 'weighted', detectors: { one: 0 } }, false],
    [{ detectors: { 'One@1': 1 } }, false],
  ])('such as %j is read: %s', (rule, isRead) => {
    expect(profileSchema.safeParse({ outbound: { pii: rule } }).success).toBe(isRead)
  })

  it.each([
    [{ version: 1 }, true],
    [{ version: 0 }, false],
    [{ version: 1.5 }, false],
    [{ outbond: {} }, false],
  ])('of a profile such as %j is read: %s', (profile, isRead) => {
    expect(profileSchema.safeParse(profile).success).toBe(isRead)
  })
})

describe('a rule for what a model is sent', () => {
  it.each([
    ['human', true],
    ['regenerate', false],
  ])('has the action %s: %s', (action, isRead) => {
    expect(profileSchema.safeParse({ inbound: { toxicity: { action } } }).success).toBe(isRead)
  })
})

describe('a profile that extends another one', () => {
  const strict = {
    inbound: { toxicity: { action: 'block', threshold: 0.6 } },
    outbound: { 'pii/email': { action: 'block' } },
  }
  const read = (profiles: object) => filtersOptions.safeParse({ profiles })
  const messagesOf = (profiles: object) =>
    read(profiles).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)

  it('has its rules and its own', () => {
    const { profiles } = filtersOptions.parse({
      profiles: {
        child: { version: 4, extends: 'strict', outbound: { pii: { action: 'block' } } },
        strict,
        grandchild: { extends: 'child', inbound: { toxicity: { action: 'block' } } },
      },
    })
    expect(profiles['child']).toEqual({
      version: 4,
      extends: 'strict',
      inbound: { toxicity: { action: 'block', threshold: 0.6, mode: 'enforce' } },
      outbound: {
        pii: { action: 'block', threshold: 0.5, mode: 'enforce' },
        'pii/email': { action: 'block', threshold: 0.5, mode: 'enforce' },
      },
    })
    expect(profiles['grandchild']?.inbound['toxicity']?.threshold).toBe(0.5)
    expect(profiles['grandchild']?.outbound).toEqual(profiles['child']?.outbound)
  })

  it('may extend the one that is always there', () => {
    const { profiles } = filtersOptions.parse({ profiles: { child: { extends: 'default' } } })
    expect(profiles['child']?.inbound).toEqual(defaultProfile.inbound)
  })

  it.each([
    [{ toxicity: { action: 'mask', threshold: 0.6 } }, false],
    [{ toxicity: { action: 'block', threshold: 0.7 } }, false],
    [{ toxicity: { action: 'block', mode: 'shadow' } }, false],
    [{ toxicity: { action: 'block', on_failure: 'open' } }, false],
    [{ toxicity: { action: 'block', detectors: { one: 1 } } }, false],
    [{ toxicity: { action: 'block', combine: 'quorum', quorum: 2 } }, false],
    [{ 'toxicity/hate': { action: 'allow' } }, false],
    [{ pii: { action: 'annotate' } }, false],
    [{ toxicity: { action: 'block', threshold: 0.6 } }, true],
    [{ toxicity: { action: 'block', threshold: 0.1 } }, true],
    [{ 'toxicity/hate': { action: 'block', threshold: 0.2 } }, true],
    [{ leak: { action: 'allow' } }, true],
  ])('with %j is read: %s', (inbound, isRead) => {
    verifies('content.tighten-only')
    expect(read({ strict, child: { extends: 'strict', inbound } }).success).toBe(isRead)
  })

  it.each([
    [{ a: { extends: 'b' } }, ['profiles.a.extends: there is no filter profile "b"; there are: default, a']],
    [{ a: { extends: 'a' } }, ['profiles.a.extends: it would inherit from a profile that inherits from itself']],
    [
      { strict, a: { extends: 'strict', inbound: { toxicity: {} } } },
      ['profiles.a.inbound.toxicity: does less than the rule of "strict" that it replaces (block from 0.6, enforce)'],
    ],
  ])('such as %j is refused', (profiles, messages) => {
    expect(messagesOf(profiles)).toEqual(messages)
  })

  it('is refused where profiles inherit in a circle', () => {
    const profiles = { a: { extends: 'b' }, b: { extends: 'c' }, c: { extends: 'b' }, d: {} }
    expect(messagesOf(profiles)?.map((message) => message.replace(/: .*/, ''))).toEqual([
      'profiles.a.extends',
      'profiles.b.extends',
      'profiles.c.extends',
    ])
  })
})

describe('the settings of the filters', () => {
  it('are these where none is given', () => {
    expect(filtersOptions.parse({})).toEqual({
      deadline_ms: 20_000,
      maximum_result_characters: 10_000_000,
      maximum_turn_characters: 1_000_000,
      link_hosts: [],
      content: {
        deadline_ms: 5_000,
        calibrations: {},
        leak: { canaries: [], names: [] },
        service: { urls: [], key: null, deadline_ms: 6_000, breaker_failures: 3, breaker_open_ms: 1_000 },
      },
      detectors: {},
      profiles: { default: defaultProfile },
    })
  })

  it.each([
    ['docs.example.com', true], ['*.example.com', true], ['localhost', true], ['a-b.example.com', true],
    ['https://example.com', false], ['example.com/a', false], ['Example.com', false], ['*', false], ['*.', false], ['a.*.com', false], ['-a.com', false], ['a..com', false], ['example.com:8080', false], ['', false],
  ])('have %j as a host for links: %j', (host, isRead) => {
    expect(filtersOptions.safeParse({ link_hosts: [host] }).success).toBe(isRead)
  }) // prettier-ignore

  it.each([
    ['deadline_ms', 10, 600_000],
    ['maximum_result_characters', 1_000, 1_000_000_000],
    ['maximum_turn_characters', 1_000, 100_000_000],
  ])('%s is from %i to %i', (name, least, most) => {
    const isRead = (value: number) => filtersOptions.safeParse({ [name]: value }).success
    expect([least - 1, least, most, most + 1].map(isRead)).toEqual([false, true, true, false])
    expect(isRead(least + 0.5)).toBe(false)
  })

  it.each([
    ['a', true],
    ['support-2', true],
    ['a'.repeat(64), true],
    ['a'.repeat(65), false],
    ['2nd', false],
    ['Support', false],
    ['a b', false],
    ['', false],
  ])('have profiles of a name such as %j: %s', (name, isOne) => {
    expect(filtersOptions.safeParse({ profiles: { [name]: {} } }).success).toBe(isOne)
  })

  it('are no others', () => {
    expect(filtersOptions.safeParse({ deadline: 10 }).success).toBe(false)
  })
})
