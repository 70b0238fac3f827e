import { describe, expect, it } from 'vitest'
import { checkAnswer } from '../../../src/endpoints/check-answer.ts'
import { compileOperations } from '../../../src/endpoints/contract/operations.ts'
import { documentWith } from '../../support/endpoints/document.ts'

const json = { 'application/json': { schema: { type: 'object', required: ['a'] } } }
const place = { name: 'classifier', host: 'inside.example' }

function operationWith(responses: object) {
  const root = documentWith({ operation: { responses } }) as Record<string, unknown>
  const [operation] = compileOperations({ version: '3.1', root })
  if (operation === undefined) throw new Error('There is no operation.')
  return operation
}

const every = operationWith({
  200: { description: 'x', content: json },
  204: { description: 'x' },
  '4XX': {
    description: 'x',
    content: { 'text/plain': {}, 'application/problem+json': { schema: { type: 'object' } } },
  },
  default: { description: 'x', content: { 'text/csv': {} } },
})

interface Given {
  readonly status?: number
  readonly headers?: readonly string[]
  readonly body?: string | Buffer
}

const answer = ({ status = 200, headers = ['content-type', 'application/json'], body = '{"a":1}' }: Given = {}) =>
  checkAnswer(every, { status, headers, body: Buffer.from(body as string) }, place)
const plain = ['Content-Type', 'Text/Plain; charset=utf-8']

describe('an answer', () => {
  it.each<[string, Given, { status: number; contentType: string | null }]>([
    ['JSON', {}, { status: 200, contentType: 'application/json; charset=utf-8' }],
    [
      'JSON of another spelling',
      { headers: ['CONTENT-TYPE', 'Application/JSON;x=1'] },
      { status: 200, contentType: 'application/json; charset=utf-8' },
    ],
    ['nothing, where it has none', { status: 204, headers: [], body: '' }, { status: 204, contentType: null }],
    ['a text', { status: 400, headers: plain, body: 'no' }, { status: 400, contentType: 'text/plain; charset=utf-8' }],
    [
      'a text of its status',
      { status: 499, headers: plain, body: 'no' },
      { status: 499, contentType: 'text/plain; charset=utf-8' },
    ],
    [
      'JSON of another name',
      { status: 404, headers: ['content-type', 'application/problem+json'], body: '{}' },
      { status: 404, contentType: 'application/problem+json; charset=utf-8' },
    ],
    [
      'what stands for any status',
      { status: 299, headers: ['a', 'b', 'content-type', 'text/csv'], body: '1' },
      { status: 299, contentType: 'text/csv' },
    ],
    [
      'one that says it has no encoding',
      { headers: ['content-encoding', 'Identity', 'content-type', 'application/json'] },
      { status: 200, contentType: 'application/json; charset=utf-8' },
    ],
  ])('is taken that is %s', (_what, given, taken) => {
    const { body, ...rest } = answer(given)
    expect(rest).toEqual(taken)
    expect(body.toString()).toBe(given.body ?? '{"a":1}')
  })

  it.each<[string, Given, string, string]>([
    ['429', { status: 429 }, 'endpoint-busy', 'has as many calls as it may, and as many wait.'],
    ['503', { status: 503 }, 'endpoint-busy', 'has as many calls as it may, and as many wait.'],
    ['500', { status: 500 }, 'endpoint-unavailable', 'failed (HTTP 500).'],
    ['502', { status: 502 }, 'endpoint-unavailable', 'failed (HTTP 502).'],
    ['300', { status: 300 }, 'endpoint-protocol', 'answered a redirect (HTTP 300), which is never followed.'],
    ['399', { status: 399 }, 'endpoint-protocol', 'answered a redirect (HTTP 399), which is never followed.'],
    [
      '401',
      { status: 401, headers: plain },
      'endpoint-protocol',
      'answered that it does not accept the key (HTTP 401).',
    ],
    [
      '403',
      { status: 403, headers: plain },
      'endpoint-protocol',
      'answered that it does not accept the key (HTTP 403).',
    ],
    [
      'gzip',
      { headers: ['content-encoding', 'gzip', ...plain] },
      'endpoint-protocol',
      'in an encoding that was not asked for.',
    ],
    [
      'no type',
      { headers: [] },
      'endpoint-protocol',
      'without a media type, which its document does not name for HTTP 200.',
    ],
    ['half a header', { headers: ['content-type'] }, 'endpoint-protocol', 'without a media type'],
    [
      'a type that is a value',
      { headers: ['x', 'content-type', 'y', 'application/json'] },
      'endpoint-protocol',
      'without a media type',
    ],
    [
      'another type',
      { headers: plain },
      'endpoint-protocol',
      'answered with text/plain, which its document does not name for HTTP 200.',
    ],
    [
      'a body where it has none',
      { status: 204 },
      'endpoint-protocol',
      'answered with application/json, which its document does not name for HTTP 204.',
    ],
    ['no body where it has one', { body: '' }, 'endpoint-protocol', 'answered JSON that cannot be read.'],
    ['no JSON', { body: '{"a":' }, 'endpoint-protocol', 'answered JSON that cannot be read.'],
    [
      'no UTF-8',
      { body: Buffer.from('{"a":"\xff"}', 'latin1') },
      'endpoint-protocol',
      'answered JSON that cannot be read.',
    ],
    ['a byte order mark', { body: '\ufeff{"a":1}' }, 'endpoint-protocol', 'answered JSON that cannot be read.'],
    [
      'another schema',
      { body: '{}' },
      'endpoint-protocol',
      "answered HTTP 200 with a body that is not as its document says: answer must have required property 'a'.",
    ],
  ])('is refused that is %s', (_what, given, code, message) => {
    expect(() => answer(given)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
    )
  })

  it('is refused of a status that its document does not name', () => {
    const operation = operationWith({ 200: { description: 'x', content: json } })
    const raw = { status: 201, headers: ['content-type', 'application/json'], body: Buffer.from('{"a":1}') }
    expect(() => checkAnswer(operation, raw, place)).toThrow('answered HTTP 201, which its document does not name.')
  })

  it('is refused where holding it against its schema takes more work than its size allows', () => {
    const costly = { anyOf: Array.from({ length: 200 }, (_, index) => ({ type: 'object', required: [`m${index}`] })) }
    const operation = operationWith({
      200: { description: 'x', content: { 'application/json': { schema: { type: 'array', items: costly } } } },
    })
    const raw = (count: number) => ({
      status: 200,
      headers: ['content-type', 'application/json'],
      body: Buffer.from(JSON.stringify(Array.from({ length: count }, () => ({ m199: 1 })))),
    })
    expect(checkAnswer(operation, raw(200), place).status).toBe(200)
    expect(() => checkAnswer(operation, raw(2_000), place)).toThrow('takes more work')
  })
})
