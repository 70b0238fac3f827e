import type { Secret } from '../../core/secret.ts'
import { DetectorFault } from '../detector-fault.ts'

/** What is asked of another program, and how long and how large its answer may be. */
export interface JsonQuestion {
  /** The program, as the first word of a message. */
  readonly who: string
  readonly url: string
  /** Sent as JSON; without one the question is a GET. */
  readonly body?: unknown
  /** Sent as a bearer token; null sends none. */
  readonly token?: Secret | null
  readonly timeoutMilliseconds: number
  /** The setting that says so. */
  readonly timeoutSetting: string
  readonly maximumBytes: number
  /** What an operator can do about a fault. */
  readonly advice: string
}

/** Answers that broke off before they began are asked for again once: the other side had closed an idle connection. */
const attempts = 2

/**
 * The JSON that another program answers with. Follows no redirect. Rejects with a DetectorFault for all but a whole answer
 * of success in JSON, within its time and its length, and with the signal's reason when that is aborted. No byte of what was
 * sent or answered is in a fault.
 */
export async function jsonAnswer(question: JsonQuestion, signal: AbortSignal): Promise<unknown> {
  const late = AbortSignal.timeout(question.timeoutMilliseconds)
  try {
    const response = await send(question, AbortSignal.any([signal, late]))
    return parse(question, await bodyOf(question, response))
  } catch (thrown) {
    signal.throwIfAborted()
    if (thrown instanceof DetectorFault) throw thrown
    if (late.aborted) {
      const { timeoutMilliseconds: limit, timeoutSetting: setting } = question
      throw fault(question, `did not answer within ${limit} ms (${setting})`)
    }
    throw fault(question, `could not be reached, or broke off its answer${codeOf(thrown)}`)
  }
}

async function send({ url, body, token = null }: JsonQuestion, signal: AbortSignal): Promise<Response> {
  const known = token === null ? {} : { authorization: `Bearer ${token.reveal()}` }
  const accepted = { ...known, accept: 'application/json', 'accept-encoding': 'identity' }
  const options: RequestInit =
    body === undefined
      ? { headers: accepted }
      : { method: 'POST', body: JSON.stringify(body), headers: { ...accepted, 'content-type': 'application/json' } }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetch(url, { ...options, redirect: 'manual', signal })
    } catch (thrown) {
      if (signal.aborted || attempt === attempts) throw thrown
    }
  }
}

async function bodyOf(question: JsonQuestion, response: Response): Promise<string> {
  const problem = problemOf(response)
  if (problem !== null) {
    await response.body?.cancel()
    throw fault(question, problem)
  }
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body ?? []) {
    length += piece.length
    if (length > question.maximumBytes) throw fault(question, `answered with more than ${question.maximumBytes} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function problemOf({ status, headers }: Response): string | null {
  if (status >= 300 && status <= 399) return `answered with a redirect (status ${status}), which is not followed`
  if (status !== 200) return `answered with status ${status}`
  const type = headers.get('content-type') ?? ''
  if (/^application\/json\s*(?:;|$)/i.test(type)) return null
  return /html/i.test(type) ? 'answered with a web page' : 'answered with something else than JSON'
}

function parse(question: JsonQuestion, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw fault(question, 'answered with damaged JSON')
  }
}

function fault({ who, advice }: JsonQuestion, what: string): DetectorFault {
  return new DetectorFault(`${who} ${what}.`, { advice })
}

/** The word that the system has for what went wrong with a connection: ECONNREFUSED. */
function codeOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? ` (${code})` : ''
}
