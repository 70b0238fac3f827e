import { ServiceError } from '../../../src/core/errors.ts'
import type { SandboxTrace } from '../../../src/core/detection-facts.ts'
import { Secret } from '../../../src/core/secret.ts'
import type { SandboxOperations, SeenSandbox } from '../../../src/core/sandbox-operations.ts'
import type { SeenSource, SourceOversight } from '../../../src/core/seen-sources.ts'
import type { TrafficSummary } from '../../../src/core/traffic.ts'
import type { WebSignIns } from '../../../src/gateway/authenticate/web-sessions/web-sign-ins.ts'
import type { ListedModels } from '../../../src/gateway/calls/routing/listed-models.ts'

export const exampleSandbox: SeenSandbox = {
  id: 'sbx-0123456789abcdef',
  kind: 'container',
  driver: 'runsc',
  state: 'running',
  kernel: '[    0.000000] Starting gVisor...',
  origin: 'snapshot',
  holder: 'key_ann',
  ageMilliseconds: 60_000.4,
  heldMilliseconds: 1_000,
  idleMilliseconds: null,
  limits: { memoryMegabytes: 512, cpus: 1, processes: 64 },
}

export const exampleTrace: SandboxTrace = {
  isOver: false,
  isUnheard: false,
  figures: { messages: 120, bytes: 14_000, told: 300, alerts: 1, suppressed: 2, lost: 0, malformed: 0 },
  alerts: [
    {
      type: 'sandbox-alert',
      id: exampleSandbox.id,
      tenant: 'key_ann',
      cell: 3,
      rule: 'Credentials read',
      priority: 'warning',
      tags: ['T1003.008'],
      at: 0,
      output: 'Code of a sandbox opens /etc/shadow\u001B[2J (python3)',
      fields: { 'fd.name': '/etc/shadow' },
      suppressed: 2,
      ended: true,
    },
  ],
}

/** Sandboxes of a service that has one in use, until it is ended. */
export function sandboxesDouble(): SandboxOperations & { readonly ended: readonly string[] } {
  const ended: string[] = []
  let isDraining = false
  return {
    ended,
    seen: async () => ({
      driver: { name: 'runsc', why: null, proof: 'stands', fault: null, missingWalls: ['No limit of tasks.'] },
      pool: { ready: 0, starting: 0, claimed: 1, waiting: 0, maximum: 16, maximumReady: 4 },
      isDraining,
      sandboxes: [exampleSandbox],
    }),
    end: async (id) => {
      if (id !== exampleSandbox.id) return false
      ended.push(id)
      return true
    },
    trace: async (id) => (id === exampleSandbox.id ? exampleTrace : null),
    drain: async () => void (isDraining = true),
    resume: () => void (isDraining = false),
  }
}

const latency = { p50: 120.4, p95: 900, p99: 2_000 }

/** An hour in which one caller was refused. */
export const exampleTraffic: TrafficSummary = {
  countedFor: 3_600_000,
  requests: 3,
  refused: 1,
  failed: 0,
  latency,
  points: [
    { beganAgo: 60_000, requests: 3, refused: 1, failed: 0, latency },
    { beganAgo: 0, requests: 0, refused: 0, failed: 0, latency: null },
  ],
  refusals: [{ stage: 'request', reason: 'invalid-request', count: 1 }],
  uses: [{ group: 'sales', unit: 'tokens', amount: 15 }],
  upstreams: new Map(),
}

export const exampleModels: ListedModels = {
  own: { model: 'demo', scripted: true, address: null },
  upstreams: [
    {
      name: 'one',
      kind: 'openai',
      address: 'https://one.example/v1',
      region: null,
      calls: { answered: 2, failed: 1, cancelled: 0, latency },
      models: [{ name: 'm', model: 'm-1', breaker: 'open', abilities: ['tools'], hasPrice: false }],
    },
  ],
  routes: [
    {
      name: 'fast',
      strategy: 'latency',
      targets: [{ name: 'm', upstream: 'one', weight: 1, tier: null, breaker: 'open' }],
    },
  ],
}

const facts = { kind: 'postgresql', groups: ['sales'], maximumLagMilliseconds: 60_000 }
const freshness = { asOf: new Date('2026-11-30T12:00:00Z'), lagMilliseconds: 250, lagEstimated: true }

/** Sources of which one is as it should be, one is down, and one was not looked at. */
export const exampleSources: readonly SeenSource[] = [
  {
    ...facts,
    name: 'shop',
    look: {
      ago: 1_000.2,
      took: 20,
      found: { state: 'usable', role: 'reader', standby: true, excess: [], freshness },
    },
  },
  {
    ...facts,
    name: 'down',
    look: {
      ago: 10,
      took: 5_000,
      found: { state: 'unusable', code: 'database-unavailable', message: 'It does not answer.', advice: 'Look.' },
    },
  },
  { ...facts, name: 'new', look: null },
]

export const sourcesDouble: SourceOversight = {
  list: () => exampleSources,
  check: async (name) => {
    const found = exampleSources.find((each) => each.name === name)
    if (found === undefined) throw new ServiceError('not-found', 'There is no such data source.')
    return found
  },
}

/** Makes links that sign nobody in. */
export const linksDouble: Pick<WebSignIns, 'makeLink'> = {
  makeLink: async () => ({ secret: new Secret(`spl_${'A'.repeat(43)}`), expires: '2026-11-30T12:15:00.000Z' }),
}
