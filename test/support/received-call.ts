import type { Amounts } from '../../src/core/quotas.ts'
import type { Grant } from '../../src/core/grant.ts'
import type { AdmittedCall, AuthenticatedCall, AuthorizedCall, CallFacts } from '../../src/core/model-call.ts'
import { Secret } from '../../src/core/secret.ts'
import { sandboxCeilings } from './sandbox/sandbox-ceilings.ts'

export const callFacts: CallFacts = {
  model: 'm',
  streamed: false,
  outputTokens: null,
  hostedTools: [],
  ids: [],
  itemIds: [],
}

export const callGrant: Grant = {
  models: ['m'],
  hostedTools: [],
  tools: [],
  endpoints: [],
  dataSources: [],
  budget: { maximumSteps: 1, maximumTokens: 1_000, wallMilliseconds: 1_000, maximumCorrections: 0 },
  sandboxCeilings,
  filterProfile: 'default',
  privacyProfile: null,
  callFilterProfile: null,
  revealSql: 'never',
  findValues: 'none',
  grounding: 'off',
  tier: null,
  routeOrders: {},
  showRoutes: false,
  actions: 'off',
  metrics: false,
}

/** A call of the principal `ann`, with a body of so many bytes; null for none. */
export function authenticatedCall(facts: Partial<CallFacts> = {}, bytes: number | null = 0): AuthenticatedCall {
  return {
    requestId: 'r1',
    channel: 'http',
    credential: new Secret('sp-test'),
    api: 'chat-completions',
    method: 'POST',
    path: '/chat/completions',
    headers: [],
    body: bytes === null ? null : Buffer.alloc(bytes, 'x'),
    facts: { ...callFacts, ...facts },
    principal: { id: 'ann', kind: 'api-key', group: 'default' },
  }
}

export function authorizedCall(facts: Partial<CallFacts> = {}, bytes: number | null = 0): AuthorizedCall {
  const target = { upstream: 'one', model: 'm', renamed: false }
  return { ...authenticatedCall(facts, bytes), grant: callGrant, candidates: [target], target }
}

/** A call with a reservation that writes down what it is charged. */
export function admittedCall(bytes: number | null = 0): { readonly call: AdmittedCall; readonly uses: Amounts[] } {
  const uses: Amounts[] = []
  const reservation = {
    held: {},
    headers: [],
    use: (used: Amounts) => void uses.push(used),
    [Symbol.asyncDispose]: async () => undefined,
  }
  return { call: { ...authorizedCall({}, bytes), reservation }, uses }
}
