import { describe, expect, it } from 'vitest'
import { requestFilter, responseFilter } from '../../../../src/models/upstreams/headers.ts'
import { upstreamOptions } from '../../../../src/models/upstreams/options.ts'
import { verifies } from '../../../support/verifies.ts'

const upstream = (given: object) =>
  upstreamOptions.parse({ kind: 'openai', base_url: 'https://models.example/v1', models: ['m'], ...given })

const everything = [
  'Cookie',
  'a=1',
  'Authorization',
  'Bearer sp-caller',
  'X-Api-Key',
  'sp-caller',
  'Host',
  'us',
  'Connection',
  'close',
  'Content-Type',
  'application/json',
  'OpenAI-Beta',
  'b',
  'anthropic-version',
  'v',
  'Idempotency-Key',
  'i',
  'X-Trace',
  't',
  'Content-Length',
  '7',
  'Accept-Encoding',
  'gzip',
  'Forwarded',
  'for=1.2.3.4',
  'X-Forwarded-For',
  '1.2.3.4',
]

describe('a header of an answer that comes twice', () => {
  const pass = responseFilter(upstream({ response_headers: ['x-limits', 'retry-after'] }))

  it('is one line with all of its values, in their order', () => {
    expect(pass(['X-Limits', 'a', 'Openai-Version', '1', 'x-limits', 'b, c', 'X-LIMITS', 'd'])).toEqual([
      'x-limits',
      'a, b, c, d',
      'openai-version',
      '1',
    ])
  })

  it('is the first of them where it has one value only, by which the answer is read, too', () => {
    const raw = [
      'Content-Type',
      'application/json',
      'content-type',
      'text/html',
      'Retry-After',
      '1',
      'Retry-After',
      '9',
    ]
    expect(pass(raw)).toEqual(['content-type', 'application/json', 'retry-after', '1'])
  })
})

describe('headers of a caller', () => {
  it('go to an OpenAI upstream where its API has a use for them', () => {
    verifies('models.headers')
    expect(requestFilter(upstream({}))(everything)).toEqual([
      'content-type',
      'application/json',
      'openai-beta',
      'b',
      'idempotency-key',
      'i',
    ])
  })

  it('go to an Anthropic upstream by its own list', () => {
    expect(requestFilter(upstream({ kind: 'anthropic' }))(everything)).toEqual([
      'content-type',
      'application/json',
      'anthropic-version',
      'v',
      'idempotency-key',
      'i',
    ])
  })

  it('go where the configuration names them', () => {
    expect(requestFilter(upstream({ request_headers: ['x-trace'] }))(everything)).toContain('x-trace')
  })
})

describe('headers of an upstream', () => {
  it('come to the caller by a list, which cookies and limits of the shared key are not on', () => {
    const raw = [
      'Content-Type',
      'text/event-stream',
      'Set-Cookie',
      'a=1',
      'x-ratelimit-remaining-tokens',
      '5',
      'openai-version',
      'v',
    ]
    expect(responseFilter(upstream({}))(raw)).toEqual(['content-type', 'text/event-stream', 'openai-version', 'v'])
    expect(responseFilter(upstream({ response_headers: ['x-ratelimit-remaining-tokens'] }))(raw)).toContain('5')
  })
})
