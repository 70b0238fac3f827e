import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import type { Amounts } from '../../../src/core/quotas.ts'
import { quotaInMemory } from '../../support/quota-in-memory.ts'
import { createIdentify } from '../../../src/gateway/authenticate/authenticate.ts'
import type { KeyStore } from '../../../src/gateway/authenticate/keys.ts'
import { createGrantFor } from '../../../src/gateway/authorize/groups.ts'
import { gatewayOptions } from '../../../src/gateway/options.ts'
import { createScreenerFor } from '../../../src/gateway/screen/screener-for.ts'
import { createStatementAuthorizer, type StatementReceived } from '../../../src/gateway/statements.ts'
import { chain, limits, never } from '../../support/filters/filter-fixtures.ts'
import { sandboxCeilings } from '../../support/sandbox/sandbox-ceilings.ts'
import { verifies } from '../../support/verifies.ts'

const groupOf: Readonly<Record<string, string>> = {
  'sp-analyst': 'default',
  'sp-chat': 'chat',
  'sp-bare': 'bare',
  'sp-gone': 'gone',
}
const keys = {
  find: async (secret) => {
    const group = groupOf[secret.reveal()]
    return group === undefined ? null : { id: secret.reveal(), kind: 'api-key', group }
  },
} as KeyStore

function createDesk() {
  const { groups } = gatewayOptions.parse({
    groups: {
      default: { data_sources: ['shop', 'stock'] },
      chat: { tools: ['describe_data', 'run_python'] },
      bare: { data_sources: [] },
      operator: {},
    },
  })
  return createStatementAuthorizer({
    identify: createIdentify(keys),
    grantFor: createGrantFor({
      groups,
      dataSources: ['payroll', 'shop', 'stock'],
      models: ['analyst'],
      sandboxCeilings,
      processors: 8,
    }),
    quota: quotaInMemory({ concurrentRequests: 2, tokensPerDay: 1_000 }),
    screenerFor: createScreenerFor({ chain, limits, profiles: {} }),
    tellRefused: async () => {},
  })
}

const from = (key: string | null, dataSource: string | null = null): StatementReceived => ({
  requestId: 'r1',
  channel: 'http',
  credential: key === null ? null : new Secret(key),
  dataSource,
})

describe('a statement of a caller', () => {
  it('is worked on for the principal of its key, on the first source of the grant', async () => {
    const request = await createDesk()(from('sp-analyst'), async (task) => task.request)
    expect(request.principal).toEqual({ id: 'sp-analyst', kind: 'api-key', group: 'default' })
    expect(request.dataSource).toBe('shop')
    expect((await createDesk()(from('sp-analyst', 'stock'), async (task) => task.request)).dataSource).toBe('stock')
  })

  it('is the local operator’s only where it comes from the command line', async () => {
    const local = await createDesk()({ ...from(null), channel: 'cli' }, async (task) => task.request)
    expect([local.principal.group, local.dataSource]).toEqual(['operator', 'payroll'])
  })

  it.each([
    ['without a key', from(null), 'unauthenticated'],
    ['with an unknown key', from('sp-guess'), 'unauthenticated'],
    ['of a group without run_sql', from('sp-chat', 'shop'), 'forbidden'],
    ['of a group without a policy', from('sp-gone', 'shop'), 'forbidden'],
    ['on a source outside the grant', from('sp-analyst', 'payroll'), 'not-found'],
    ['on a source that does not exist', from('sp-analyst', 'nowhere'), 'not-found'],
  ])('is not worked on %s', async (_claim, received, code) => {
    let worked = false
    const asked = createDesk()(received, async () => (worked = true))
    await expect(asked).rejects.toMatchObject({ code })
    expect(worked).toBe(false)
  })

  it.each([
    ['sp-analyst', 'payroll', 'There is no data source "payroll".', 'There are: shop, stock.', 'source'],
    ['sp-bare', null, 'There is no data source for you.', 'There are: none.', 'source'],
    [
      'sp-chat',
      null,
      'The group "chat" may not run SQL.',
      'Ask the operator: gateway.groups.chat.tools has to list run_sql.',
      undefined,
    ],
  ])(
    'of %s on %j gets an error that says what is wrong and what to do',
    async (key, source, message, advice, parameter) => {
      const asked = createDesk()(from(key, source), async () => null)
      await expect(asked).rejects.toMatchObject({ message, advice, parameter })
    },
  )

  it('may be repeated to its caller: the SQL is theirs', async () => {
    const statement = 'SELECT country, count(*) FROM customers WHERE city = $1 GROUP BY country ORDER BY 2'
    const text = await createDesk()(from('sp-analyst'), ({ screener }) => screener.text(statement, 'tool', never))
    expect(text).toBe(statement)
  })

  it('holds a place and no tokens', async () => {
    const held: Amounts[] = []
    const quota = quotaInMemory({ concurrentRequests: 2, tokensPerDay: 1_000 })
    const authorize = createStatementAuthorizer({
      identify: async () => ({ id: 'k', kind: 'api-key', group: 'default' }),
      grantFor: createGrantFor({
        groups: gatewayOptions.parse({}).groups,
        dataSources: ['shop'],
        models: [],
        sandboxCeilings,
        processors: 64,
      }),
      quota: { ...quota, reserve: (principal, bounds) => (held.push(bounds), quota.reserve(principal, bounds)) },
      screenerFor: createScreenerFor({ chain, limits, profiles: {} }),
      tellRefused: async () => {},
    })
    await authorize(from('sp-analyst'), async () => null)
    await authorize({ ...from('sp-analyst'), maximumRows: 100 }, async ({ countRows }) => countRows(3))
    expect(held).toEqual([{}, { rows: 100 }])
  })

  it('cannot tell a source that is forbidden from one that is missing', async () => {
    verifies('sql-http.hidden-source')
    const said = async (name: string) => {
      const error: unknown = await createDesk()(from('sp-analyst', name), async () => null).catch((thrown) => thrown)
      const { message, advice } = error as { message: string; advice: string }
      return `${message} ${advice}`.replaceAll(name, 'X')
    }
    expect(await said('payroll')).toBe(await said('nowhere'))
  })

  it('takes a place of its caller while it is worked on, and gives it back after a fault', async () => {
    verifies('sql-http.place')
    const authorize = createDesk()
    const { promise, resolve } = Promise.withResolvers<null>()
    const held = [authorize(from('sp-analyst'), () => promise), authorize(from('sp-analyst'), () => promise)]
    await expect
      .poll(() => authorize(from('sp-analyst'), async () => 'in').catch((error) => error.code))
      .toBe('rate-limited')
    resolve(null)
    await Promise.all(held)
    await expect(authorize(from('sp-analyst'), () => Promise.reject(new Error('broke')))).rejects.toThrow('broke')
    const [one, two] = [authorize(from('sp-analyst'), async () => 1), authorize(from('sp-analyst'), async () => 2)]
    expect(await Promise.all([one, two])).toEqual([1, 2])
  })

  it('comes back through the filters of its group', async () => {
    const text = await createDesk()(from('sp-analyst'), ({ screener }) =>
      screener.text('write to ada@example.com', 'row', never),
    )
    expect(text).not.toContain('ada@example.com')
  })
})
