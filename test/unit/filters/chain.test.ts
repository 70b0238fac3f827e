import type { FilterFailure } from '../../../src/core/facts.ts'
import { describe, expect, it } from 'vitest'
import { createFilterChain } from '../../../src/filters/chain.ts'
import type { Filter } from '../../../src/filters/filter.ts'
import { maskText } from '../../../src/filters/mask.ts'
import { defaultProfile, profileSchema, ruleFor } from '../../../src/filters/profile.ts'
import { never } from '../../support/filters/filter-fixtures.ts'
import { verifies } from '../../support/verifies.ts'

const context = { direction: 'outbound', group: 'default', executedSql: [] } as const
const policy = { profile: defaultProfile, context }
const parts = [{ text: 'some text', provenance: 'model' }] as const

function filter(name: string, onFailure: Filter['onFailure'], inspect: Filter['inspect']): Filter {
  return { name, onFailure, inspect }
}

const hanging = (onFailure: Filter['onFailure']) => filter('hanging', onFailure, () => new Promise(() => undefined))

describe('filter chain', () => {
  it('withholds the text when a closed detector fails, naming it', async () => {
    verifies('filters.closed')
    const chain = createFilterChain({
      filters: [filter('broken', 'closed', () => Promise.reject(new Error('boom')))],
      deadlineMilliseconds: 1_000,
    })
    await expect(chain.decide(parts, policy, never)).rejects.toMatchObject({
      code: 'refused',
      message: 'The text was withheld: the filter "broken" did not finish its check.',
    })
  })

  it('withholds the text when a closed detector overruns its deadline', async () => {
    const chain = createFilterChain({ filters: [hanging('closed')], deadlineMilliseconds: 20 })
    await expect(chain.decide(parts, policy, never)).rejects.toMatchObject({ code: 'refused' })
  })

  it('goes on without an open detector, and says so', async () => {
    const failures: FilterFailure[] = []
    const chain = createFilterChain({
      filters: [hanging('open')],
      deadlineMilliseconds: 20,
      onFailure: (failure) => failures.push(failure),
    })
    expect(await chain.decide(parts, policy, never)).toEqual([])
    expect(failures.map((failure) => failure.filter)).toEqual(['hanging'])
  })

  it('ends with the reason of its signal', async () => {
    const chain = createFilterChain({ filters: [hanging('open')], deadlineMilliseconds: 10_000 })
    await expect(chain.decide(parts, policy, AbortSignal.timeout(10))).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('numbers findings by part over all batches', async () => {
    const finder = filter('finder', 'closed', async (batch) =>
      batch.flatMap((part, index) =>
        part.text === 'x'
          ? [{ part: index, start: 0, end: 1, category: 'pii/email', score: 1, detector: 'finder' }]
          : [],
      ),
    )
    const chain = createFilterChain({ filters: [finder], deadlineMilliseconds: 1_000 })
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      text: index === 9_000 ? 'x' : 'y',
      provenance: 'row' as const,
    }))
    expect((await chain.decide(many, policy, never)).map((decision) => decision.part)).toEqual([9_000])
  })
})

describe('profile', () => {
  it('reports in shadow mode what would have happened, and does nothing', async () => {
    const profile = profileSchema.parse({ version: 7, outbound: { pii: { action: 'block', mode: 'shadow' } } })
    const finder = filter('finder', 'closed', async () => [
      { part: 0, start: 0, end: 4, category: 'pii/email', score: 0.9, detector: 'finder@1' },
    ])
    const chain = createFilterChain({ filters: [finder], deadlineMilliseconds: 1_000 })
    const [decision] = await chain.decide(parts, { profile, context }, never)
    expect(decision).toMatchObject({ decided: 'block', enforced: false, effective: 'allow', profileVersion: 7 })
  })

  it('prefers the more exact category, and masks what nobody thought of', () => {
    verifies('filters.no-rule-masks')
    const profile = profileSchema.parse({ outbound: { pii: {}, 'pii/email': { action: 'allow' } } })
    expect(ruleFor(profile, 'outbound', 'pii/email').action).toBe('allow')
    expect(ruleFor(profile, 'outbound', 'pii/card').action).toBe('mask')
    expect(ruleFor(profile, 'outbound', 'new/kind').action).toBe('mask')
  })
})

describe('masking', () => {
  it('merges what overlaps and keeps nothing of the value', () => {
    verifies('filters.nothing-stays')
    const spans = [
      { start: 3, end: 8, category: 'pii/phone' },
      { start: 0, end: 12, category: 'pii/card' },
      { start: 14, end: 16, category: 'secret/jwt' },
    ]
    expect(maskText('123456789012 abcd', spans)).toBe('[card] a[secret]d')
  })
})
