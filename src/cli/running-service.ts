import { z } from 'zod'
import type { Variables } from '../config/environment.ts'
import { readSecretFile } from '../config/environment-layer.ts'
import type { Config } from '../config/schema.ts'
import { errorCodes, errorTable } from '../core/error-table.ts'
import type { JsonValue } from '../core/json.ts'
import { ServiceError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'

/** A service that runs elsewhere, asked over HTTP with a caller's key. */
export interface RunningService {
  /**
   * The body of the answer, unchecked; null for an empty one. Rejects with what the service said was wrong,
   * `service-unavailable` where nothing that speaks as Sallyport does answers, `deadline-exceeded` where it takes too long.
   */
  ask(method: 'GET' | 'DELETE', path: string, signal: AbortSignal): Promise<unknown>
  /** The same, with a body in JSON. */
  post(path: string, body: JsonValue, signal: AbortSignal): Promise<unknown>
  /** An answer that is no JSON, or comes piece by piece: its body is unread, and may take as long as it wants. Rejects as `ask`. */
  open(request: AskedRequest, signal: AbortSignal): Promise<Response>
}

export interface AskedRequest {
  readonly method: 'GET' | 'DELETE' | 'POST'
  readonly path: string
  /** Null for none. */
  readonly body: JsonValue | FormData
}

export interface ServiceAddress {
  /** Instead of where the configuration has the service. */
  readonly url?: string
  /** File with the key, instead of the variable SALLYPORT_KEY. A key on a command line is seen by every process. */
  readonly keyFile?: string
}

export interface RunningServiceOptions {
  readonly config: Config
  readonly variables: Variables
  /** How long an answer may take; 30 s where it is absent, and 300 s at most, which is where `fetch` gives up. */
  readonly answerMilliseconds?: number
}

const problem = z.object({
  code: z.enum(errorCodes),
  detail: z.string(),
  advice: z.string().optional(),
  request_id: z.string().optional(),
})

export function createRunningService(
  given: ServiceAddress,
  { config, variables, answerMilliseconds = 30_000 }: RunningServiceOptions,
): RunningService {
  const base = baseOf(given.url ?? addressOf(config))
  const key = keyOf(given, variables)
  const send = async ({ method, path, body: given }: AskedRequest, within: Within): Promise<Response> => {
    const { signal, limit } = within
    const isForm = given instanceof FormData
    return await fetch(`${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key.reveal()}`,
        accept: 'application/json, text/event-stream, */*;q=0.5',
        ...(given === null || isForm ? {} : { 'content-type': 'application/json' }),
      },
      ...(given === null ? {} : { body: isForm ? given : JSON.stringify(given) }),
      // Whoever answers in the service's place must not send the key on to somebody else.
      redirect: 'error',
      signal: limit,
    }).catch((thrown: unknown) => {
      signal.throwIfAborted()
      throw limit.aborted ? slow(base, answerMilliseconds) : unreachable(base, thrown)
    })
  }
  const ask = async (request: AskedRequest, signal: AbortSignal): Promise<unknown> => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMilliseconds)])
    const response = await send(request, { signal, limit })
    const body = await bodyOf(response)
    signal.throwIfAborted()
    if (response.ok) return body
    throw faultOf(base, response.status, body)
  }
  return {
    ask: (method, path, signal) => ask({ method, path, body: null }, signal),
    post: (path, body, signal) => ask({ method: 'POST', path, body }, signal),
    async open(request, signal) {
      const response = await send(request, { signal, limit: signal })
      if (response.ok) return response
      throw faultOf(base, response.status, await bodyOf(response))
    },
  }
}

interface Within {
  /** Of whoever waits. */
  readonly signal: AbortSignal
  /** That, or the longest time an answer may take. */
  readonly limit: AbortSignal
}

function addressOf({ http }: Config): string {
  if (http.base_url !== null) return http.base_url
  if (http.port === 0) {
    throw new ServiceError('invalid-request', 'http.port is any free one, so the address of the service is not known', {
      advice: 'Name it with --url.',
    })
  }
  // A service that listens on every interface is asked on this machine's own.
  const host = http.host === '0.0.0.0' ? '127.0.0.1' : http.host === '::' ? '::1' : http.host
  return `${http.tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${http.port}`
}

/** The address as it is asked, without a slash at its end. Throws `invalid-request` for what is none. */
export function baseOf(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new ServiceError('invalid-request', 'The address of the service must look like http://127.0.0.1:8080')
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** The key that a file holds, or the variable. Throws `unauthenticated` where there is none. */
export function keyOf({ keyFile }: Pick<ServiceAddress, 'keyFile'>, variables: Variables): Secret {
  const key = keyFile === undefined ? variables['SALLYPORT_KEY'] : readKey(keyFile)
  if (key !== undefined && /^\S{1,512}$/.test(key)) return new Secret(key)
  const advice =
    'Set SALLYPORT_KEY, or name a file that holds it with --key-file; "sallyport serve" prints the first one.'
  throw new ServiceError('unauthenticated', 'There is no key to ask the service with', { advice })
}

function readKey(path: string): string {
  try {
    return readSecretFile(path)
  } catch (thrown) {
    if (thrown instanceof ServiceError) throw thrown
    throw new ServiceError('invalid-file', `${path}: the key cannot be read (${(thrown as Error).message})`)
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => '')
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function faultOf(base: string, status: number, body: unknown): ServiceError {
  const { data } = problem.safeParse(body)
  if (data === undefined) {
    return new ServiceError('service-unavailable', `${base} answered with ${status}, and not as Sallyport does`)
  }
  if (data.code === 'unauthenticated') {
    const advice = 'Check SALLYPORT_KEY or the file that --key-file names.'
    return new ServiceError(data.code, `${base} does not know this key`, { advice })
  }
  // The service shows what is for its operator in the log alone; the id of the request leads there.
  const isHidden = errorTable[data.code].audience !== 'caller' && data.request_id !== undefined
  const detail = isHidden ? `${data.detail} Request ${data.request_id}.` : data.detail
  return new ServiceError(data.code, detail, data.advice === undefined ? {} : { advice: data.advice })
}

function slow(base: string, answerMilliseconds: number): ServiceError {
  return new ServiceError('deadline-exceeded', `${base} did not answer within ${answerMilliseconds / 1000} s`)
}

function unreachable(base: string, thrown: unknown): ServiceError {
  const cause = thrown instanceof Error ? (thrown.cause as NodeJS.ErrnoException | undefined) : undefined
  const reason = cause?.code ?? cause?.message ?? 'no connection'
  return new ServiceError('service-unavailable', `${base} cannot be reached (${reason})`, { cause: thrown })
}
