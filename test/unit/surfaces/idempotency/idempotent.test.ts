import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { ExecutionService } from '../../../../src/surfaces/executions.ts'
import { ServiceError } from '../../../../src/core/errors.ts'
import { idempotent } from '../../../../src/surfaces/idempotency/idempotent.ts'
import { KeptAnswers } from '../../../../src/surfaces/idempotency/kept-answers.ts'
import { key, onlyKey, startService } from '../../../support/http/http-service.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'
import { verifies } from '../../../support/verifies.ts'

type Run = ExecutionService['run']
const path = '/v1/execute'
const done = (text: string) =>
  ({
    kind: 'result',
    cell: cellResult({ stdout: { text, truncated: false } }),
    files: [],
    missing: [],
    ranIn: 'gVisor (runsc)',
    renewed: null,
  }) as const

async function counting(run: (call: number) => ReturnType<Run>, settings = {}) {
  let calls = 0
  const service = await startService({ executions: { run: () => run((calls += 1)) }, settings })
  const ask = (idempotencyKey: string | null, body: object = { code: 'x' }, headers = {}) =>
    service.post(body, { ...headers, ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }) }, path)
  return { service, ask, calls: () => calls, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() }
}

describe('a request with an Idempotency-Key', () => {
  it('is done once: repeated with the same body, in any order of its members, it has the same answer', async () => {
    verifies('execute.once')
    await using desk = await counting(async (call) => done(`run ${call}`))
    const first = await desk.ask('k', { code: 'x', session: 's' })
    const again = await desk.ask('k', { session: 's', code: 'x' })
    expect(await again.text()).toBe(await first.text())
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'))
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'))
    expect(desk.calls()).toBe(1)
    expect(await (await desk.ask('other')).text()).toContain('run 2')
    await desk.ask(null)
    expect(desk.calls()).toBe(3)
  })

  it('of another body is 422, and nothing is done', async () => {
    verifies('execute.other-body')
    await using desk = await counting(async (call) => done(`run ${call}`))
    await desk.ask('k', { code: 'x' })
    const other = await desk.ask('k', { code: 'y' })
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([422, 'idempotency-mismatch'])
    expect(desk.calls()).toBe(1)
  })

  it('is 409 while the first is answered', async () => {
    const gate = Promise.withResolvers<void>()
    await using desk = await counting(async (call) => {
      await gate.promise
      return done(`run ${call}`)
    })
    const first = desk.ask('k')
    await expect.poll(desk.calls).toBe(1)
    const second = await desk.ask('k')
    expect([second.status, second.headers.get('retry-after')]).toEqual([409, '1'])
    gate.resolve()
    expect((await first).status).toBe(200)
    expect((await desk.ask('k')).status).toBe(200)
    expect(desk.calls()).toBe(1)
  })

  it("is another caller's own", async () => {
    await using desk = await counting(async (call) => done(`run ${call}`))
    await desk.ask('k')
    const other = await desk.ask('k', { code: 'x' }, { authorization: `Bearer ${onlyKey('execute')}` })
    expect(await other.text()).toContain('run 2')
  })

  it('streams its answer again', async () => {
    await using desk = await counting(async (call) => done(`run ${call}`))
    const body = { code: 'x', stream: true }
    const first = await (await desk.ask('k', body)).text()
    const again = await desk.ask('k', body)
    expect(again.headers.get('content-type')).toContain('text/event-stream')
    expect(await again.text()).toBe(first)
  })

  it('may be tried again where nothing was done, and not where something was', async () => {
    await using desk = await counting((call) => {
      if (call === 1) return Promise.reject(new ServiceError('sandbox-busy', 'All sandboxes are taken.'))
      if (call === 2) return Promise.reject(new ServiceError('sandbox-lost', 'It was lost.'))
      return Promise.resolve(done(`run ${call}`))
    })
    expect((await desk.ask('k')).status).toBe(503)
    expect((await desk.ask('k')).status).toBe(502)
    expect((await desk.ask('k')).status).toBe(502)
    expect(desk.calls()).toBe(2)
  })

  it('whose caller left is not done again', async () => {
    const aborted = Promise.withResolvers<void>()
    await using service = await startService({
      executions: {
        run: async (_received, _request, signal) => {
          signal.addEventListener('abort', () => aborted.resolve())
          await aborted.promise
          return done('x')
        },
      },
    })
    const leaving = new AbortController()
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': 'k' }
    const first = fetch(`${service.url}${path}`, {
      method: 'POST',
      headers,
      body: '{"code":"x"}',
      signal: leaving.signal,
    })
    first.catch(() => {})
    await expect
      .poll(async () => (await service.post({ code: 'x' }, { 'idempotency-key': 'k' }, path)).status)
      .toBe(409)
    leaving.abort()
    await aborted.promise
    const again = async () => {
      const answer = await service.post({ code: 'x' }, { 'idempotency-key': 'k' }, path)
      return ((await answer.json()) as { code: string }).code
    }
    await expect.poll(again).toBe('conflict')
  })

  it('whose caller has left before it begins is not in flight for ever: nothing was done', async () => {
    const answers = new KeptAnswers({ keepMilliseconds: 1_000, maximumPerCaller: 1, maximumBytes: 1_000 })
    const begin = idempotent(answers, path) as unknown as (
      request: object,
      response: object,
      next: () => void,
    ) => Promise<void>
    const request = { headers: { 'idempotency-key': 'k' }, body: { code: 'x' } }
    const responseOf = (destroyed: boolean) =>
      Object.assign(new EventEmitter(), { destroyed, locals: { principal: { id: 'k1' } }, write: () => true, end() {} })
    let begun = 0
    const next = () => void (begun += 1)
    await expect(begin(request, responseOf(true), next)).rejects.toThrow('The caller closed the connection.')
    await begin(request, responseOf(false), next)
    expect(begun).toBe(1)
  })

  it.each(['', 'with space', 'x'.repeat(256), 'ä'])('that is %j is refused', async (idempotencyKey) => {
    await using desk = await counting(async () => done('x'))
    const answer = await desk.ask(idempotencyKey)
    expect(answer.status).toBe(400)
    expect(desk.calls()).toBe(0)
  })

  it('is known to /v1/sql apart from /v1/execute', async () => {
    await using service = await startService({
      executions: { run: async () => done('x') },
      statements: {
        run: () => Promise.reject(new ServiceError('query-failed', 'no')),
        check: () => Promise.reject(new Error()),
      },
    })
    await service.post({ code: 'x' }, { 'idempotency-key': 'k' }, path)
    const sql = await service.post({ statement: 'x' }, { 'idempotency-key': 'k' }, '/v1/sql')
    expect(sql.status).toBe(422)
  })
})

