import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { serviceDefaults } from '../../src/config/service-defaults.ts'
import type { Config } from '../../src/config/schema.ts'
import { openContentFilters } from '../../src/compose/content-filters.ts'
import { tunablePlaces } from '../../src/compose/tuning-parts.ts'
import { defaultBounds } from '../../src/feedback/rollouts/bounds.ts'
import { openGivenKeyRing } from '../../src/gateway/privacy/keys/service-key.ts'
import { SampleVault } from '../../src/sealed/sample-vault.ts'
import { openStorage, type OpenedStorage } from '../../src/storage/open-storage.ts'
import type { Served } from '../support/cli/sallyport-process.ts'
import { exampleRollout } from '../support/feedback/tuning-examples.ts'
import { serveModels } from '../support/http/model-gateway.ts'
import { UpstreamServer } from '../support/http/upstream/upstream-server.ts'
import { verifies } from '../support/verifies.ts'

const mail = 'Write to maria.schneider@example.org, please.'
const filters = {
  version: 4,
  inbound: { pii: { action: 'allow' }, 'pii/email': { action: 'block', threshold: 0.99 } },
  outbound: { pii: { action: 'allow' }, link: { action: 'allow' } },
}
const feedback = {
  SALLYPORT_FEEDBACK_LIMITS: JSON.stringify({ 'pii/email': { lowest: 0.5, highest: 0.99 } }),
  SALLYPORT_FEEDBACK_RECORD_SAMPLE: '1',
  SALLYPORT_FEEDBACK_RECORD_TEXTS: 'true',
}

let upstream: UpstreamServer
let service: Served
let config: Config
let storage: OpenedStorage
beforeAll(async () => {
  upstream = await UpstreamServer.start({ kind: 'openai' })
  service = await serveModels({ origins: { openai: upstream.origin }, filters, metrics: true, environment: feedback })
  const variables = service.environment
  config = loadConfig({ variables, workingDirectory: '/', flags: {}, defaults: serviceDefaults }).config
  storage = await openStorage(config, { for: 'command' })
})
afterAll(async () => {
  await storage[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

async function ask(content: string) {
  const response = await fetch(`${service.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content }] }),
  })
  await response.text()
  return { status: response.status, decision: response.headers.get('x-sallyport-decision') ?? '' }
}

const factsOf = (is: (fact: Record<string, unknown>) => boolean) =>
  readFileSync(service.environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? '', 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly fact: Record<string, unknown> }).fact)
    .filter(is)

const factOf = (of: string) => factsOf(({ decision }) => decision === of)[0]

const place = { group: 'default', direction: 'inbound', rule: 'pii/email' } as const

describe('a service whose thresholds are tuned', () => {
  it('goes by a canary within seconds, says so, keeps what was decided without a value, and goes back', async () => {
    verifies('tuning.in-force', 'tuning.recorded', 'tuning.masked', 'tuning.trial')
    expect((await ask(mail)).status).toBe(200)
    const content = openContentFilters(config, { onFilterFailure: () => undefined, onDetectorOutcome: () => undefined })
    const { detectors } = tunablePlaces(config, content).now(place, { thresholds: [] })
    // All is within such bounds, so that the watch leaves it alone.
    const wide = { mostActedRatio: 1_000, mostActedIncrease: 1, mostComplaintIncrease: 100, error: 0.05 }
    const set = { name: 'november', version: 1, digest: 'd1' }
    const proposed = { id: 'tpr_1', place, from: 0.99, to: 0.9, set, detectors, figures: '{}', by: 'anna' }
    await storage.proposals.keep(proposed)
    const { id: _id, ...given } = exampleRollout({ place, from: 0.99, to: 0.9, share: 1, detectors, bounds: wide })
    const begun = await storage.rollouts.begin({ ...given, id: 'rol_mail' }, { by: 'anna', why: 'too many pass' })
    const canary = await storage.rollouts.step(begun, { to: 'canary', by: 'anna', why: 'a look' }, { share: 1 })
    if (canary === null) throw new Error('the rollout was changed by somebody else')
    await expect.poll(async () => (await ask(mail)).status, { interval: 200 }).toBe(400)
    const blocked = await ask(mail)
    expect(factOf(blocked.decision)).toMatchObject({
      action: 'block',
      profile: { name: 'callers', version: 4 },
      tuning: { canary: 'rol_mail' },
    })
    const kept = () => storage.recordedDecisions.find(blocked.decision)
    await expect.poll(kept).toMatchObject({
      group: 'default',
      canary: 'rol_mail',
      stratum: 'withheld',
      scores: [{ rule: 'pii/email', threshold: 0.9, effective: 'block', isBound: false, detectors }],
    })
    const vault = new SampleVault(storage.recordedDecisions, () => openGivenKeyRing(config))
    expect(await vault.open(blocked.decision)).toContain('Write to [email], please.')
    expect(readFileSync(config.storage.path ?? '').includes('maria.schneider')).toBe(false)
    // A call between the two steps may have been counted in shadow.
    const counted = async () =>
      (await storage.rollouts.seen('rol_mail'))?.counts.filter(({ stage }) => stage === 'canary') ?? []
    await expect.poll(counted).toMatchObject([{ stage: 'canary', arm: 'canary', actedBefore: 0 }])
    const [first] = await counted()
    expect(first?.requests).toBeGreaterThanOrEqual(2)
    expect(first?.onlyAfter).toBe(first?.requests)
    // It acts on all that nothing was done about before: within the bounds that there are by default it does not stay.
    const bounded = { to: 'canary', by: 'anna', why: 'closer bounds' } as const
    expect(await storage.rollouts.step(canary, bounded, { bounds: defaultBounds })).not.toBeNull()
    await expect.poll(async () => (await ask(mail)).status, { interval: 200 }).toBe(200)
    const ended = await storage.rollouts.find('rol_mail')
    expect(ended?.steps.at(-1)).toMatchObject({ to: 'rolled-back', by: 'automatic' })
    const facts = factsOf(({ rollout }) => rollout === 'rol_mail')
    expect(facts).toMatchObject([{ event: 'tuning-rollback', by: 'automatic', group: 'default', from: 0.99, to: 0.9 }])
    expect(facts).toMatchObject([
      { set: 'november@1', digest: 'd1', share: 1, why: expect.stringContaining('acts on') as string },
    ])
    const metrics = await fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${service.key}` } })
    const text = await metrics.text()
    expect(text).toMatch(/sallyport_tuning_compared_total\{stage="canary",arm="canary",acts="only-after"\} [1-9]/)
    expect(text).toMatch(
      /sallyport_tuning_decisions_total\{group="default",direction="inbound",stratum="withheld"\} [1-9]/,
    )
    expect(text).toMatch(/sallyport_tuning_revision [1-9]/)
  })
})
