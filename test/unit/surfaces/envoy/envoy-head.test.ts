import { describe, expect, it } from 'vitest'
import { headerPairs, headOf, routeOf } from '../../../../src/surfaces/envoy/envoy-head.ts'

const head = (...more: string[]) =>
  headOf([':method', 'POST', ':path', '/v1/chat/completions?beta=1', ...more], '192.0.2.1')

const codeOf = (...more: string[]) => {
  try {
    return routeOf(head(...more)).api
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('the head of a request as Envoy tells it', () => {
  it('has the values of both members, byte by byte, and one text for a header that stands twice', () => {
    const pairs = headerPairs([
      { key: ':method', value: 'POST', rawValue: Buffer.alloc(0) },
      { key: 'authorization', value: '', rawValue: Buffer.from('Bearer a') },
      { key: 'authorization', value: 'Bearer b', rawValue: Buffer.alloc(0) },
      { key: 'x-name', value: '', rawValue: Buffer.from([0xe4]) },
    ])
    const { method, headers, raw } = headOf(pairs, '')
    expect([method, headers.authorization, headers['x-name']]).toEqual(['POST', 'Bearer a, Bearer b', 'ä'])
    expect(raw.filter((_text, at) => at % 2 === 0)).toEqual(['authorization', 'authorization', 'x-name'])
  })

  it('is that of a call at the address of an API alone', () => {
    expect(codeOf()).toBe('chat-completions')
    const at = (path: string, method = 'POST') => {
      try {
        return routeOf(headOf([':method', method, ':path', path], '')).api
      } catch (error) {
        return (error as { code?: string }).code
      }
    }
    expect(at('/v1/messages/count_tokens')).toBe('token-counts')
    const elsewhere = ['/v1/files', '/v1/chat/completions/', '/V1/chat/completions', '/v1//chat/completions', '', '*']
    expect(elsewhere.map((path) => at(path))).toEqual(elsewhere.map(() => 'not-found'))
    expect(['GET', 'PUT', 'CONNECT', ''].map((method) => at('/v1/responses', method))).toEqual(
      Array.from({ length: 4 }, () => 'method-not-allowed'),
    )
  })

  it('may be that of what a provider keeps, at its address and by its methods alone', () => {
    const asked = (method: string, path: string) => {
      try {
        return routeOf(headOf([':method', method, ':path', path], '')).asked
      } catch (error) {
        const { code, headers } = error as { code: string; headers: readonly string[] }
        return [code, ...headers]
      }
    }
    expect(asked('GET', '/v1/responses/resp_1?stream=true')).toEqual({ method: 'GET', id: 'resp_1', part: '' })
    expect(asked('DELETE', '/v1/responses/resp_1')).toEqual({ method: 'DELETE', id: 'resp_1', part: '' })
    expect(asked('POST', '/v1/responses/a/cancel')).toEqual({ method: 'POST', id: 'a', part: '/cancel' })
    expect(asked('GET', '/v1/responses/a/input_items')).toEqual({ method: 'GET', id: 'a', part: '/input_items' })
    expect(asked('HEAD', '/v1/responses/a')).toEqual(['method-not-allowed', 'allow', 'GET, DELETE'])
    expect(asked('GET', '/v1/responses/a/cancel')).toEqual(['method-not-allowed', 'allow', 'POST'])
    const elsewhere = [
      ['POST', '/v1/responses/compact'],
      ['GET', '/v1/responses/'],
      ['GET', '/v1/responses/a/'],
      ['GET', '/v1/responses/a/b/input_items'],
    ] as const
    expect(elsewhere.map(([method, path]) => asked(method, path))).toEqual(elsewhere.map(() => ['not-found']))
  })

  it('is refused where a filter could not read what goes by', () => {
    expect(codeOf('upgrade', 'websocket')).toBe('invalid-request')
    expect(codeOf('content-range', 'bytes 0-1/2')).toBe('invalid-request')
    expect(codeOf('range', 'bytes=0-1')).toBe('invalid-request')
    expect(['gzip', 'identity, gzip', 'Br'].map((name) => codeOf('content-encoding', name))).toEqual(
      Array.from({ length: 3 }, () => 'unsupported-media-type'),
    )
    expect(codeOf('content-encoding', 'identity')).toBe('chat-completions')
    expect(codeOf('content-encoding', 'identity', 'content-encoding', 'gzip')).toBe('unsupported-media-type')
  })
})
