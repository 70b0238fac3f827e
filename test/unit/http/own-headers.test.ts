import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { setOwnHeaders, writeHeadWith } from '../../../src/http/own-headers.ts'
import { assignRequestId } from '../../../src/http/request-id.ts'
import { securityHeaders } from '../../../src/http/security-headers.ts'

/** The head of an answer that is written so. */
async function headOf(write: (response: ServerResponse) => void): Promise<Headers> {
  const server = createServer((_request, response) => {
    assignRequestId(response)
    write(response)
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await response.text()
  server.close()
  server.closeAllConnections()
  return response.headers
}

const ofOneAnswer = new Set(['x-request-id', 'date', 'content-length', 'transfer-encoding'])
const plain = (headers: Headers) =>
  [...headers]
    .filter(([name]) => !ofOneAnswer.has(name))
    .map(([name, value]) => `${name}: ${value}`)
    .toSorted()

describe('the headers that every answer has', () => {
  it('are the same set one by one and written at once, each once, with an id', async () => {
    const set = await headOf((response) => {
      setOwnHeaders(response)
      response.setHeader('content-type', 'text/plain')
    })
    const written = await headOf((response) => writeHeadWith(response, 200, ['content-type', 'text/plain']))
    expect(plain(written)).toEqual(plain(set))
    for (const headers of [set, written]) {
      expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
      for (const [name, value] of securityHeaders) expect(headers.get(name)).toBe(value)
    }
  })

  it('stand in a head that something is in already, too', async () => {
    const headers = await headOf((response) => {
      response.setHeader('connection', 'close')
      writeHeadWith(response, 200, ['x-a', 'b'])
    })
    expect([headers.get('connection'), headers.get('x-a'), headers.get('x-content-type-options')]).toEqual([
      'close',
      'b',
      'nosniff',
    ])
  })

  it('give way to one of an answer by the same name, of which the last counts', async () => {
    const headers = await headOf((response) =>
      writeHeadWith(response, 200, ['referrer-policy', 'a', 'x-a', '1', 'x-a', '2', 'referrer-policy', 'b']),
    )
    expect([headers.get('x-a'), headers.get('referrer-policy')]).toEqual(['2', 'b'])
  })
})
