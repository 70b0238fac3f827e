import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Filter, FilterPart } from '../../../../src/filters/filter.ts'
import { createContentPipeline } from '../../../../src/filters/pipeline/pipeline.ts'
import { combinations, filterActions, type FilterAction, type ProfileRule } from '../../../../src/filters/profile.ts'
import { doesNoLess } from '../../../../src/filters/strictness.ts'
import { propertyRuns } from '../../../support/property-runs.ts'
import { verifies } from '../../../support/verifies.ts'

const never = new AbortController().signal
const names = ['one', 'two', 'three'] as const
const runs = { numRuns: propertyRuns(2_000) }

/** Scores in tenths by detector and part; null where the detector fails. */
type Opinions = readonly (readonly (number | null)[] | null)[]

const tenth = fc.integer({ min: 0, max: 10 })
const opinions: fc.Arbitrary<Opinions> = fc.array(
  fc.option(fc.array(fc.option(tenth), { minLength: 2, maxLength: 2 }), { freq: 4 }),
  {
    minLength: 3,
    maxLength: 3,
  },
)

interface RuleChoices {
  readonly combine: (typeof combinations)[number]
  readonly tenths: number
  readonly action: FilterAction
  readonly mode: ProfileRule['mode']
  readonly onFailure: 'closed' | 'open' | null
  readonly weights: readonly number[]
  readonly quorum: number
}

function ruleOf({ combine, tenths, action, mode, onFailure, weights, quorum }: RuleChoices): ProfileRule {
  const named = names.flatMap((name, index) => (weights[index] === 0 ? [] : [[name, weights[index] ?? 1] as const]))
  const detectors = named.length === 0 ? { one: 1 } : Object.fromEntries(named)
  return {
    threshold: tenths / 10,
    action,
    mode,
    combine,
    ...(combine === 'any' && weights[0] === 0 ? {} : { detectors }),
    ...(combine === 'quorum' ? { quorum } : {}),
    ...(onFailure === null ? {} : { on_failure: onFailure }),
  }
}

const rules = fc
  .record<RuleChoices>({
    combine: fc.constantFrom(...combinations),
    tenths: tenth,
    action: fc.constantFrom('annotate', 'mask', 'human', 'block'),
    mode: fc.constantFrom('enforce', 'enforce', 'shadow'),
    onFailure: fc.constantFrom('closed', 'open', null),
    weights: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 }),
    quorum: fc.integer({ min: 1, max: 3 }),
  })
  .map(ruleOf)

function filtersOf(given: Opinions, cost: Filter['cost'] = 'cheap'): Filter[] {
  return given.map((scores, at) => {
    const name = names[at] ?? ''
    const inspectAtOnce: NonNullable<Filter['inspectAtOnce']> = (parts) => {
      if (scores === null) throw new Error('away')
      return parts.flatMap((_part, part) => {
        const score = scores[part]
        if (score === null || score === undefined) return []
        return [{ part, start: 0, end: 1, category: 'toxicity/hate', score: score / 10, detector: name }]
      })
    }
    return {
      name,
      cost,
      onFailure: 'closed',
      categories: ['toxicity/hate'],
      inspect: async (parts, context) => inspectAtOnce(parts, context),
      inspectAtOnce,
    }
  })
}

const parts: FilterPart[] = [
  { text: 'x', provenance: 'user' },
  { text: 'y', provenance: 'user' },
]

async function inspect(filters: readonly Filter[], rule: ProfileRule) {
  const profile = { name: 'p', version: 1, inbound: { toxicity: rule }, outbound: {} }
  const context = { direction: 'inbound', group: 'g', executedSql: [] } as const
  return createContentPipeline({ filters, deadlineMilliseconds: 60_000 }).inspect(parts, { profile, context }, never)
}

const rank = (action: FilterAction): number => filterActions.indexOf(action)

