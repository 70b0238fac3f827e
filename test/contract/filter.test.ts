import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { Filter, FilterPart } from '../../src/filters/filter.ts'
import { createCustomFilter } from '../../src/filters/custom/custom-filter.ts'
import { customOptions } from '../../src/filters/custom/options.ts'
import { createIdentifiersFilter } from '../../src/filters/identifiers/identifiers-filter.ts'
import { createLeakFilter } from '../../src/filters/leak/leak-filter.ts'
import { createPiiFilter } from '../../src/filters/pii/pii-filter.ts'
import { createSecretsFilter } from '../../src/filters/secrets/secrets-filter.ts'
import { presidioOptions } from '../../src/filters/remote/options.ts'
import { createPresidioFilter } from '../../src/filters/remote/presidio.ts'
import { createSqlLeakFilter } from '../../src/filters/sql-leak/sql-leak-filter.ts'
import { never } from '../support/filters/filter-fixtures.ts'
import { detectorOf } from '../support/filters/remote/adapters.ts'
import { startFakeWebhook, webhookKey } from '../support/filters/remote/fake-webhook.ts'
import { FakePresidio } from '../support/privacy/fake-presidio.ts'

const executedSql = ['SELECT country, count(*) FROM customers WHERE city = 1 GROUP BY country ORDER BY 2']
const context = { direction: 'outbound', group: 'default', executedSql, anySql: true } as const

const custom = customOptions.parse({ recognizers: [{ name: 'number', pattern: 'E-[0-9]{6}' }] })

const presidio = await FakePresidio.start()
const webhook = await startFakeWebhook()
afterAll(async () => {
  await presidio[Symbol.asyncDispose]()
  await webhook[Symbol.asyncDispose]()
})
const webhookSettings = { kind: 'webhook', url: webhook.url, categories: ['guard/threat'], signing_key: webhookKey }

const adapters: readonly (readonly [name: string, filter: Filter, hit: string])[] = [
  ['personal data', createPiiFilter(), 'anna@example.com'],
  ['identifiers', createIdentifiersFilter(), 'NINO AB 12 34 56 C'],
  ["an operator's own", createCustomFilter(custom), 'E-123456'],
  ['secrets', createSecretsFilter(), 'ghp_Zk3vQ9xT7bLm2Rw8Yc5Nd1Hf6Jg4Ks0Pab'],
  ['another program', createPresidioFilter(presidioOptions.parse({ url: presidio.url })), 'Kim Wexler'],
  ["a program of an operator's own", detectorOf({ deadline_ms: 60_000, ...webhookSettings }).filter, 'I will hurt you'],
  ['leakage', createLeakFilter({ canaries: ['kestrel-7Q2m9XvT41'], names: ['cust_mstr_01'] }), 'kestrel-7Q2m9XvT41'],
  ['repeated SQL', createSqlLeakFilter(), executedSql[0] ?? ''],
]

const parts = (texts: readonly string[]): FilterPart[] => texts.map((text) => ({ text, provenance: 'model' }))

describe.each(adapters)('filter: %s', (_name, filter, hit) => {
  it('says who found what, where and how surely, for any text', async () => {
    const noise = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(hit, '4111 1111 1111 1111', '%41', '\u200b', 'YWFh'),
    )
    const texts = fc.array(
      fc.array(noise, { maxLength: 8 }).map((pieces) => pieces.join('')),
      { maxLength: 5 },
    )
    await fc.assert(
      fc.asyncProperty(texts, async (list) => {
        for (const finding of await filter.inspect(parts(list), context, never)) {
          const text = list[finding.part] ?? ''
          expect(finding.start).toBeGreaterThanOrEqual(0)
          expect(finding.end).toBeGreaterThan(finding.start)
          expect(finding.end).toBeLessThanOrEqual(text.length)
          expect(finding.score).toBeGreaterThan(0)
          expect(finding.score).toBeLessThanOrEqual(1)
          expect(finding.category).toMatch(/^[a-z-]+(?:\/[a-z-]+)?$/)
          expect(finding.detector).toBe(filter.name)
          const { categories = [finding.category] } = filter
          expect(categories).toContain(
            categories.includes(finding.category) ? finding.category : finding.category.replace(/\/.*/, ''),
          )
        }
      }),
      { numRuns: 300 },
    )
  })

  it('finds its kind in the part that holds it', async () => {
    const findings = await filter.inspect(parts(['nothing here', `so: ${hit} `, '']), context, never)
    expect(new Set(findings.map((finding) => finding.part))).toEqual(new Set([1]))
  })

  it('finds the same every time', async () => {
    const texts = parts([`a ${hit} b ${hit}`])
    expect(await filter.inspect(texts, context, never)).toEqual(await filter.inspect(texts, context, never))
  })

  it('has a name with a version and says what its failure means', () => {
    expect(filter.name).toMatch(/^[a-z-]+@\d+$/)
    expect(filter.onFailure).toBe('closed')
  })

  it('stops for its signal', async () => {
    const aborted = AbortSignal.abort(new Error('enough'))
    await expect(filter.inspect(parts([hit]), context, aborted)).rejects.toThrow('enough')
  })

  it('finds nothing in nothing', async () => {
    expect(await filter.inspect([], context, never)).toEqual([])
    expect(await filter.inspect(parts(['']), context, never)).toEqual([])
  })
})
