import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { StatementAnswer, StatementVerdict } from '../../../../src/core/statement.ts'
import type { StatementReceived } from '../../../../src/gateway/statements.ts'
import type { Problem } from '../../../../src/http/problem.ts'
import { startService, type TestService } from '../../../support/http/http-service.ts'
import { verifies } from '../../../support/verifies.ts'

const findings = [{ rule: 'sql/not-select', line: 2, column: 3, message: 'Only SELECT runs.' }] as const
const answer: StatementAnswer = {
  kind: 'result',
  source: 'shop',
  ranIn: 'shop (pglite)',
  canonical: null,
  result: {
    columns: [{ name: 'n', type: 'bigint' }],
    rows: [['9007199254740993'], [null]],
    truncated: 'rows',
    asOf: new Date(0),
    lagMilliseconds: 120,
    lagEstimated: true,
    milliseconds: 7,
  },
}
const verdict: StatementVerdict = {
  kind: 'accepted',
  value: {
    relations: ['public.orders'],
    columns: ['public.orders.id'],
    functions: [],
    canonical: 'SELECT id FROM public.orders LIMIT 11',
    masks: [{ position: 0, relation: 'public.orders', column: 'id', how: 'hash' }],
    rowLimit: 10,
  },
}

/** Gives prepared answers and records how it was asked. */
function recorder(given: { answer?: StatementAnswer; verdict?: StatementVerdict; fault?: Error }) {
  const asked: { received: StatementReceived; statement: string; maximumRows?: number | null }[] = []
  return {
    asked,
    statements: {
      run: async (
        received: StatementReceived,
        request: { readonly statement: string; readonly maximumRows: number | null },
      ) => {
        asked.push({ received, ...request })
        if (given.fault !== undefined) throw given.fault
        return given.answer ?? answer
      },
      check: async (received: StatementReceived, statement: string) => {
        asked.push({ received, statement })
        if (given.fault !== undefined) throw given.fault
        return given.verdict ?? verdict
      },
    },
  }
}

const run = (service: TestService, body: unknown) => service.post(body, {}, '/v1/sql')
const check = (service: TestService, body: unknown) => service.post(body, {}, '/v1/sql/check')

