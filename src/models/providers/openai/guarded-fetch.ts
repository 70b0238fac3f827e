import { protocolError, type Endpoint } from './errors.ts'
import { waitSeconds } from '../../../core/retry-after.ts'

/** How much of the body of an error is read, in bytes: enough for a person. */
const errorBytes = 16_384
/** How long the body of an error may take to arrive. */
const errorMilliseconds = 5_000
/** The longest wait the client keeps to; it answers a longer one by asking again at once. */
const longestWaitSeconds = 60

/** Statuses that come without a body. */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304])

/** Can an answer or an error stand behind the status? Others cannot even be handed on as a `Response`. */
const isAnswer = (status: number): boolean => status >= 200 && status <= 599 && !withoutBody.has(status)

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/**
 * Asks one endpoint and nobody else: a redirect is handed back as it is, since following it would take the question and
 * the key elsewhere. The body of an error is read to a bound, and one that says to wait for long is not asked again.
 * Rejects with `model-protocol` for a status that no answer has.
 */
export function createGuardedFetch(endpoint: Endpoint, now: () => number): Fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' })
    const { status } = response
    if (!isAnswer(status)) {
      await response.body?.cancel().catch(() => undefined)
      throw protocolError(endpoint, `HTTP ${status}`)
    }
    if (response.ok) return response
    const headers = new Headers(response.headers)
    const wait = waitSeconds(headers, now())
    if (wait !== null && wait > longestWaitSeconds) headers.set('x-should-retry', 'false')
    return new Response(await beginningOf(response), { status, headers })
  }
}

async function beginningOf({ body }: Response): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let left = errorBytes
  const reader = body?.getReader()
  const late = setTimeout(() => void reader?.cancel().catch(() => undefined), errorMilliseconds)
  try {
    for (let read = await reader?.read(); read?.value !== undefined && left > 0; read = await reader?.read()) {
      chunks.push(new Uint8Array(read.value.subarray(0, left)))
      left -= read.value.length
    }
  } catch {
    // A body that breaks off is as good as its beginning.
  } finally {
    clearTimeout(late)
    await reader?.cancel().catch(() => undefined)
  }
  return new Blob(chunks)
}
