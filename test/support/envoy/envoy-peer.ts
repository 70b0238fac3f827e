import { join } from 'node:path'
import { Client, credentials, type ChannelCredentials, type ClientDuplexStream } from '@grpc/grpc-js'
import type { Carry } from '../../../src/core/carried.ts'
import type { ServiceError } from '../../../src/core/errors.ts'
import { ServiceError as Fault } from '../../../src/core/errors.ts'
import type { BegunRequest, ResponseRecord } from '../../../src/core/facts.ts'
import type { Principal } from '../../../src/core/principal.ts'
import { EnvoyServer } from '../../../src/surfaces/envoy/envoy-server.ts'
import { envoyOptions, type EnvoyOptions } from '../../../src/surfaces/envoy/options.ts'
import {
  authorizationService,
  externalProcessorService,
  type CheckResponse,
  type ProcessingResponse,
} from '../../../src/surfaces/envoy/services.ts'
import type { PassCall } from '../../../src/surfaces/calls/pass-call.ts'
import { callGrant } from '../received-call.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const passing: Principal = { id: 'k1', kind: 'api-key', group: 'default', scopes: ['models'] }

/** The filters of Envoy by themselves; calls go to `pass` in the place of the stages. */
export class FilterService implements AsyncDisposable {
  readonly faults: ServiceError[] = []
  readonly requests: BegunRequest[] = []
  readonly responses: ResponseRecord[] = []
  readonly guessed: string[] = []
  readonly settings: EnvoyOptions
  readonly #server: EnvoyServer

  constructor(pass: (carry: Carry) => PassCall, settings: object = {}) {
    this.settings = envoyOptions.parse({
      roles: ['ext-authz', 'ext-proc'],
      upstream: 'local',
      listen: `unix:${join(temporaryFolder('sp-'), 'envoy.sock')}`,
      ...settings,
    })
    this.#server = new EnvoyServer({
      settings: this.settings,
      http: { trusted_proxies: [], drain_ms: 100, reader_timeout_ms: 1_000, model_body_limit_mb: 0.01 },
      identify: async (_channel, credential) => {
        if (credential?.reveal() === 'sp-x') return passing
        throw new Fault('unauthenticated', 'The credential is not valid.')
      },
      guesses: { failed: (address) => (this.guessed.push(address), null) },
      grantFor: async () => ({ ...callGrant, models: ['gpt-5'] }),
      models: [{ id: 'gpt-5', kind: 'openai' }],
      passBy: pass,
      onFault: (fault) => this.faults.push(fault),
      onCallerFault: () => undefined,
      onRequest: (request) => this.requests.push(request),
      onResponse: (response) => this.responses.push(response),
    })
  }

  async listen(): Promise<this> {
    await this.#server.listen()
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]()
  }
}

/** What Envoy would send: each message in its own words. */
export class EnvoyPeer implements Disposable {
  readonly #client: Client

  constructor(listen: string, how: ChannelCredentials = credentials.createInsecure()) {
    this.#client = new Client(listen, how)
  }

  /** A question of ext_authz. */
  check(attributes: object): Promise<CheckResponse> {
    const { path, requestSerialize, responseDeserialize } = authorizationService().Check
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { attributes } as never,
        (fault, answer) =>
          fault === null && answer !== undefined ? resolve(answer) : reject(fault ?? new Error('none')),
      )
    })
  }

  /** One exchange of ext_proc. */
  process(): PeerStream {
    const { path, requestSerialize, responseDeserialize } = externalProcessorService().Process
    return new PeerStream(
      this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize) as ClientDuplexStream<
        unknown,
        ProcessingResponse
      >,
    )
  }

  [Symbol.dispose](): void {
    this.#client.close()
  }
}

/** Modes of bodies as Envoy tells them with its first message. */
export const duplex = { requestBodyMode: 4, responseBodyMode: 4 }

/** Headers as Envoy writes them. */
export const headersOf = (values: Readonly<Record<string, string>>) => ({
  headers: Object.entries(values).map(([key, value]) => ({ key, rawValue: Buffer.from(value) })),
})

export const callHead = {
  ':method': 'POST',
  ':path': '/v1/chat/completions',
  'content-type': 'application/json',
  authorization: 'Bearer sp-x',
}

export class PeerStream {
  readonly #stream: ClientDuplexStream<unknown, ProcessingResponse>
  readonly answers: ProcessingResponse[] = []
  /** Code of gRPC that the stream ended with. */
  readonly ended: Promise<number>
  #tell: (() => void) | null = null

  constructor(stream: ClientDuplexStream<unknown, ProcessingResponse>) {
    this.#stream = stream
    stream.on('data', (answer: ProcessingResponse) => {
      this.answers.push(answer)
      this.#tell?.()
    })
    stream.on('error', () => undefined)
    this.ended = new Promise((resolve) => stream.on('status', ({ code }: { code: number }) => resolve(code)))
  }

  /** Sends the head of a call, and what else stands in the first message. */
  begin(head: Readonly<Record<string, string>> = callHead, more: object = {}): void {
    this.send({ requestHeaders: { headers: headersOf(head) }, protocolConfig: duplex, ...more })
  }

  send(message: object): void {
    this.#stream.write(message)
  }

  /** Resolves when there are so many answers. */
  async until(count: number): Promise<readonly ProcessingResponse[]> {
    while (this.answers.length < count) await new Promise<void>((resolve) => (this.#tell = resolve))
    return this.answers
  }

  /** Lets go, as Envoy does when the caller has gone. */
  cancel(): void {
    this.#stream.cancel()
  }
}
