import { describe, expect, it } from 'vitest'
import { createFilterChain } from '../../../../../src/filters/chain.ts'
import { customDetector } from '../../../../../src/filters/custom/custom-filter.ts'
import type { Filter } from '../../../../../src/filters/filter.ts'
import { createDetect, isLookedFor } from '../../../../../src/gateway/privacy/detect/detect.ts'
import { createDetectorsFor } from '../../../../../src/gateway/privacy/detect/detectors.ts'
import {
  defaultPrivacyProfile,
  privacyOptions,
  type MaskingLevel,
} from '../../../../../src/gateway/privacy/profiles/options.ts'
import { never } from '../../../../support/filters/filter-fixtures.ts'

const kinds = ['pii/person', 'pii/organization', 'pii/location', 'pii/address', 'pii/email', 'secret/key']

describe('a kind of value', () => {
  it.each([
    ['all', kinds],
    ['structured', ['pii/email', 'secret/key']],
    ['none', []],
  ] as const)('is looked for at the level %s: %j', (level, looked) => {
    expect(kinds.filter((category) => isLookedFor({ category, detector: 'any@1' }, level))).toEqual(looked)
  })

  it('that an operator has defined is looked for at every level but none', () => {
    const own = { category: 'pii/person', detector: customDetector }
    expect((['all', 'structured', 'none'] as const).map((level) => isLookedFor(own, level))).toEqual([
      true,
      true,
      false,
    ])
  })
})

describe('detecting by a profile', () => {
  let calls = 0
  /** Sees a kind wherever its name stands. */
  const filter: Filter = {
    name: 'names',
    onFailure: 'closed',
    async inspect(parts) {
      calls += 1
      return parts.flatMap(({ text }, part) =>
        kinds.flatMap((category) => {
          const start = text.indexOf(category)
          return start < 0
            ? []
            : [{ part, start, end: start + category.length, category, score: 0.9, detector: 'names@1' }]
        }),
      )
    },
  }
  const found = async (level: MaskingLevel, rules: object = {}) => {
    const { default: profile } = privacyOptions.parse({ profiles: { default: { rules } } }).profiles
    if (profile === undefined) throw new Error('there is a default profile')
    const chain = createFilterChain({ filters: [filter], deadlineMilliseconds: 20_000 })
    const detect = createDetect({ chain, profile, level, group: 'default' })
    const texts = ['x', `a ${kinds.join(' ')}`]
    return detect(
      texts.map((text) => ({ text, provenance: 'user' as const })),
      never,
    )
  }

  it('says where a value stands and what becomes of it', async () => {
    expect((await found('all'))[0]).toEqual({
      part: 1,
      start: 2,
      end: 12,
      category: 'pii/person',
      action: 'mask',
      score: 0.9,
    })
    expect((await found('all')).map(({ category }) => category)).toEqual(kinds)
    expect((await found('structured')).map(({ category }) => category)).toEqual(['pii/email', 'secret/key'])
  })

  it('goes by the rules, and leaves out what they allow', async () => {
    const rules = {
      'pii/person': { action: 'allow' },
      'pii/email': { action: 'annotate' },
      'secret/key': { action: 'block' },
    }
    expect((await found('all', rules)).map(({ category, action }) => [category, action])).toEqual([
      ['pii/organization', 'mask'],
      ['pii/location', 'mask'],
      ['pii/address', 'mask'],
      ['pii/email', 'annotate'],
      ['secret/key', 'block'],
    ])
  })

  it.each([
    ['943 476 5919', 'Call 943 476 5919', 'pii/phone'],
    ['943 476 5919', 'His NHS number is 943 476 5919', 'pii/uk-nhs-number'],
    ['021000021', 'routing number 021000021', 'pii/bank-routing-number'],
  ])('of two kinds that %s could be in "%s" the surer one comes first', async (value, text, kind) => {
    const detect = createDetect({
      ...createDetectorsFor(privacyOptions.parse({}))(defaultPrivacyProfile),
      profile: defaultPrivacyProfile,
      level: 'all',
      group: 'default',
    })
    const seen = await detect([{ text, provenance: 'user' }], never)
    const start = text.indexOf(value)
    expect(seen[0]).toMatchObject({ part: 0, start, end: text.length, category: kind })
  })

  it('asks no detector where nothing is masked', async () => {
    calls = 0
    expect(await found('none')).toEqual([])
    expect(calls).toBe(0)
  })
})
