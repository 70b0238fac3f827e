import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { ExecutionAnswer } from '../../../../src/core/execution.ts'
import { ServiceError } from '../../../../src/core/errors.ts'
import { executeAnswer } from '../../../../src/surfaces/wire/execute.ts'
import type { ExecutionService } from '../../../../src/surfaces/executions.ts'
import { key, startService } from '../../../support/http/http-service.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'
import { verifies } from '../../../support/verifies.ts'

const png = 'iVBORw0KGgo='

const result = (changes: Partial<Extract<ExecutionAnswer, { kind: 'result' }>> = {}): ExecutionAnswer => ({
  kind: 'result',
  cell: cellResult({ stdout: { text: '1\n', truncated: false }, results: [{ isMain: true, text: '1', png }] }),
  files: [{ name: 'a.csv', mediaType: 'text/csv', content: Buffer.from('1,2\n').toString('base64') }],
  missing: [],
  ranIn: 'gVisor (runsc)',
  renewed: null,
  ...changes,
})

type Run = ExecutionService['run']
const serve = (run: Run, settings = {}) => startService({ executions: { run }, settings })
const path = '/v1/execute'

/** The data of each event of a stream. */
const eventsOf = (text: string): Record<string, unknown>[] =>
  text
    .split('\n\n')
    .filter((block) => block.startsWith('data: '))
    .map((block) => JSON.parse(block.slice(6)) as Record<string, unknown>)

