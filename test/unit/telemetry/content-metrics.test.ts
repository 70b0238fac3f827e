import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import type { ContentNotice } from '../../../src/core/facts.ts'
import { createContentMetrics } from '../../../src/telemetry/content-metrics.ts'

const found = (
  decided: ContentNotice['action'],
  effective: ContentNotice['action'] = decided,
): ContentNotice['findings'][number] => ({
  category: 'toxicity/hate',
  detector: 'toxicity@1',
  decided,
  effective,
  score: 0.9,
  count: 2,
})

/** What stands in the metrics after one notice: category, action, mode and number. */
async function countsOf(given: Partial<ContentNotice>): Promise<readonly string[]> {
  const registry = new Registry()
  createContentMetrics([registry])({
    decision: 'dec-1',
    requestId: 'r1',
    principal: 'k1',
    group: 'default',
    api: 'responses',
    direction: 'outbound',
    action: 'allow',
    profile: { name: 'public', version: 1 },
    rules: [],
    revision: null,
    detectors: {},
    findings: [],
    failures: [],
    ...given,
  })
  const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('sallyport_'))
  return lines.map((line) => line.replace(/.*category="([^"]*)",action="([^"]*)",mode="([^"]*)"} (.*)/, '$1 $2 $3 $4'))
}

describe('what filters of content come to', () => {
  it('is counted as what happened, and in shadow as what would have', async () => {
    expect(await countsOf({ action: 'mask', findings: [found('mask')] })).toEqual(['toxicity/hate mask enforce 2'])
    expect(await countsOf({ findings: [found('block', 'allow')] })).toEqual(['toxicity/hate block shadow 2'])
  })

  it('is counted as another answer where one is asked for, and as a block where that is no better', async () => {
    const findings = [found('regenerate')]
    expect(await countsOf({ action: 'regenerate', findings })).toEqual(['toxicity/hate regenerate enforce 2'])
    expect(await countsOf({ action: 'block', findings })).toEqual(['toxicity/hate block enforce 2'])
  })

  it('is counted where rules alone decide', async () => {
    expect(await countsOf({ action: 'block', rules: ['contents.long'] })).toEqual(['rule block enforce 1'])
    expect(await countsOf({ action: 'block', rules: ['contents.long'], findings: [found('annotate')] })).toEqual([
      'toxicity/hate annotate enforce 2',
      'rule block enforce 1',
    ])
    expect(await countsOf({ action: 'block', rules: ['contents.hate'], findings: [found('mask', 'block')] })).toEqual([
      'toxicity/hate block enforce 2',
    ])
    expect(await countsOf({ action: 'allow', rules: ['contents.hate'] })).toEqual([])
  })

  it('is counted as a failure of a detector, which is no rule', async () => {
    const failures: ContentNotice['failures'] = [
      { detector: 'own', categories: ['guard'], onFailure: 'closed', why: 'fault' },
    ]
    expect(await countsOf({ action: 'block', failures })).toEqual([
      'sallyport_content_detector_failures_total{detector="own",why="fault",meaning="closed"} 1',
    ])
  })
})
