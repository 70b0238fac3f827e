import { Pool } from 'undici'
import type { EndpointCallFacts } from '../core/endpoint-call.ts'
import { bytesOf } from '../core/sizes.ts'
import { ServiceError } from '../core/errors.ts'
import { Exchanges } from '../outgoing/exchanges.ts'
import { readTrustFiles } from '../outgoing/trust-files.ts'
import type { CheckedBody } from './check-body.ts'
import type { CheckedHead } from './check-head.ts'
import type { RawAnswer } from './check-answer.ts'
import { contractOf } from './check-endpoints.ts'
import type { Contract } from './contract/contract.ts'
import {
  busyFault,
  connectionFault,
  isUnreached,
  lateFault,
  openFault,
  protocolFault,
  type EndpointPlace,
} from './faults.ts'
import type { EndpointOptions } from './options.ts'
import { Breaker } from '../concurrency/breaker.ts'
import { FairQueue } from '../concurrency/fair-queue.ts'
import { timeLimit } from '../concurrency/time-limit.ts'

/** A service that calls are passed on to: its document, its connections, its line. */
export interface Endpoint extends AsyncDisposable {
  readonly name: string
  readonly place: EndpointPlace
  /** What its connections go to. */
  readonly server: EndpointCallFacts['server']
  readonly options: EndpointOptions
  readonly contract: Contract
  /**
   * Waits for the caller's turn, sends once, and gives all of what is answered, whatever it is, to `take`. Never sends again by
   * itself and follows no redirect. Rejects with a ServiceError where there is no answer, and as `take` throws; both count
   * against the service, unless the caller has gone.
   */
  send<Taken>(call: EndpointRequest, take: (answer: RawAnswer) => Taken, signal: AbortSignal): Promise<Taken>
}

export interface EndpointRequest {
  /** Whose turn it is. */
  readonly caller: string
  readonly method: string
  readonly head: CheckedHead
  readonly body: CheckedBody | null
  /** Told when the turn has come, before a byte is sent, and how long that took. */
  readonly onTurn: (waitedMilliseconds: number) => Promise<void>
}

/** Milliseconds an idle connection is kept: shorter than the five seconds after which many servers close theirs. */
const keepAliveMilliseconds = 4_000

/** Opens no connection before the first call. Rejects with `invalid-config` for a document that it cannot be guarded by. */
export async function openEndpoint(name: string, options: EndpointOptions): Promise<Endpoint> {
  const contract = await contractOf(name, options)
  const trust = await readTrustFiles(`endpoints.${name}.tls`, options.tls)
  const base = new URL(options.base_url)
  const prefix = base.pathname.replace(/\/+$/, '')
  const place = { name, host: base.host }
  const { timeout_ms: timeout, concurrency, breaker: breaking } = options
  const maximumBytes = bytesOf.kb(options.answer_limit_kb)
  const pool = new Pool(base.origin, {
    connections: concurrency,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    keepAliveTimeout: keepAliveMilliseconds,
    connect: { timeout: Math.min(10_000, timeout), ...trust },
  })
  const exchanges = new Exchanges(pool, {
    connections: concurrency,
    waiting: concurrency,
    rules: {
      gather: () => maximumBytes,
      tooLong: () => protocolFault(place, `more than ${maximumBytes} bytes`),
      timeoutMilliseconds: timeout,
      tooLate: () => lateFault(place),
    },
    busy: () => busyFault(place),
  })
  const queue = new FairQueue({
    running: concurrency,
    waiting: options.waiting,
    waitingPerCaller: options.waiting_per_caller,
    waitMilliseconds: options.wait_ms,
    busy: () => busyFault(place),
  })
  const breaker = new Breaker({ failures: breaking.failures, openMilliseconds: breaking.open_ms })
  const credential = credentialOf(options)
  return {
    name,
    place,
    server: serverOf(base),
    options,
    contract,
    async send({ caller, method, head, body, onTurn }, take, signal) {
      const came = performance.now()
      using _turn = await queue.enter(caller, signal)
      const wait = breaker.wait(caller)
      if (wait > 0) throw openFault(place, wait)
      await onTurn(performance.now() - came)
      let wasReached = false
      try {
        const content = body === null ? [] : ['content-type', body.contentType]
        const headers = [...head.headers, ...content, ...credential, 'accept-encoding', 'identity']
        const request = { path: prefix + head.path, method, headers, body: body?.bytes ?? null }
        using limit = timeLimit(timeout)
        const late = limit.signal
        const answered = await exchanges.send(request, AbortSignal.any([signal, late])).catch((thrown: unknown) => {
          // What a caller sends may be what it breaks off at, or takes so long for.
          wasReached = !isUnreached(thrown)
          throw late.aborted && !signal.aborted ? lateFault(place, thrown) : connectionFault(place, thrown, signal)
        })
        wasReached = true
        if (!Buffer.isBuffer(answered.body)) throw new ServiceError('internal', 'An answer was not gathered.')
        const taken = take({ status: answered.status, headers: answered.raw, body: answered.body })
        breaker.succeeded(caller)
        return taken
      } catch (thrown) {
        // A caller who hangs up says nothing about the service.
        if (signal.aborted) breaker.toldNothing(caller)
        else breaker.failed(caller, wasReached)
        throw thrown
      }
    },
    [Symbol.asyncDispose]: () => pool.destroy(),
  }
}

function serverOf({ hostname, port, protocol }: URL): EndpointCallFacts['server'] {
  const address = hostname.replace(/^\[|\]$/g, '')
  return { address, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) }
}

function credentialOf({ api_key: key, api_key_header: header }: EndpointOptions): readonly string[] {
  if (key === undefined) return []
  return [header, header === 'authorization' ? `Bearer ${key.reveal()}` : key.reveal()]
}