describe('POST /v1/execute', () => {
  it('answers with the cell, with links to pictures and files that need no key', async () => {
    const asked: unknown[] = []
    await using service = await serve(async (received, request) => {
      asked.push([received.sessionId, received.channel, request])
      return result()
    })
    const answer = await service.post({ code: 'print(1)', session: 's1', files: true, timeout_ms: 100 }, {}, path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const body = executeAnswer.strict().parse(await answer.json())
    expect(body).toMatchObject({ outcome: 'ok', stdout: '1\n', session: 's1', ran_in: 'gVisor (runsc)' })
    expect(JSON.stringify(body)).not.toContain(png)
    const [picture, file] = [body.results[0]?.png_url ?? '', body.files[0]?.url ?? '']
    const got = await fetch(picture)
    expect([got.headers.get('content-type'), Buffer.from(await got.arrayBuffer()).toString('base64')]).toEqual([
      'image/png',
      png,
    ])
    const csv = await fetch(file)
    expect(csv.headers.get('content-disposition')).toContain('attachment')
    expect(await csv.text()).toBe('1,2\n')
    const request = { language: 'python', code: 'print(1)', timeoutMilliseconds: 100, bringsFiles: true }
    expect(asked).toEqual([['s1', 'http', request]])
  })

  it('answers in base64 where that is asked for', async () => {
    await using service = await serve(async () => result())
    const answer = await service.post({ code: '1', deliver: 'base64' }, {}, path)
    const body = executeAnswer.strict().parse(await answer.json())
    expect([body.results[0]?.png, body.files[0]?.content, body.results[0]?.png_url]).toEqual([
      png,
      Buffer.from('1,2\n').toString('base64'),
      undefined,
    ])
  })

  it('says which file is too large for a link', async () => {
    const big = Buffer.alloc(1_100_000, 'x').toString('base64')
    const files = [{ name: 'big.csv', mediaType: 'text/csv', content: big }]
    await using service = await serve(async () => result({ files }), { artifact_mb: 1 })
    const body = executeAnswer.parse(await (await service.post({ code: '1', files: true }, {}, path)).json())
    expect(body.missing).toEqual([expect.stringContaining('big.csv')])
    expect(body.files).toEqual([{ path: 'big.csv', media_type: 'text/csv', masked: false }])
  })

  it('is a problem with findings where the program was refused, streamed or not', async () => {
    verifies('execute.refused')
    const findings = [{ rule: 'python/import', line: 2, column: 1, message: 'no' }]
    await using service = await serve(async () => ({ kind: 'refused', findings }))
    for (const stream of [false, true]) {
      const answer = await service.post({ code: 'import x', stream }, {}, path)
      expect(answer.status).toBe(400)
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      expect(await answer.json()).toMatchObject({ code: 'refused', error: { param: 'code' }, findings })
    }
  })

  it.each([
    [{}, 'code'],
    [{ code: '' }, 'code'],
    [{ code: 1 }, 'code'],
    [{ code: 'x', language: 'perl' }, 'language'],
    [{ code: 'x', timeout_ms: 0 }, 'timeout_ms'],
    [{ code: 'x', timeout_ms: 1.5 }, 'timeout_ms'],
    [{ code: 'x', session: '' }, 'session'],
    [{ code: 'x', deliver: 'ftp' }, 'deliver'],
  ])('refuses %j and names %s', async (body, parameter) => {
    await using service = await serve(() => Promise.reject(new Error('it ran')))
    const answer = await service.post(body, {}, path)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { param: parameter } })
  })

  it('streams what it says while it runs, and the result last', async () => {
    verifies('execute.streams')
    await using service = await serve(async (_received, { onOutput }) => {
      onOutput?.('stdout', 'one\n')
      onOutput?.('stderr', 'two\n')
      await new Promise((resolve) => setImmediate(resolve))
      onOutput?.('stdout', 'three\n')
      return result()
    })
    const answer = await service.post({ code: 'x', stream: true }, {}, path)
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    const events = eventsOf(await answer.text())
    expect(events.slice(0, -1)).toEqual([
      { type: 'output', stream: 'stdout', text: 'one\n' },
      { type: 'output', stream: 'stderr', text: 'two\n' },
      { type: 'output', stream: 'stdout', text: 'three\n' },
    ])
    expect(events.at(-1)).toMatchObject({ type: 'result', result: { outcome: 'ok', stdout: '1\n' } })
  })

  it('ends a stream that has begun with the problem, and one that has not with its status', async () => {
    await using service = await serve(async (received, { onOutput }) => {
      if (received.sessionId === null) onOutput?.('stdout', 'begun\n')
      await new Promise((resolve) => setTimeout(resolve, 20))
      throw new ServiceError('refused', 'The text was withheld.')
    })
    const begun = await service.post({ code: 'x', stream: true }, {}, path)
    expect(begun.status).toBe(200)
    expect(eventsOf(await begun.text()).at(-1)).toMatchObject({
      type: 'error',
      problem: { code: 'refused', status: 400, detail: 'The text was withheld.' },
    })
    expect((await service.post({ code: 'x', stream: true, session: 's1' }, {}, path)).status).toBe(400)
    expect(service.faults.map(({ code }) => code)).toEqual(['refused', 'refused'])
  })

  it('sends a comment while it is silent', async () => {
    const gate = Promise.withResolvers<void>()
    await using service = await serve(
      async () => {
        await gate.promise
        return result()
      },
      { heartbeat_ms: 100 },
    )
    const answer = await service.post({ code: 'x', stream: true }, {}, path)
    gate.resolve()
    expect(await answer.text()).toMatch(/^: hb\n\n/)
  })

  it('cancels the program when its caller leaves', async () => {
    verifies('execute.leaving')
    const aborted = Promise.withResolvers<void>()
    await using service = await serve(async (_received, { onOutput }, signal) => {
      onOutput?.('stdout', 'begun\n')
      signal.addEventListener('abort', () => aborted.resolve())
      await aborted.promise
      return result({ cell: cellResult({ outcome: 'cancelled' }) })
    })
    const leaving = new AbortController()
    const answer = await fetch(`${service.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ code: 'x', stream: true }),
      signal: leaving.signal,
    })
    await answer.body?.getReader().read()
    leaving.abort()
    await expect(aborted.promise).resolves.toBeUndefined()
  })

  it('lets go of a reader that takes nothing, and ends its program', async () => {
    const aborted = Promise.withResolvers<void>()
    await using service = await serve(
      async (_received, { onOutput }, signal) => {
        signal.addEventListener('abort', () => aborted.resolve())
        for (let at = 0; at < 400; at += 1) {
          onOutput?.(at % 2 === 0 ? 'stdout' : 'stderr', 'x'.repeat(65_536))
        }
        await aborted.promise
        return result()
      },
      { reader_timeout_ms: 1_000 },
    )
    const { hostname, port } = new URL(service.url)
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const slow = httpRequest({ hostname, port, path, method: 'POST', headers }, (response) => response.pause())
    slow.on('error', () => {})
    slow.end(JSON.stringify({ code: 'x', stream: true }))
    await expect(aborted.promise).resolves.toBeUndefined()
    slow.destroy()
  })
})