describe('detectors that are taken together', () => {
  it('are, where each counts by itself, never less final than any of them alone', async () => {
    verifies('content.combined')
    await fc.assert(
      fc.asyncProperty(opinions, rules, async (given, { quorum: _quorum, ...rule }) => {
        const any = { ...rule, combine: 'any' } as const
        const { action } = await inspect(filtersOf(given), any)
        for (const filter of filtersOf(given)) {
          expect(rank(action)).toBeGreaterThanOrEqual(rank((await inspect([filter], any)).action))
        }
      }),
      runs,
    )
  })

  it('come to the most final of what is in force, and to a block where one that has to answer does not', async () => {
    await fc.assert(
      fc.asyncProperty(opinions, rules, async (given, rule) => {
        const { action, decisions, failures } = await inspect(filtersOf(given), rule)
        const isClosed = failures.some(({ onFailure }) => onFailure === 'closed')
        const found = Math.max(0, ...decisions.map(({ effective }) => rank(effective)))
        expect(rank(action)).toBe(isClosed ? rank('block') : found)
        for (const { decided, effective } of decisions) {
          expect(rule.mode === 'shadow' ? effective : decided).toBe(rule.mode === 'shadow' ? 'allow' : effective)
        }
      }),
      runs,
    )
  })

  it('come to the same in whatever order they answer, and whether they wait or not', async () => {
    await fc.assert(
      fc.asyncProperty(opinions, rules, async (given, rule) => {
        const filters = filtersOf(given)
        const { action } = await inspect(filters, rule)
        expect((await inspect(filters.toReversed(), rule)).action).toBe(action)
        expect((await inspect(filtersOf(given, 'costly'), rule)).action).toBe(action)
      }),
      runs,
    )
  })

  it('do nothing in shadow mode', async () => {
    verifies('content.shadow')
    await fc.assert(
      fc.asyncProperty(opinions, rules, async (given, rule) => {
        expect((await inspect(filtersOf(given), { ...rule, mode: 'shadow' })).action).toBe('allow')
      }),
      runs,
    )
  })

  it('come to no less by a rule that does no less', async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(opinions, rules, rules, async (given, rule, than) => {
        if (!doesNoLess(rule, than)) return
        compared += 1
        const [action, before] = [await inspect(filtersOf(given), rule), await inspect(filtersOf(given), than)]
        expect(rank(action.action)).toBeGreaterThanOrEqual(rank(before.action))
      }),
      { numRuns: propertyRuns(20_000) },
    )
    expect(compared).toBeGreaterThan(propertyRuns(20_000) / 20)
  })

  it('say what the threshold was compared with: any other threshold decides by the same score', async () => {
    await fc.assert(
      fc.asyncProperty(opinions, rules, tenth, async (given, drawn, tenths) => {
        // Nothing ends early in shadow mode, and a threshold of nothing is reached by what was never found.
        const rule = { ...drawn, mode: 'shadow', threshold: Math.max(1, tenths) / 10 } as const
        const { decisions, scores = [] } = await inspect(filtersOf(given), rule)
        const [scored] = (await inspect(filtersOf(given), { ...rule, threshold: 1 })).scores ?? []
        expect(scores).toMatchObject([{ rule: 'toxicity', threshold: rule.threshold, effective: 'allow' }])
        expect(scores[0]?.score).toBe(scored?.score)
        const acts = decisions.some(({ decided }) => decided !== 'allow')
        expect(acts).toBe((scored?.score ?? 0) >= rule.threshold)
      }),
      runs,
    )
  })

  it('say of a score that it is whole only where nobody would have made it another one', async () => {
    let [whole, bounds] = [0, 0]
    await fc.assert(
      fc.asyncProperty(opinions, rules, async (given, drawn) => {
        const rule = { ...drawn, action: 'block', mode: 'enforce' } as const
        const [early] = (await inspect(filtersOf(given), rule)).scores ?? []
        const [all] = (await inspect(filtersOf(given), { ...rule, mode: 'shadow' })).scores ?? []
        if (early === undefined || all === undefined) throw new Error('no score')
        if (early.isBound) {
          bounds += 1
          return
        }
        whole += 1
        expect({ ...early, effective: 'allow' }).toEqual(all)
      }),
      runs,
    )
    expect(whole).toBeGreaterThan(propertyRuns(2_000) / 10)
    expect(bounds).toBeGreaterThan(propertyRuns(2_000) / 10)
  })

  it('have a score that more would raise, and none would lower, where each counts by itself', async () => {
    await fc.assert(
      fc.asyncProperty(opinions, rules, async (given, { quorum: _quorum, ...drawn }) => {
        const rule = { ...drawn, combine: 'any', action: 'block', mode: 'enforce' } as const
        const [early] = (await inspect(filtersOf(given), rule)).scores ?? []
        const [all] = (await inspect(filtersOf(given), { ...rule, mode: 'shadow' })).scores ?? []
        expect(early?.score).toBeLessThanOrEqual(all?.score ?? 0)
      }),
      runs,
    )
  })
})
