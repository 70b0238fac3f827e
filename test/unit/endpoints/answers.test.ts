import { describe, expect, it } from 'vitest'
import { documentWith } from '../../support/endpoints/document.ts'
import { guardedService } from '../../support/endpoints/guarded-service.ts'
import { verifies } from '../../support/verifies.ts'

const good = { pixels: [0.5] }
const answers = (content: object) => documentWith({ operation: { responses: { 200: { description: 'x', content } } } })

describe('an answer of an endpoint', () => {
  it.each([
    ['text/csv', 'text/csv; charset=iso-8859-1', 'text/csv; charset=iso-8859-1'],
    ['text/csv', 'Text/CSV ;header=present; charset="utf-8"', 'text/csv ;header=present; charset="utf-8"'],
    ['multipart/mixed', 'multipart/mixed; boundary="a b"', 'multipart/mixed; boundary="a b"'],
    ['text/plain', 'text/plain; charset=', 'text/plain'],
    ['text/plain', 'text/plain; charset="a\\"b"', 'text/plain'],
    ['text/plain', `text/plain; a=${'b'.repeat(200)}`, 'text/plain'],
    ['application/json', 'application/json; charset=latin1', 'application/json; charset=utf-8'],
  ])('that is %s goes out with what its type says beside its name: %j', async (type, sent, given) => {
    verifies('endpoints.answer-types')
    await using guarded = await guardedService({ document: answers({ [type]: { schema: {} } }) })
    guarded.behind.answer = (_request, response) => void response.writeHead(200, { 'content-type': sent }).end('{}')
    const answer = await guarded.call(good)
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, given, '{}'])
  })

  it('that is nested deeper than a check can follow is one clean error', async () => {
    verifies('endpoints.bad-answers')
    const list = { type: 'array', items: { $ref: '#/components/schemas/List' } }
    const operation = {
      responses: {
        200: { description: 'x', content: { 'application/json': { schema: { $ref: '#/components/schemas/List' } } } },
      },
    }
    await using guarded = await guardedService({
      document: documentWith({ operation, components: { schemas: { List: list } } }),
    })
    const depths: [number, number][] = [
      [100, 200],
      [500_000, 502],
    ]
    for (const [depth, status] of depths) {
      guarded.behind.answer = (_request, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end('['.repeat(depth) + ']'.repeat(depth))
      const answer = await guarded.call(good)
      expect([depth, answer.status]).toEqual([depth, status])
      if (status === 502) expect(await answer.json()).toMatchObject({ code: 'endpoint-protocol' })
    }
  })
})

describe('an operation', () => {
  it.each(['head', 'options'])('of %s is passed on as its document says', async (method) => {
    verifies('endpoints.methods')
    const document = {
      openapi: '3.1.0',
      info: { title: 'x', version: '1' },
      paths: {
        '/health': {
          [method]: {
            operationId: 'health',
            responses: { 200: { description: 'Well.', content: { 'application/json': { schema: {} } } } },
          },
        },
      },
    }
    await using guarded = await guardedService({ document })
    guarded.behind.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '2' }).end('{}')
    }
    const asked = await fetch(`${guarded.service.url}/endpoints/classifier/health`, {
      method: method.toUpperCase(),
      headers: { authorization: 'Bearer sp-ann' },
    })
    expect([asked.status, await asked.text()]).toEqual([200, method === 'head' ? '' : '{}'])
    expect(guarded.behind.requests).toMatchObject([{ method: method.toUpperCase(), url: '/v1/health', body: '' }])
    // One that fails is an error of ours in the head alone.
    guarded.behind.answer = (_request, response) => void response.writeHead(500).end()
    const failed = await fetch(asked.url, {
      method: method.toUpperCase(),
      headers: { authorization: 'Bearer sp-ann' },
    })
    expect(failed.status).toBe(502)
  })
})