describe('kept answers', () => {
  const answer = (size: number) => ({ status: 200, headers: {}, body: Buffer.alloc(size) })
  const open = (changes = {}) => {
    const clock = { now: 0 }
    const settings = {
      keepMilliseconds: 1_000,
      maximumPerCaller: 2,
      maximumBytes: 100,
      now: () => clock.now,
      ...changes,
    }
    return { clock, kept: new KeptAnswers(settings) }
  }
  const first = (kept: KeptAnswers, caller: string, name: string) => {
    const begun = kept.begin(caller, name, 'request')
    if (begun.kind === 'kept') throw new Error('it was known')
    return begun.first
  }

  it('are forgotten after their time', () => {
    const { kept, clock } = open()
    first(kept, 'anna', 'k').keep(answer(1))
    clock.now = 999
    expect(kept.begin('anna', 'k', 'request').kind).toBe('kept')
    clock.now = 1_000
    expect(kept.begin('anna', 'k', 'request').kind).toBe('first')
  })

  it('of one caller are bounded, and no bound of hers is another caller’s', () => {
    const { kept, clock } = open()
    first(kept, 'anna', 'k1').keep(answer(1))
    first(kept, 'anna', 'k2')
    expect(() => kept.begin('anna', 'k3', 'request')).toThrow(
      expect.objectContaining({ code: 'rate-limited', retryAfterSeconds: 1 }),
    )
    expect(kept.begin('boris', 'k1', 'request').kind).toBe('first')
    clock.now = 1_000
    expect(kept.begin('anna', 'k3', 'request').kind).toBe('first')
  })

  it('have a bound of bytes, beyond which the oldest are known and not given', () => {
    const { kept } = open({ maximumPerCaller: 10 })
    first(kept, 'anna', 'k1').keep(answer(60))
    first(kept, 'anna', 'k2').keep(answer(60))
    expect(() => kept.begin('anna', 'k1', 'request')).toThrow(expect.objectContaining({ code: 'conflict' }))
    expect(kept.begin('anna', 'k2', 'request').kind).toBe('kept')
    first(kept, 'anna', 'k3').keep(null)
    expect(() => kept.begin('anna', 'k3', 'request')).toThrow(expect.objectContaining({ code: 'conflict' }))
  })

  it('that were released are as new', async () => {
    const { kept } = open({ maximumPerCaller: 1 })
    await first(kept, 'anna', 'k1').release()
    expect(kept.begin('anna', 'k2', 'request').kind).toBe('first')
  })
})
