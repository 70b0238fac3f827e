import { describe, expect, it, vi } from 'vitest'
import { openContentFilters } from '../../../src/compose/content-filters.ts'
import { createConfigSchema } from '../../../src/config/schema.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { startFakeLlamaGuard } from '../../support/filters/remote/fake-judge.ts'
import { sendJson } from '../../support/filters/remote/fake-server.ts'
import { startFakeWebhook, webhookKey } from '../../support/filters/remote/fake-webhook.ts'
import { verifies } from '../../support/verifies.ts'
import { never } from '../../support/filters/filter-fixtures.ts'

const open = (filters: object) => {
  const metrics = createMetrics()
  const told = {
    onFilterFailure: () => metrics.count('filters', 'failure'),
    onDetectorOutcome: (detector: string, outcome: string) => metrics.detectorCheck(detector, outcome),
  }
  const config = createConfigSchema('/state', '/secrets').parse({ filters })
  return { ...openContentFilters(config, told), metrics }
}

const webhookAt = (url: string) => ({ kind: 'webhook', url, categories: ['guard/threat'], signing_key: webhookKey })
const judgeAt = (url: string) => ({ kind: 'judge', url: `${url}/v1`, model: 'guard', verdict: 'llama-guard' })
const profileOf = (rules: object) => ({ staff: { version: 4, inbound: rules } })
const context = { direction: 'inbound', group: 'staff', executedSql: [] } as const

type Opened = ReturnType<typeof open>

const inspect = ({ pipeline, profiles }: Opened, text: string) => {
  const profile = profiles.get('staff')
  if (profile === undefined) throw new Error('The profile is there.')
  return pipeline.inspect([{ text, provenance: 'user' }], { profile, context }, never)
}

describe('a configured detector', () => {
  it('takes part in what profiles decide, with its version, and its checks are counted', async () => {
    verifies('detectors.take-part')
    await using webhook = await startFakeWebhook()
    await using judge = await startFakeLlamaGuard()
    const opened = open({
      detectors: { own: webhookAt(webhook.url), guard: judgeAt(judge.url) },
      profiles: profileOf({ 'guard/threat': { action: 'block' }, toxicity: { action: 'annotate' } }),
    })
    const verdict = await inspect(opened, 'I will hurt you')
    expect(verdict.action).toBe('block')
    expect(verdict.decisions.map(({ category, decided }) => [category, decided])).toContainEqual([
      'guard/threat',
      'block',
    ])
    expect(verdict.detectors).toMatchObject({ own: '1' })
    expect(await inspect(opened, 'Good morning')).toMatchObject({
      action: 'allow',
      decisions: [],
      failures: [],
      detectors: { own: '1', guard: 'guard' },
    })
    const counted = await opened.metrics.text()
    expect(counted).toContain('sallyport_detector_checks_total{detector="own",outcome="found"} 1')
    expect(counted).toContain('sallyport_detector_checks_total{detector="own",outcome="clear"} 1')
  })

  it('is asked nothing where no rule is about what it reports', async () => {
    await using webhook = await startFakeWebhook()
    const opened = open({ detectors: { own: webhookAt(webhook.url) }, profiles: profileOf({}) })
    expect(await inspect(opened, 'I will hurt you')).toMatchObject({ action: 'allow', detectors: {} })
    expect(webhook.asked).toEqual([])
  })

  it('blocks where its verdict cannot be read, which is counted by itself', async () => {
    await using judge = await startFakeLlamaGuard()
    judge.answer = (response) => sendJson(response, { status: 200, body: { choices: [] } })
    const opened = open({
      detectors: { guard: judgeAt(judge.url) },
      profiles: profileOf({ 'toxicity/violence': { action: 'block' } }),
    })
    const said = (content: string) => ({ choices: [{ finish_reason: 'stop', message: { content } }] })
    judge.answer = (response) => sendJson(response, { status: 200, body: said('This is safe.') })
    expect(await inspect(opened, 'Good morning')).toMatchObject({
      action: 'block',
      decisions: [],
      failures: [{ detector: 'guard', onFailure: 'closed', why: 'unreadable' }],
    })
    const counted = await opened.metrics.text()
    expect(counted).toContain('sallyport_detector_checks_total{detector="guard",outcome="unreadable-verdict"} 1')
  })

  it('goes on without it where the rule says so, and tells', async () => {
    const opened = open({
      detectors: { own: webhookAt('http://127.0.0.1:9/check') },
      profiles: profileOf({ 'guard/threat': { action: 'block', on_failure: 'open' } }),
    })
    expect(await inspect(opened, 'I will hurt you')).toMatchObject({
      action: 'allow',
      failures: [{ detector: 'own', onFailure: 'open', why: 'fault' }],
    })
    await opened.available()
  })

  it('is needed for readiness where its failure would block', async () => {
    await using webhook = await startFakeWebhook()
    const rules = profileOf({ 'guard/threat': { action: 'block' } })
    await open({ detectors: { own: webhookAt(webhook.url) }, profiles: rules }).available()
    expect(webhook.asked).toHaveLength(1)
    expect(webhook.asked[0]?.body).toMatchObject({ texts: [] })
    const gone = open({ detectors: { own: webhookAt('http://127.0.0.1:9/check') }, profiles: rules })
    await expect(gone.available()).rejects.toThrow('The webhook could not be reached')
    const shadowed = profileOf({ 'guard/threat': { action: 'block', mode: 'shadow' } })
    await open({ detectors: { own: webhookAt('http://127.0.0.1:9/check') }, profiles: shadowed }).available()
  })
})

describe('a profile', () => {
  const refusal = (filters: object): string => {
    try {
      open(filters)
      return 'none'
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      return `${error.code}: ${error.message} ${error.advice ?? ''}`
    }
  }

  it('that names what no detector reports is refused, with what there is', () => {
    const detectors = { own: webhookAt('http://127.0.0.1:9/check') }
    const of = (category: string, rule: object = {}) =>
      refusal({ detectors, profiles: profileOf({ [category]: rule }) })
    expect(of('guard/threat')).toBe('none')
    expect(of('guard/threats')).toMatch(
      /invalid-config: .*staff\.inbound\.guard\/threats: nothing reports .*guard\/threat/s,
    )
    expect(of('guard/threat', { detectors: { other: 1 } })).toMatch(/there is no detector "other".*own/s)
    expect(refusal({ profiles: profileOf({ 'guard/threat': {} }) })).toMatch(/nothing reports "guard\/threat"/)
  })
})

describe('warming the filters of content', () => {
  it('lets each detector of this process read something once, and asks nobody else', async () => {
    await using webhook = await startFakeWebhook()
    const opened = open({
      detectors: { own: webhookAt(webhook.url) },
      profiles: profileOf({ 'guard/threat': { action: 'block' } }),
    })
    const asked: string[] = []
    for (const filter of opened.filters) {
      const inspect = filter.inspect.bind(filter)
      vi.spyOn(filter, 'inspect').mockImplementation((...of) => {
        asked.push(filter.name)
        return inspect(...of)
      })
    }
    await opened.warm(never)
    const own = opened.filters.map(({ name }) => name).filter((name) => !name.startsWith('own'))
    expect(own.length).toBeGreaterThan(4)
    expect(asked).toEqual(own)
    expect(webhook.asked).toEqual([])
  })
})
