import { Server } from '@grpc/grpc-js'
import type { ErrorCode } from '../../core/error-table.ts'
import type { BegunRequest, ResponseRecord } from '../../core/facts.ts'
import type { Principal } from '../../core/principal.ts'
import type { Identify } from '../../gateway/authenticate/authenticate.ts'
import type { Guesses } from '../../gateway/authenticate/guesses.ts'
import type { GrantFor } from '../../gateway/authorize/policy.ts'
import { createAddressOf } from '../../http/caller-address.ts'
import type { OnFault } from '../../http/errors.ts'
import type { HttpOptions } from '../../http/options.ts'
import { AnsweredCallers } from '../answered-callers.ts'
import { createKnow } from '../caller.ts'
import { checkRequest, type ModelBehind } from './authorization.ts'
import { listenAt } from './listening.ts'
import type { EnvoyOptions } from './options.ts'
import { authorizationService } from './services.ts'

export interface EnvoyServerOptions {
  readonly settings: EnvoyOptions
  readonly http: Pick<HttpOptions, 'trusted_proxies' | 'drain_ms'>
  readonly identify: Identify
  readonly guesses: Pick<Guesses, 'failed'>
  readonly grantFor: GrantFor
  /** What is behind Envoy. */
  readonly models: readonly ModelBehind[]
  readonly onFault: OnFault
  readonly onCallerFault: (principal: Principal, code: ErrorCode) => void
  readonly onRequest: (request: BegunRequest) => void
  readonly onResponse: (response: ResponseRecord) => void
}

/** Envoy's services while they are served: over gRPC, apart from HTTP. Disposing takes no new calls and waits for those under way. */
export class EnvoyServer implements AsyncDisposable {
  readonly #server = new Server()
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
  }

  /** Rejects with `invalid-config` where it cannot listen, or the files of TLS cannot be used. */
  async listen(): Promise<void> {
    await listenAt(this.#server, this.#options.settings)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const late = setTimeout(() => this.#server.forceShutdown(), this.#options.http.drain_ms)
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()))
    clearTimeout(late)
  }
}
