import { readEvents, type StreamEvent } from './event-stream.ts'
import { problemOf, ProblemError, unreachable } from './problem.ts'

interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/** Without this header the service takes no session of a browser: another origin cannot set it without being asked first. */
const webHeader = { 'x-sallyport-web': '1' }

let whenUnauthenticated = (): void => {}

/** Who is told that a call was refused because the session has ended. */
export function onUnauthenticated(tell: () => void): void {
  whenUnauthenticated = tell
}

/** The address of a path of the service, from where this page lies: `/v1/files` is `../v1/files` of `…/app/`. */
export function addressOf(path: string): URL {
  return new URL(`..${path}`, document.baseURI)
}

/** Rejects with ProblemError where the answer is no, with AbortError where `signal` ends it. */
async function call(path: string, init: RequestInit, quiet = false): Promise<Response> {
  const headers = { ...webHeader, ...(init.headers as Record<string, string> | undefined) }
  let response: Response
  try {
    response = await fetch(addressOf(path), { credentials: 'same-origin', redirect: 'error', ...init, headers })
  } catch (error) {
    if (init.signal?.aborted === true) throw error
    throw unreachable(error)
  }
  return await admitted(response, quiet)
}

async function admitted(response: Response, quiet: boolean): Promise<Response> {
  if (response.ok) return response
  const problem = problemOf(response.status, await response.text(), response.headers.get('x-request-id'))
  if (problem.status === 401 && !quiet) whenUnauthenticated()
  throw problem
}

async function jsonOf<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T
  const text = await response.text()
  try {
    return JSON.parse(text) as T
  } catch {
    throw problemOf(response.status, '', response.headers.get('x-request-id'))
  }
}

/** `quiet`: an end of the session is an answer here and nobody else is told. */
export async function getJson<T>(path: string, options: CallOptions & { readonly quiet?: boolean } = {}): Promise<T> {
  const { signal = null, quiet = false } = options
  return await jsonOf<T>(await call(path, { signal, headers: { accept: 'application/json' } }, quiet))
}

/** The type is the caller's word: it is the one of the route's contract. */
export async function sendJson<T>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  options: CallOptions & { readonly quiet?: boolean } = {},
): Promise<T> {
  const { signal = null, quiet = false } = options
  const headers = { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  const content = body === undefined ? {} : { body: JSON.stringify(body) }
  return await jsonOf<T>(await call(path, { method, signal, headers, ...content }, quiet))
}

interface FormOptions {
  readonly signal: AbortSignal
  /** Told of the share of the bytes that is sent, 0 to 1. */
  readonly onProgress: (sent: number) => void
}

/** Sends `multipart/form-data`, as an upload wants it. `fetch` does not say how much of a body is sent. */
export async function sendForm<T>(path: string, body: FormData, { signal, onProgress }: FormOptions): Promise<T> {
  signal.throwIfAborted()
  const request = new XMLHttpRequest()
  const leave = (): void => request.abort()
  signal.addEventListener('abort', leave)
  try {
    const response = await new Promise<Response>((resolve, reject) => {
      request.open('POST', addressOf(path))
      for (const [name, value] of Object.entries({ ...webHeader, accept: 'application/json' }))
        request.setRequestHeader(name, value)
      request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total)
      request.onerror = () => reject(unreachable(new Error('The upload broke off.')))
      request.onabort = () => reject(signal.reason as Error)
      request.onload = () => {
        const requestId = request.getResponseHeader('x-request-id')
        const headers = requestId === null ? {} : { 'x-request-id': requestId }
        resolve(new Response(request.responseText, { status: request.status, headers }))
      }
      request.send(body)
    })
    return await jsonOf<T>(await admitted(response, false))
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

interface StreamOptions {
  readonly signal: AbortSignal
  /** Told of the head of the answer before its first event. */
  readonly onHeaders?: (headers: Headers) => void
}

/** Posts `body` and gives the events of the answer as they come. To leave the loop, or to abort, closes the stream. */
export async function* streamEvents(
  path: string,
  body: unknown,
  { signal, onHeaders }: StreamOptions,
): AsyncGenerator<StreamEvent> {
  const headers = { accept: 'text/event-stream', 'content-type': 'application/json' }
  const response = await call(path, { method: 'POST', body: JSON.stringify(body), signal, headers })
  if (response.body === null) throw unreachable(new Error('The answer has no body.'))
  onHeaders?.(response.headers)
  try {
    yield* readEvents(response.body)
  } catch (error) {
    if (signal.aborted || error instanceof RangeError || error instanceof ProblemError) throw error
    throw unreachable(error)
  }
}

/** The body of an answer as a file; `accept` chooses the form where the route has several. */
export async function getBlob(
  path: string,
  { accept = '*/*', signal = null }: { readonly accept?: string; readonly signal?: AbortSignal | null } = {},
): Promise<Blob> {
  const response = await call(path, { signal, headers: { accept } })
  return await response.blob()
}

/** Has the browser keep a file under a name. An address alone would not do: it would go without the header of the session. */
export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
