import { describe, expect, it } from 'vitest'
import type { ContentDecision } from '../../../../src/gateway/authorize/content-rules.ts'
import { asConfigured } from '../../../../src/gateway/moderate/call-thresholds.ts'
import { ContentRecord } from '../../../../src/gateway/moderate/content-record.ts'

const profile = { name: 'public', version: 3, inbound: {}, outbound: {} }

const nothingFound: ContentDecision = {
  action: 'allow',
  reason: null,
  rules: [],
  revision: null,
  decisions: [],
  failures: [],
  detectors: { toxicity: '1' },
  profile,
}

/** What is told of a call whose texts were decided on so, one after the other. */
function told(decided: readonly ContentDecision[]): unknown {
  const principal = { id: 'k1', kind: 'api-key', group: 'public' } as const
  const record = new ContentRecord({
    call: { requestId: 'r1', principal, api: 'messages' },
    direction: 'outbound',
    thresholds: asConfigured(principal, profile),
  })
  for (const each of decided) record.add(each)
  return record.notice()
}

describe('what is told of several decisions about one call', () => {
  const masked: ContentDecision = { ...nothingFound, action: 'mask', revision: 'rules-1' }

  it.each([
    ['before a stretch in which nothing is found', [masked, nothingFound]],
    ['behind one', [nothingFound, masked]],
  ])('has the revision of the rules that were asked %s', (_, decided) => {
    expect(told(decided)).toMatchObject({ action: 'mask', revision: 'rules-1' })
  })
})

describe('the record of a call', () => {
  const finding = (category: string, effective: 'mask' | 'block' | 'allow', score: number) =>
    ({ category, detector: 'words@1', score, decided: effective, effective }) as ContentDecision['decisions'][number]
  const record = () =>
    new ContentRecord({
      call: { requestId: 'r1', principal: { id: 'k1', kind: 'api-key', group: 'public' }, api: 'messages' },
      direction: 'outbound',
      thresholds: asConfigured({ id: 'k1', group: 'public' }, profile),
    })

  it('counts what was found by category, detector and what became of it, with the surest of each', () => {
    const one = record()
    one.add({
      ...nothingFound,
      decisions: [
        finding('toxicity/hate', 'block', 0.6),
        finding('pii/email', 'mask', 0.9),
        finding('toxicity/hate', 'block', 0.8),
        finding('toxicity/hate', 'allow', 1),
        finding('guard/x', 'block', 0.5),
      ],
    })
    one.add({ ...nothingFound, decisions: [finding('toxicity/hate', 'block', 0.7)] })
    expect(one.notice()?.findings).toEqual([
      { category: 'toxicity/hate', detector: 'words@1', decided: 'block', effective: 'block', score: 0.8, count: 3 },
      { category: 'pii/email', detector: 'words@1', decided: 'mask', effective: 'mask', score: 0.9, count: 1 },
      { category: 'guard/x', detector: 'words@1', decided: 'block', effective: 'block', score: 0.5, count: 1 },
    ])
    expect(one.categoriesOf('block')).toEqual(['guard/x', 'toxicity/hate'])
    expect(one.categoriesOf('annotate')).toEqual([])
  })

  it('is silent where nothing was found, and tells of rules, failures and what came of it', () => {
    const silent = record()
    silent.add(nothingFound)
    expect(silent.notice()).toBeNull()
    expect(silent.isUnchecked).toBe(false)
    const byRule = record()
    byRule.add({ ...nothingFound, rules: ['content/b', 'content/a'] })
    expect(byRule.notice()).toMatchObject({ rules: ['content/a', 'content/b'], action: 'allow' })
    const concluded = record()
    concluded.conclude('mask')
    concluded.conclude('allow')
    expect(concluded.notice()?.action).toBe('mask')
    for (const onFailure of ['open', 'closed'] as const) {
      const failed = record()
      failed.add({
        ...nothingFound,
        failures: [{ detector: 'away', categories: ['toxicity'], onFailure, why: 'fault' }],
      })
      expect(failed.isUnchecked).toBe(onFailure === 'closed')
      expect(failed.notice()?.failures).toHaveLength(1)
    }
  })
})
