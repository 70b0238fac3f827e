import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import { filtersOptions } from '../../../../src/filters/options.ts'
import { createContent } from '../../../../src/filters/pipeline/content.ts'
import { verifies } from '../../../support/verifies.ts'

const detectors = {
  guard: { kind: 'webhook', url: 'http://127.0.0.1:9/', categories: ['guard/insults', 'toxicity/hate'] },
}

const open = (options: object) => createContent(filtersOptions.parse({ detectors, ...options }))

const refusalOf = (options: object): string => {
  try {
    open(options)
  } catch (thrown) {
    if (thrown instanceof ServiceError) return `${thrown.code}: ${thrown.message} ${thrown.advice}`
  }
  return 'none'
}

describe('detectors of content', () => {
  it('have profiles by name, and one that is always there', () => {
    const { profiles, filters } = open({ profiles: { public: { version: 2, inbound: { guard: {} } } } })
    expect([...profiles.values()].map(({ name, version }) => [name, version])).toEqual([
      ['default', 1],
      ['public', 2],
    ])
    expect(filters.map(({ categories }) => categories)).toEqual([
      ['pii/email', 'pii/phone', 'pii/card', 'pii/ssn', 'pii/iban'],
      ['secret'],
      ['sql-leak'],
      ['link'],
      ['leak/system-prompt', 'leak/canary', 'leak/name'],
      ['harassment', 'hate', 'sexual', 'self-harm', 'violence', 'profanity'].map((kind) => `toxicity/${kind}`),
      ['guard/insults', 'toxicity/hate'],
    ])
  })

  it('find values with those that there are', async () => {
    const { pipeline, profiles } = open({ profiles: { public: { inbound: { 'pii/email': { action: 'block' } } } } })
    const verdict = await pipeline.inspect(
      [{ text: 'write to bob@shop.example', provenance: 'user' }],
      { profile: profiles.get('public')!, context: { direction: 'inbound', group: 'g', executedSql: [] } },
      new AbortController().signal,
    )
    expect(verdict).toMatchObject({
      action: 'block',
      decisions: [{ category: 'pii/email', start: 9, end: 25 }],
      detectors: { 'pii-patterns': '1' },
    })
  })

  it.each([
    [{ toxicty: {} }, /^invalid-config: filters\.profiles\.public\.inbound\.toxicty: there is no category "toxicty"\. Its kind has to be one of: pii, secret, sql-leak, link, toxicity, /],
    [{ 'toxicity/hat': {} }, /^invalid-config: filters\.profiles\.public\.inbound\.toxicity\/hat: nothing reports "toxicity\/hat"\. Name one of: guard\/insults, .*toxicity\/hate/],
    [{ toxicty: { action: 'allow' } }, /there is no category "toxicty"/],
    [{ guard: { detectors: { gaurd: 1 } } }, /public\.inbound\.guard\.detectors: there is no detector "gaurd"\. Name one of: foreign-links, guard, leak, pii-patterns, /],
    [{ guard: { detectors: { 'pii-patterns': 1 } } }, /the detector "pii-patterns" does not report "guard"\. It reports: pii\/email, /],
    [{ pii: { detectors: { guard: 1 } } }, /the detector "guard" does not report "pii"/],
    [{ guard: { detectors: { guard: 1 } }, toxicity: {}, 'toxicity/hate': {}, 'pii/passport': {}, 'guard/other': { action: 'allow' } }, /^none$/],
    [{ 'pii/card': { detectors: { 'pii-patterns': 1 } }, 'secret/jwt': { detectors: { 'secret-patterns': 1 } } }, /^none$/],
  ])('are named by %j: %s', (inbound, refusal) => {
    verifies('content.names')
    expect(refusalOf({ profiles: { public: { inbound } } })).toMatch(refusal)
  }) // prettier-ignore

  it.each([
    [{ guard: { combine: 'quorum', quorum: 2 } }, /public\.inbound\.guard\.quorum: 2 have to be sure\. These report it: guard\./],
    [{ toxicity: { combine: 'quorum', quorum: 1 } }, /^none$/],
    [{ toxicity: { combine: 'quorum', quorum: 2 }, 'toxicity/hate': {} }, /toxicity\.quorum: 2 have to be sure\. These report it: toxicity\./],
    [{ guard: { combine: 'quorum', quorum: 1 }, 'guard/insults': {} }, /guard\.quorum: 1 have to be sure\. These report it: none\./],
    [{ toxicity: { combine: 'first', detectors: { guard: 1 } }, 'toxicity/hate': {} }, /toxicity\.detectors: all that "guard" reports has a rule of its own/],
    [{ secret: { combine: 'quorum', quorum: 2 } }, /secret\.quorum: 2 have to be sure\. These report it: secret-patterns\./],
  ])('can come to what %j wants, or it is said: %s', (inbound, refusal) => {
    verifies('content.names')
    expect(refusalOf({ profiles: { public: { inbound } } })).toMatch(refusal)
  }) // prettier-ignore

  it('have names of their own', () => {
    const twice = { 'pii-patterns': detectors.guard }
    expect(refusalOf({ detectors: twice })).toMatch(/^invalid-config: filters\.detectors\.pii-patterns: there is a det/)
  })

  it.each([
    [{ gaurd: {} }, /filters\.content\.calibrations\.gaurd: there is no detector "gaurd"/],
    [{ guard: { 'guard/insult': [[0, 0], [1, 1]] } }, /guard\.guard\/insult: the detector "guard" does not report "guard\/insult"/],
    [{ guard: { '*': [[0, 0], [1, 1]], guard: [[0, 0], [1, 1]], 'toxicity/hate': [[0, 0], [1, 1]] } }, /^none$/],
  ])('are calibrated by %j: %s', (calibrations, refusal) => {
    expect(refusalOf({ content: { calibrations } })).toMatch(refusal)
  }) // prettier-ignore
})