describe('POST /v1/sql', () => {
  it('answers rows with their columns, when they were read and how far behind the server was', async () => {
    const { statements, asked } = recorder({})
    await using service = await startService({ statements })
    const response = await run(service, { statement: 'SELECT 1', source: 'shop', max_rows: 2 })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({
      source: 'shop',
      columns: [{ name: 'n', type: 'bigint', masked: null }],
      rows: [['9007199254740993'], [null]],
      truncated: 'rows',
      as_of: '1970-01-01T00:00:00.000Z',
      lag_ms: 120,
      lag_estimated: true,
      findings: [],
      duration_ms: 7,
    })
    expect(asked[0]).toMatchObject({
      statement: 'SELECT 1',
      maximumRows: 2,
      received: { channel: 'http', dataSource: 'shop' },
    })
    expect(asked[0]?.received.credential?.reveal()).toBe('sp-test')
  })

  it('shows the text that ran only where policy always does', async () => {
    const shown = recorder({ answer: { ...answer, canonical: 'SELECT 1 LIMIT 11' } })
    await using service = await startService({ statements: shown.statements })
    expect(await (await run(service, { statement: 'SELECT 1' })).json()).toMatchObject({
      canonical: 'SELECT 1 LIMIT 11',
    })
    expect(shown.asked[0]).toMatchObject({ maximumRows: null, received: { dataSource: null } })
  })

  it('answers a refusal as a problem with the findings as data', async () => {
    const { statements } = recorder({ answer: { kind: 'refused', findings } })
    await using service = await startService({ statements })
    const response = await run(service, { statement: 'DROP TABLE orders' })
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(await response.json()).toMatchObject({
      code: 'refused',
      detail: 'line 2, column 3: Only SELECT runs. [sql/not-select]',
      findings,
      error: { param: 'statement', type: 'invalid_request_error' },
    })
  })

  it.each([
    [{}, 'statement'],
    [{ statement: '' }, 'statement'],
    [{ statement: ['SELECT 1'] }, 'statement'],
    [{ statement: 'SELECT 1', max_rows: 0 }, 'max_rows'],
    [{ statement: 'SELECT 1', max_rows: 1.5 }, 'max_rows'],
    [{ statement: 'SELECT 1', max_rows: 1e9 }, 'max_rows'],
    [{ statement: 'SELECT 1', source: '' }, 'source'],
    [{ statement: 'SELECT 1', source: 'x'.repeat(65) }, 'source'],
    [{ statement: 'SELECT 1', maxrows: 5 }, 'maxrows'],
    [['SELECT 1'], 'The body'],
    [null, 'The body'],
  ])('names what is wrong with %j and asks nothing', async (body, named) => {
    const { statements, asked } = recorder({})
    await using service = await startService({ statements })
    const response = await run(service, body)
    expect(response.status).toBe(400)
    expect(((await response.json()) as Problem).detail).toContain(named)
    expect(asked).toEqual([])
  })

  it.each([
    [new ServiceError('forbidden', 'The group "default" may not run SQL.'), 403],
    [new ServiceError('not-found', 'There is no data source "payroll".', { parameter: 'source' }), 404],
    [new ServiceError('rate-limited', 'Four requests are running.', { retryAfterSeconds: 5 }), 429],
    [new ServiceError('database-unavailable', 'The replica is down.'), 503],
    [new ServiceError('deadline-exceeded', 'It took too long.'), 504],
    [new Error('password is hunter2'), 500],
  ])('answers %s with its status, and never with what is inside', async (fault, status) => {
    const { statements } = recorder({ fault })
    await using service = await startService({ statements })
    const response = await run(service, { statement: 'SELECT 1' })
    expect(response.status).toBe(status)
    const text = await response.text()
    expect(text).not.toContain('hunter2')
    expect(JSON.parse(text)).toMatchObject({ status })
  })

  it('needs a key, before the body is read', async () => {
    const { statements, asked } = recorder({})
    await using service = await startService({ statements })
    const body = { statement: 'SELECT 1' }
    expect((await service.post(body, { authorization: 'Bearer sp-guess' }, '/v1/sql')).status).toBe(401)
    expect((await service.post(body, { authorization: '' }, '/v1/sql/check')).status).toBe(401)
    expect(asked).toEqual([])
  })

  it('stops the statement when its caller goes away', async () => {
    const stopped = Promise.withResolvers<unknown>()
    await using service = await startService({
      statements: {
        ...recorder({}).statements,
        run: (_received, _request, signal) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              stopped.resolve(signal.reason)
              reject(signal.reason as Error)
            })
          }),
      },
    })
    const controller = new AbortController()
    const asked = fetch(`${service.url}/v1/sql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sp-test' },
      body: '{"statement":"SELECT 1"}',
      signal: controller.signal,
    }).catch(() => null)
    setTimeout(() => controller.abort(), 100)
    expect(await stopped.promise).toMatchObject({ code: 'cancelled' })
    await asked
  })
})

describe('POST /v1/sql/check', () => {
  it('answers an allow with everything the gate resolved', async () => {
    const { statements } = recorder({})
    await using service = await startService({ statements })
    const response = await check(service, { statement: 'SELECT id FROM orders' })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      verdict: 'allow',
      findings: [],
      relations: ['public.orders'],
      columns: ['public.orders.id'],
      functions: [],
      canonical: 'SELECT id FROM public.orders LIMIT 11',
      masks: [{ position: 0, relation: 'public.orders', column: 'id', how: 'hash' }],
      row_limit: 10,
    })
  })

  it('answers a refusal like any verdict, since the check did not fail', async () => {
    verifies('sql-http.check-refuses')
    const { statements } = recorder({ verdict: { kind: 'refused', findings } })
    await using service = await startService({ statements })
    const response = await check(service, { statement: 'DROP' })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ verdict: 'refuse', findings })
  })

  it('takes no row limit: nothing runs', async () => {
    await using service = await startService({ statements: recorder({}).statements })
    expect((await check(service, { statement: 'SELECT 1', max_rows: 5 })).status).toBe(400)
  })
})
