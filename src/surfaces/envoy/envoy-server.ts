import { Server } from '@grpc/grpc-js'
import type { Carry } from '../../core/carried.ts'
import type { ErrorCode } from '../../core/error-table.ts'
import { ServiceError } from '../../core/errors.ts'
import type { BegunRequest, ResponseRecord } from '../../core/facts.ts'
import type { Principal } from '../../core/principal.ts'
import { bytesOf } from '../../core/sizes.ts'
import type { Identify } from '../../gateway/authenticate/authenticate.ts'
import type { Guesses } from '../../gateway/authenticate/guesses.ts'
import type { GrantFor } from '../../gateway/authorize/policy.ts'
import { createAddressOf } from '../../http/caller-address.ts'
import type { OnFault } from '../../http/errors.ts'
import type { HttpOptions } from '../../http/options.ts'
import { AnsweredCallers } from '../answered-callers.ts'
import { createKnow } from '../caller.ts'
import type { PassCall } from '../calls/pass-call.ts'
import { checkRequest, type ModelBehind } from './authorization.ts'
import { listenAt } from './listening.ts'
import type { EnvoyOptions } from './options.ts'
import { processExchanges } from './external-processor.ts'
import { authorizationService, externalProcessorService } from './services.ts'

export interface EnvoyServerOptions {
  readonly settings: EnvoyOptions
  readonly http: Pick<HttpOptions, 'trusted_proxies' | 'drain_ms' | 'reader_timeout_ms' | 'model_body_limit_mb'>
  readonly identify: Identify
  readonly guesses: Pick<Guesses, 'failed'>
  readonly grantFor: GrantFor
  /** What is behind Envoy. */
  readonly models: readonly ModelBehind[]
  readonly passBy: (carry: Carry) => PassCall
  readonly onFault: OnFault
  readonly onCallerFault: (principal: Principal, code: ErrorCode) => void
  readonly onRequest: (request: BegunRequest) => void
  readonly onResponse: (response: ResponseRecord) => void
}

/** Envoy sends no larger piece than its buffer for a connection; the usual 4 MiB could be less. */
const mostMessageBytes = 64 * 1_048_576

/** Milliseconds aborted exchanges have to say so before their connections are cut. */
const lastWords = 2_000

/** Envoy's services while they are served: over gRPC, apart from HTTP. Disposing takes no new calls and waits for those under way. */
export class EnvoyServer implements AsyncDisposable {
  readonly #server = new Server({ 'grpc.max_receive_message_length': mostMessageBytes })
  readonly #stopping = new AbortController()
  readonly #options: EnvoyServerOptions

  constructor(options: EnvoyServerOptions) {
    this.#options = options
    const { settings, http } = options
    const callers = new AnsweredCallers(options.onCallerFault)
    const know = createKnow({
      ...options,
      addressOf: createAddressOf(http.trusted_proxies),
      onKnown: callers.known.bind(callers),
    })
    const onFault: OnFault = (error, requestId) => {
      callers.faulted(requestId, error.code)
      options.onFault(error, requestId)
    }
    if (settings.roles.includes('ext-authz')) {
      this.#server.addService(authorizationService(), { Check: checkRequest({ ...options, know, callers, onFault }) })
    }
    if (settings.roles.includes('ext-proc')) {
      const process = processExchanges({
        ...options,
        know,
        callers,
        onFault,
        limitBytes: bytesOf.mb(http.model_body_limit_mb),
        stallMilliseconds: http.reader_timeout_ms,
        stopping: this.#stopping.signal,
      })
      this.#server.addService(externalProcessorService(), { Process: process })
    }
  }

  /** Rejects with `invalid-config` where it cannot listen, or the files of TLS cannot be used. */
  async listen(): Promise<void> {
    await listenAt(this.#server, this.#options.settings)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stopping = new ServiceError('shutting-down', 'The service is shutting down and could wait no longer.')
    const late = setTimeout(() => this.#stopping.abort(stopping), this.#options.http.drain_ms)
    const last = setTimeout(() => this.#server.forceShutdown(), this.#options.http.drain_ms + lastWords)
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()))
    clearTimeout(late)
    clearTimeout(last)
  }
}
