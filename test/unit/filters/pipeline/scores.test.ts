import { describe, expect, it } from 'vitest'
import type { Filter, FilterFinding } from '../../../../src/filters/filter.ts'
import { createContentPipeline } from '../../../../src/filters/pipeline/pipeline.ts'
import type { ProfileRule } from '../../../../src/filters/profile.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'

/** Finds each digit, a tenth of it as its score. */
function digits(name: string, category: string, more: Partial<Filter> = {}): Filter {
  const inspectAtOnce: NonNullable<Filter['inspectAtOnce']> = (parts) =>
    parts.flatMap(({ text }, part) =>
      Array.from(text.matchAll(/\d/g), ({ 0: digit, index }): FilterFinding => {
        return { part, start: index, end: index + 1, category, score: Number(digit) / 10, detector: name }
      }),
    )
  return {
    name: `${name}@2`,
    categories: [category],
    onFailure: 'closed',
    cost: 'cheap',
    inspect: async (parts, context) => inspectAtOnce(parts, context),
    inspectAtOnce,
    ...more,
  }
}

const block: ProfileRule = { threshold: 0.5, action: 'block', mode: 'enforce' }

async function scoresOf(filters: readonly Filter[], texts: readonly string[], rules: Record<string, ProfileRule>) {
  const { scores = [] } = await createContentPipeline({ filters, deadlineMilliseconds: 60_000 }).inspect(
    texts.map((text) => ({ text, provenance: 'user' })),
    {
      profile: { name: 'p', version: 1, inbound: rules, outbound: {} },
      context: { direction: 'inbound', group: 'g', executedSql: [] },
    },
    never,
  )
  return Object.fromEntries(scores.map(({ rule, score, isBound }) => [rule, isBound ? `${score} or more` : score]))
}

const line = 'Nothing is in this line of the text.\n'

describe('the score of a rule', () => {
  it('is the highest of all texts, with the detectors that count for it', async () => {
    const [a, b] = [digits('a', 'toxicity/hate'), digits('b', 'toxicity/violence')]
    const rules = { toxicity: { ...block, threshold: 0.95 }, guard: block }
    expect(await scoresOf([a, b], ['3', '7 and 2', ''], rules)).toEqual({ toxicity: 0.7 })
  })

  it('is 0 where nothing was found, and there for no category without a rule', async () => {
    expect(await scoresOf([digits('a', 'toxicity/hate')], ['x'], { 'toxicity/hate': block })).toEqual({
      'toxicity/hate': 0,
    })
    expect(await scoresOf([digits('a', 'pii/email')], ['9'], {})).toEqual({})
  })

  it('is whole where a block was certain in the last piece, with what was found behind it', async () => {
    expect(await scoresOf([digits('a', 'toxicity/hate')], ['6 and 9'], { toxicity: block })).toEqual({ toxicity: 0.9 })
  })

  it('is a bound where one was certain in a piece before the last', async () => {
    const text = `6\n${line.repeat(1_000)}9`
    expect(await scoresOf([digits('a', 'toxicity/hate')], [text], { toxicity: block })).toEqual({
      toxicity: '0.6 or more',
    })
    const shadow = { ...block, mode: 'shadow' } as const
    expect(await scoresOf([digits('a', 'toxicity/hate')], [text], { toxicity: shadow })).toEqual({ toxicity: 0.9 })
  })

  it('of a rule whose detector was not asked any more is a bound, and of one that had read all of it is whole', async () => {
    const filters = [
      digits('a', 'guard/a', { inspectAtOnce: () => [] }),
      digits('b', 'toxicity/hate'),
      digits('c', 'guard/c'),
    ]
    const rules = { 'guard/a': block, toxicity: block, 'guard/c': block }
    expect(await scoresOf(filters, ['8'], rules)).toEqual({
      'guard/a': 0,
      toxicity: 0.8,
      'guard/c': '0 or more',
    })
  })

  it('of a rule whose detector was left behind is a bound, whenever that answers', async () => {
    const answered = Promise.withResolvers<readonly FilterFinding[]>()
    const slow = digits('slow', 'guard/slow', { cost: 'costly', inspect: () => answered.promise })
    const rules = { 'guard/slow': block, toxicity: block }
    const scores = scoresOf([slow, digits('b', 'toxicity/hate')], [`${line.repeat(1_000)}8`], rules)
    expect(await scores).toEqual({ 'guard/slow': '0 or more', toxicity: 0.8 })
    answered.resolve([])
  })

  it('is a bound where a detector has failed, whose word may be missing', async () => {
    const failing = digits('c', 'toxicity/violence', {
      inspectAtOnce: () => {
        throw new Error('away')
      },
    })
    const rules = { toxicity: { ...block, on_failure: 'open' } as const }
    expect(await scoresOf([failing, digits('b', 'toxicity/hate')], ['2'], rules)).toEqual({ toxicity: '0.2 or more' })
  })
})
