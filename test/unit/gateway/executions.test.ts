import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import type { ExecutionReceived } from '../../../src/core/execution.ts'
import type { ToolName } from '../../../src/core/grant.ts'
import { createIdentify } from '../../../src/gateway/authenticate/authenticate.ts'
import type { KeyStore } from '../../../src/gateway/authenticate/keys.ts'
import { createGrantFor } from '../../../src/gateway/authorize/groups.ts'
import { createExecutionAuthorizer } from '../../../src/gateway/executions.ts'
import { gatewayOptions } from '../../../src/gateway/options.ts'
import { createScreenerFor } from '../../../src/gateway/screen/screener-for.ts'
import { chain, limits } from '../../support/filters/filter-fixtures.ts'
import { quotaInMemory } from '../../support/quota-in-memory.ts'
import { sandboxCeilings } from '../../support/sandbox/sandbox-ceilings.ts'

const keys = {
  find: async (secret) => {
    const group = { 'sp-analyst': 'default', 'sp-shell': 'other', 'sp-sql': 'sql' }[secret.reveal()]
    if (secret.reveal() === 'sp-asks-only') return { id: 'asks', kind: 'api-key', group: 'other', scopes: ['ask'] }
    return group === undefined ? null : { id: secret.reveal(), kind: 'api-key', group }
  },
} as KeyStore

function createDesk() {
  const { groups } = gatewayOptions.parse({
    groups: { default: {}, other: { tools: ['run_shell'] }, sql: { tools: ['run_sql'] } },
  })
  const models = ['analyst']
  return createExecutionAuthorizer({
    identify: createIdentify(keys),
    grantFor: createGrantFor({ groups, dataSources: [], models, sandboxCeilings, processors: 8 }),
    quota: quotaInMemory({ concurrentRequests: 1, tokensPerDay: 1_000 }),
    screenerFor: createScreenerFor({ chain, limits, profiles: {} }),
    tellRefused: async () => {},
  })
}

const from = (key: string | null): ExecutionReceived => ({
  requestId: 'r1',
  channel: 'http',
  credential: key === null ? null : new Secret(key),
  sessionId: null,
})

const wish = (...tools: ToolName[]) => ({ tools, most: () => 1_000 })

describe('a program that a caller brings', () => {
  it('is worked on for the principal of its key where its language is granted', async () => {
    const request = await createDesk()(from('sp-analyst'), wish('run_python'), async (task) => task.request)
    expect(request.principal).toEqual({ id: 'sp-analyst', kind: 'api-key', group: 'default' })
  })

  it.each([
    ['without a key', null, 'run_python', 'unauthenticated'],
    ['of an unknown key', 'sp-nobody', 'run_python', 'unauthenticated'],
    ['of a key that is for questions alone', 'sp-asks-only', 'run_shell', 'forbidden'],
    ['of a group without the tool', 'sp-sql', 'run_python', 'forbidden'],
    ['of shell, which no group has by default', 'sp-analyst', 'run_shell', 'forbidden'],
  ] as const)('%s is refused before any work', async (_name, key, tool, code) => {
    const work = createDesk()(from(key), wish(tool), () => Promise.reject(new Error('it was worked on')))
    await expect(work).rejects.toMatchObject({ code })
  })

  it('says which language is not granted, and where it would be', async () => {
    const work = createDesk()(from('sp-sql'), wish('run_javascript'), async () => null)
    await expect(work).rejects.toMatchObject({
      message: 'The group "sql" may not run JavaScript.',
      advice: 'Ask the operator: gateway.groups.sql.tools has to list run_javascript.',
    })
  })

  it('holds a place until its work is over', async () => {
    const desk = createDesk()
    await desk(from('sp-shell'), wish('run_shell'), async () => {
      await expect(desk(from('sp-shell'), wish('run_shell'), async () => null)).rejects.toMatchObject({
        code: 'rate-limited',
      })
    })
    await expect(desk(from('sp-shell'), wish('run_shell'), async () => 'done')).resolves.toBe('done')
  })
})
