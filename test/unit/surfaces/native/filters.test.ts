import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, describe, expect, it } from 'vitest'
import { filtersOptions } from '../../../../src/filters/options.ts'
import { createContent } from '../../../../src/filters/pipeline/content.ts'
import { createCheckContent } from '../../../../src/gateway/check-content.ts'
import type { ContentNotice } from '../../../../src/core/facts.ts'
import type { ContentDecision } from '../../../../src/gateway/authorize/content-rules.ts'
import { openApiOf } from '../../../../src/surfaces/openapi/document.ts'
import { filterCheckAnswer, filtersContract } from '../../../../src/surfaces/wire/filters.ts'
import { key, startService } from '../../../support/http/http-service.ts'
import { quotaInMemory } from '../../../support/quota-in-memory.ts'
import { callGrant } from '../../../support/received-call.ts'
import { verifies } from '../../../support/verifies.ts'

const mask = { action: 'mask' }
const options = filtersOptions.parse({
  profiles: {
    calls: { version: 4, inbound: { pii: { action: 'mask', threshold: 0.6 } } },
    strict: { version: 9, inbound: { pii: { action: 'block', threshold: 0.6 } } },
    lax: { inbound: { pii: { action: 'annotate' } } },
    trial: { inbound: { pii: { action: 'block', mode: 'shadow' }, secret: mask } },
  },
})

const content = createContent(options)
const told: ContentNotice[] = []
const asRuled: { change: Partial<ContentDecision> } = { change: {} }
const check = createCheckContent({
  ...content,
  grantFor: async () => ({ ...callGrant, callFilterProfile: 'calls', filterProfile: 'trial' }),
  quota: quotaInMemory({
    concurrentRequests: 5,
    tokensPerDay: 1_000,
    limits: [{ per: 'key', unit: 'requests', every: 'day', most: 40 }],
  }),
  rules: async (verdict) => ({ ...verdict, reason: null, rules: ['content/own'], revision: 'r1', ...asRuled.change }),
  tell: async (notice) => void told.push(notice),
})
const service = await startService({ checkContent: check, settings: { body_limit_mb: 4 } })
afterAll(() => service[Symbol.asyncDispose]())

const path = '/v1/filters/check'
const post = (body: unknown) => service.post(body, {}, path)
const text = '\u{1F600} mail anna@example.com'

describe('POST /v1/filters/check', () => {
  it('says what was found, where, how surely, by what, and what would be done and why', async () => {
    verifies('filter-check.route')
    told.length = 0
    const response = await post({ parts: [{ text: 'Good morning' }, { text, provenance: 'user', label: 'body' }] })
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const answer = filterCheckAnswer.parse(await response.json())
    expect(answer).toEqual({
      object: 'filter-check',
      id: expect.stringMatching(/^dec-/) as string,
      direction: 'inbound',
      action: 'mask',
      reason: null,
      profile: { name: 'calls', version: 4 },
      policy: { rules: ['content/own'], revision: 'r1' },
      detectors: expect.objectContaining({ 'pii-patterns': '1' }) as Record<string, string>,
      parts: [
        { findings: [] },
        {
          findings: [
            {
              start: 8,
              end: 24,
              category: 'pii/email',
              score: expect.closeTo(0.95, 5) as number,
              raw_score: null,
              detector: 'pii-patterns',
              detector_version: '1',
              decided: 'mask',
              effective: 'mask',
              mode: 'enforce',
              why: '0.95 is not below 0.6, by the rule pii',
            },
          ],
        },
      ],
      failures: [],
    })
    expect(text.slice(8, 24)).toBe('anna@example.com')
    expect(told).toMatchObject([{ decision: answer.id, api: 'check', action: 'mask', group: 'default' }])
    expect(JSON.stringify(told)).not.toContain('anna')
  })

  it('takes texts alone, and has nothing to say of harmless ones', async () => {
    const answer = filterCheckAnswer.parse(await (await post({ texts: ['Hello'] })).json())
    expect([answer.action, answer.parts]).toEqual(['allow', [{ findings: [] }]])
  })

  it('tells of shadow mode, and of what rules of policy make more', async () => {
    const shadow = filterCheckAnswer.parse(await (await post({ texts: [text], profile: 'trial' })).json())
    const [found] = shadow.parts[0]?.findings ?? []
    expect([shadow.action, found?.decided, found?.effective, found?.mode]).toEqual([
      'allow',
      'block',
      'allow',
      'shadow',
    ])
    expect(found?.why).toContain('in shadow mode, else block')
    asRuled.change = { action: 'block', reason: 'Not on Sundays.' }
    const ruled = filterCheckAnswer.parse(await (await post({ texts: [text] })).json())
    asRuled.change = {}
    expect([ruled.action, ruled.reason]).toEqual(['block', 'Not on Sundays.'])
  })

  it('checks by the profiles of the group, or by stricter ones', async () => {
    verifies('filter-check.profiles')
    const by = async (profile: string) => (await post({ texts: [text], profile })).status
    expect([await by('calls'), await by('trial'), await by('strict')]).toEqual([200, 200, 200])
    expect(await by('lax')).toBe(403)
    const unknown = await (await post({ texts: [text], profile: 'no-such' })).json()
    const lax = await (await post({ texts: [text], profile: 'lax' })).json()
    // Whoever may not use a profile is not told whether it is there.
    expect(unknown).toMatchObject({ code: 'forbidden', error: { param: 'profile' } })
    expect((lax as { detail: string }).detail.replace('lax', 'no-such')).toBe((unknown as { detail: string }).detail)
  })

  it.each<readonly [what: string, status: number, parameter: string | null, body: unknown]>([
    ['no text', 400, null, {}],
    ['texts twice', 400, null, { texts: ['a'], parts: [{ text: 'a' }] }],
    ['no texts at all', 400, 'texts', { texts: [] }],
    ['a writer that there is not', 400, 'parts[0].provenance', { parts: [{ text: 'a', provenance: 'me' }] }],
    ['a member that is not known', 400, 'parts[0].focus', { parts: [{ text: 'a', focus: 1 }] }],
    ['a direction that there is not', 400, 'direction', { texts: ['a'], direction: 'up' }],
    ['too many texts', 400, 'texts', { texts: Array.from({ length: 1_001 }, () => 'a') }],
    ['texts that are too long together', 413, 'texts', { texts: ['a'.repeat(600_000), 'b'.repeat(400_001)] }],
  ])('refuses %s with a problem', async (_what, status, parameter, body) => {
    const response = await post(body)
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(await response.json()).toMatchObject({ status, error: { param: parameter } })
  })

  it('answers by the document that is made of its contract', async () => {
    const document = openApiOf(filtersContract) as { readonly components: { readonly schemas: object } }
    const ajv = new Ajv2020({ strict: false })
    ajv.addSchema(document, 'openapi.json')
    const validate = ajv.getSchema('openapi.json#/components/schemas/FilterCheckAnswer')
    expect(validate?.(await (await post({ texts: [text] })).json())).toBe(true)
    expect(validate?.({ object: 'filter-check' })).toBe(false)
  })

  it('counts as a request of the limits, also of a caller who checks again and again', async () => {
    const answers: unknown[] = []
    for (let time = 0; time < 41; time += 1) answers.push(await (await post({ texts: ['a'] })).json())
    expect(answers.at(-1)).toMatchObject({ code: 'quota-exceeded' })
  })

  it('knows its caller before the body is read', async () => {
    const response = await fetch(service.url + path, { method: 'POST', headers: { authorization: 'Bearer nobody' } })
    expect(response.status).toBe(401)
    expect(key).not.toBe('nobody')
  })
})
