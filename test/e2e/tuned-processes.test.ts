import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openContentFilters } from '../../src/compose/content-filters.ts'
import { tunablePlaces } from '../../src/compose/tuning-parts.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import { serviceDefaults } from '../../src/config/service-defaults.ts'
import { defaultBounds } from '../../src/feedback/rollouts/bounds.ts'
import { openStorage, type OpenedStorage } from '../../src/storage/open-storage.ts'
import type { Served } from '../support/cli/sallyport-process.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import { exampleRollout } from '../support/feedback/tuning-examples.ts'
import { serveModels } from '../support/http/model-gateway.ts'
import { UpstreamServer } from '../support/http/upstream/upstream-server.ts'
import { verifies } from '../support/verifies.ts'

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: thresholds of two processes over PostgreSQL, ${problem}\n`)

const filters = {
  version: 4,
  inbound: { pii: { action: 'allow' }, 'pii/email': { action: 'block', threshold: 0.99 } },
  outbound: { pii: { action: 'allow' }, link: { action: 'allow' } },
}
const place = { group: 'default', direction: 'inbound', rule: 'pii/email' } as const

let cluster: PostgresCluster
let upstream: UpstreamServer
let services: Served[] = []
let config: Config
let storage: OpenedStorage
beforeAll(async () => {
  if (problem !== null) return
  cluster = await startCluster()
  const name = `tuned_${randomUUID().replaceAll('-', '')}`
  await cluster.execute(`CREATE DATABASE ${name}`)
  upstream = await UpstreamServer.start({ kind: 'openai' })
  const environment = {
    SALLYPORT_STORAGE_KIND: 'postgresql',
    SALLYPORT_STORAGE_URL: cluster.primaryUrl.replace(/\/postgres$/, `/${name}`),
    // Each has a folder of secrets of its own, and one that seals by another key is refused.
    SALLYPORT_PRIVACY_KEY: randomBytes(32).toString('hex'),
    SALLYPORT_FEEDBACK_LIMITS: JSON.stringify({ 'pii/email': { lowest: 0.5, highest: 0.99 } }),
  }
  const options = { origins: { openai: upstream.origin }, filters, environment }
  // One after the other: the first makes the key, and both have the same file of the service's keys.
  const first = await serveModels(options)
  services = [first]
  const keys = first.environment['SALLYPORT_GATEWAY_KEYS_FILE'] ?? ''
  const shared = { ...environment, SALLYPORT_GATEWAY_KEYS_FILE: keys }
  services.push(await serveModels({ ...options, environment: shared, knownKey: first.key }))
  const variables = first.environment
  config = loadConfig({ variables, workingDirectory: '/', flags: {}, defaults: serviceDefaults }).config
  storage = await openStorage(config, { for: 'command' })
})
afterAll(async () => {
  await storage?.[Symbol.asyncDispose]()
  await Promise.all(services.map((service) => service[Symbol.asyncDispose]()))
  await upstream?.[Symbol.asyncDispose]()
  await cluster?.[Symbol.asyncDispose]()
})

/** The status that each of the processes answers the same prompt with. */
const statuses = () =>
  Promise.all(
    services.map(async ({ url }) => {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${services[0]?.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'gpt-5',
          messages: [{ role: 'user', content: 'Write to maria.schneider@example.org, please.' }],
        }),
      })
      await response.text()
      return response.status
    }),
  )

/** Both may have begun to put it back; what they said at the end tells which of them did. */
const rollbacksOf = ({ environment }: Served) =>
  readFileSync(environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? '', 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly fact: { readonly event: string; readonly first?: boolean } }).fact)
    .filter(({ event, first }) => event === 'tuning-rollback-end' && first === true)

describe.skipIf(problem !== null)('two processes over one PostgreSQL', () => {
  it('go by one threshold, count it together, and one of them puts it back for both', async () => {
    verifies('tuning.processes')
    expect(await statuses()).toEqual([200, 200])
    const content = openContentFilters(config, { onFilterFailure: () => undefined, onDetectorOutcome: () => undefined })
    const { detectors } = tunablePlaces(config, content).now(place, { thresholds: [] })
    // All is within such bounds, so that the watch leaves it alone.
    const bounds = { mostActedRatio: 1_000, mostActedIncrease: 1, mostComplaintIncrease: 100, error: 0.05 }
    const set = { name: 'november', version: 1, digest: 'd1' }
    await storage.proposals.keep({ id: 'tpr_1', place, from: 0.99, to: 0.9, set, detectors, figures: '{}', by: 'anna' })
    const { id: _id, ...given } = exampleRollout({ place, from: 0.99, to: 0.9, share: 1, detectors, bounds })
    const begun = await storage.rollouts.begin({ ...given, id: 'rol_two' }, { by: 'anna', why: 'too many pass' })
    const canary = await storage.rollouts.step(begun, { to: 'canary', by: 'anna', why: 'a look' }, { share: 1 })
    if (canary === null) throw new Error('the rollout was changed by somebody else')
    await expect.poll(statuses, { interval: 200 }).toEqual([400, 400])
    const before = (await countedInCanary()) ?? 0
    for (let round = 0; round < 5; round += 1) expect(await statuses()).toEqual([400, 400])
    // Each of the two has counted five, and no call is lost or counted twice.
    await expect.poll(countedInCanary, { interval: 200 }).toBeGreaterThanOrEqual(10)
    expect(await countedInCanary()).toBeGreaterThanOrEqual(before)
    const bounded = { to: 'canary', by: 'anna', why: 'closer bounds' } as const
    expect(await storage.rollouts.step(canary, bounded, { bounds: defaultBounds })).not.toBeNull()
    await expect.poll(statuses, { interval: 200 }).toEqual([200, 200])
    expect(services.flatMap(rollbacksOf)).toMatchObject([{ done: true }])
    const ended = await storage.rollouts.find('rol_two')
    expect(ended?.steps.filter(({ to }) => to === 'rolled-back')).toMatchObject([{ by: 'automatic' }])
  })
})

const countedInCanary = async () =>
  (await storage.rollouts.seen('rol_two'))?.counts
    .filter(({ stage }) => stage === 'canary')
    .reduce((sum, { requests }) => sum + requests, 0)
