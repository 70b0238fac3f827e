import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createIdentify } from '../../../src/gateway/authenticate/authenticate.ts'
import type { KeyStore } from '../../../src/gateway/authenticate/keys.ts'
import { openEndpoint } from '../../../src/endpoints/endpoint.ts'
import { endpointOptions } from '../../../src/endpoints/options.ts'
import type { MediaChecker } from '../../../src/core/media.ts'
import { createEndpointPipeline, type EndpointStages } from '../../../src/endpoints/pass-endpoint-call.ts'
import { createEndpointObserver, type EndpointObserverOptions } from '../../../src/telemetry/endpoint-observer.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import { noMetrics } from '../../../src/telemetry/no-metrics.ts'
import { startService, type TestService, type TestServiceOptions } from '../http/http-service.ts'
import { allowsPayloads } from '../policy/allows-payloads.ts'
import { quotaInMemory } from '../quota-in-memory.ts'
import { callGrant } from '../received-call.ts'
import { documentFile, documentWith } from './document.ts'

/** What the service behind received, and how it answers. */
export interface Behind {
  readonly requests: {
    readonly method: string
    readonly url: string
    readonly headers: readonly string[]
    readonly body: string
  }[]
  /** Answers a request; `{"label":"cat"}` unless a test says otherwise. */
  answer: (request: IncomingMessage, response: ServerResponse) => void
}

export interface GuardedService extends AsyncDisposable {
  readonly service: TestService
  readonly behind: Behind
  /** Sends these bytes on a connection of its own and gives all that is answered until it is closed. */
  raw(bytes: string | Buffer, options?: { readonly end?: boolean }): Promise<string>
  call(body: unknown, headers?: Record<string, string>, path?: string): Promise<Response>
}

interface GuardedOptions {
  readonly document?: object
  readonly settings?: object
  readonly http?: TestServiceOptions['settings']
  readonly grants?: readonly string[]
  readonly limits?: readonly object[]
  readonly trail?: EndpointObserverOptions['trail']
  readonly metrics?: EndpointObserverOptions['metrics']
  readonly media?: MediaChecker
  readonly payload?: EndpointStages['payload']
}

export const answerCat = (_request: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"label":"cat"}')
}

export const schema = {
  type: 'object',
  required: ['pixels'],
  additionalProperties: false,
  properties: {
    pixels: { type: 'array', minItems: 1, maxItems: 64, items: { type: 'number', minimum: 0, maximum: 1 } },
    name: { type: 'string', maxLength: 20, pattern: '^[a-z]+$' },
  },
}

/** A service with the endpoint `classifier` before a service that takes whatever comes. */
export async function guardedService(options: GuardedOptions = {}): Promise<GuardedService> {
  const behind: Behind = { requests: [], answer: answerCat }
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      behind.requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.rawHeaders, body })
      behind.answer(request, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const parameters = [
    { name: 'top', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 10 } },
    { name: 'x-mode', in: 'header', schema: { type: 'string', enum: ['fast', 'slow'] } },
  ]
  const endpoint = await openEndpoint(
    'classifier',
    endpointOptions.parse({
      document: documentFile(options.document ?? documentWith({ schema, parameters })),
      base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
      api_key: 'of-the-service',
      api_key_header: 'x-api-key',
      price: 100,
      ...options.settings,
    }),
  )
  const keys = {
    find: async (secret) => {
      const name = /^sp-(\w+)$/.exec(secret.reveal())?.[1]
      return name === undefined ? null : { id: name, kind: 'api-key', group: 'default' }
    },
  } as KeyStore
  const identify = createIdentify(keys)
  const quota = quotaInMemory({ concurrentRequests: 1_000, tokensPerDay: 1_000, limits: options.limits ?? [] })
  const grant = { ...callGrant, endpoints: options.grants ?? ['classifier'] }
  const stages = {
    identify,
    quota,
    media: options.media ?? null,
    payload: options.payload ?? allowsPayloads,
    grantFor: () => grant,
  }
  const pipeline = createEndpointPipeline({ ...stages, endpoints: new Map([['classifier', endpoint]]) })
  const log = createLog({ level: 'silent', format: () => 'json' })
  const observe = createEndpointObserver({ log, metrics: options.metrics ?? noMetrics, trail: options.trail ?? null })
  const service = await startService({
    identify,
    settings: options.http ?? {},
    passToEndpoint: (call, signal) => observe(call, (onAdmitted) => pipeline(call, onAdmitted, signal)),
  })
  return {
    service,
    behind,
    raw: (bytes, { end = false } = {}) => exchange(Number(new URL(service.url).port), bytes, end),
    call: (body, headers = {}, path = '/predict') =>
      service.post(body, { authorization: 'Bearer sp-ann', ...headers }, `/endpoints/classifier${path}`),
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]()
      await endpoint[Symbol.asyncDispose]()
      await quota[Symbol.asyncDispose]()
      server.closeAllConnections()
      server.close()
    },
  }
}

async function exchange(port: number, bytes: string | Buffer, end: boolean): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  const answered = text(socket).catch(() => '')
  socket.write(bytes)
  if (end) socket.end()
  return answered
}
