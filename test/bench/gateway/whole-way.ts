import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLedgerFor } from '../../../src/compose/ledger-for.ts'
import type { ReceivedCall, UpstreamAnswer } from '../../../src/core/model-call.ts'
import { Secret } from '../../../src/core/secret.ts'
import { createLimitsFor } from '../../../src/gateway/admit/limits.ts'
import { createQuota } from '../../../src/gateway/admit/quota.ts'
import { createIdentify } from '../../../src/gateway/authenticate/authenticate.ts'
import { createKeyStore } from '../../../src/gateway/authenticate/keys.ts'
import { createAsk } from '../../../src/gateway/authorize/ask.ts'
import { createDecide } from '../../../src/gateway/authorize/decide.ts'
import { createGrantFor } from '../../../src/gateway/authorize/groups.ts'
import { shippedBundle } from '../../../src/gateway/authorize/open-policy.ts'
import { createPayloadPolicy } from '../../../src/gateway/authorize/payload/payload-policy.ts'
import { createPolicyGrantFor } from '../../../src/gateway/authorize/policy.ts'
import { openWasmEngine } from '../../../src/gateway/authorize/wasm-engine.ts'
import { gatewayOptions } from '../../../src/gateway/options.ts'
import { attemptOptions } from '../../../src/gateway/calls/attempts/options.ts'
import { createRouting } from '../../../src/gateway/calls/routing/routing.ts'
import { noModeration } from '../../../src/gateway/moderate/no-moderation.ts'
import { createCallPipeline } from '../../../src/gateway/pipeline.ts'
import { PrivacyReceipts } from '../../../src/gateway/privacy/receipts/receipts.ts'
import { openStorage } from '../../../src/storage/open-storage.ts'
import { storageOptions } from '../../../src/storage/options.ts'
import { callFacts } from '../../support/received-call.ts'
import { sandboxCeilings } from '../../support/sandbox/sandbox-ceilings.ts'
import { figure, timed, type Figures } from '../figures.ts'
import { routeTarget, routeTo } from '../../support/route-to.ts'

const rounds = 5_000
const deadlineMilliseconds = 10_000

/** Four limits for each caller, as a service has them. */
const limits = [
  { per: 'key', unit: 'requests', every: 'hour', most: 1e9 },
  { per: 'key', unit: 'tokens', every: 'day', most: 1e12 },
  { per: 'group', unit: 'tokens', every: 'month', most: 1e12 },
  { per: 'tenant', unit: 'tokens', every: 'month', most: 1e12 },
]

/**
 * A call through every stage but the masking of its values, one after the other: its key is known, rules are asked for the
 * grant and about the payload, quota is held and settled in the embedded store. The upstream answers at once.
 */
export async function measureWholeWay(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  const config = { storage: storageOptions.parse({ path: join(folder, 'sallyport.db') }), state_directory: folder }
  const { groups } = gatewayOptions.parse({ groups: { default: { models: ['*'], limits } } })
  try {
    await using storage = await openStorage(config, { for: 'service' })
    const keys = createKeyStore({ storage: async () => storage })
    const key = (await keys.create('bench', 'default')).key.reveal()
    const wasm = await openWasmEngine(readFileSync(shippedBundle), 'shipped')
    const engine = async () => wasm
    const ask = createAsk({
      decide: createDecide({ engine, deadlineMilliseconds }),
      timeZone: 'UTC',
      tenantOf: (group) => groups[group]?.tenant ?? null,
      onDecision: () => undefined,
    })
    const settings = { groups, dataSources: [], models: ['m'], sandboxCeilings, processors: 8 }
    await using quota = createQuota({
      limitsFor: createLimitsFor(groups),
      ledgerFor: createLedgerFor(async () => storage.quotas),
    })
    const attempts = attemptOptions.parse({})
    const routes = new Map([['m', routeTo('m', routeTarget({ upstream: 'one', model: 'm', renamed: false }))]])
    const pass = createCallPipeline({
      attempts,
      routing: createRouting(routes, attempts),
      identify: createIdentify(keys),
      quota,
      payload: createPayloadPolicy({
        ask,
        engine,
        deadlineMilliseconds,
        filterProfiles: {},
        privacyProfiles: {},
        onUnfitDemand: () => undefined,
      }),
      policy: {
        grantFor: createPolicyGrantFor(ask, createGrantFor(settings)),
        routes,
        upstreamsOf: () => ['one'],
        ownedIds: storage.ownedIds,
      },
      moderation: noModeration,
      privacy: {
        receipts: new PrivacyReceipts(),
        mask: async (call) => ({ ...call, masking: null }),
        restore: async (answer) => answer,
        forget: async () => undefined,
      },
    })
    const messages = [{ role: 'user', content: 'What did we sell in March, by region and by month? '.repeat(8) }]
    const body = Buffer.from(JSON.stringify({ model: 'm', messages, max_tokens: 200 }))
    const usage = { prompt_tokens: 90, completion_tokens: 20 }
    const answered: UpstreamAnswer = {
      status: 200,
      headers: [],
      kind: 'json',
      body: Buffer.from(JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'Much.' } }], usage })),
    }
    const signal = new AbortController().signal
    const call = async (): Promise<void> => {
      const received: ReceivedCall = {
        requestId: 'r1',
        channel: 'http',
        credential: new Secret(key),
        api: 'chat-completions',
        method: 'POST',
        path: '/chat/completions',
        headers: [],
        body,
        facts: { ...callFacts, outputTokens: 200 },
      }
      await pass(received, { dispatch: async () => answered, deliver: async () => undefined }, signal)
    }
    await timed(500, call)
    return { 'whole_way.call': figure(await timed(rounds, call)) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
