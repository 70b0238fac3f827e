import { setTimeout as pause } from 'node:timers/promises'
import { AwakeTime } from '../../concurrency/awake-time.ts'
import { waitSeconds } from '../../core/retry-after.ts'
import type { Secret } from '../../core/secret.ts'
import { DetectorFault } from '../detector-fault.ts'
import { RemoteFault, type RemoteFaultWord } from './remote-fault.ts'

/** What is asked of another program, and how long and how large its answer may be. */
export interface JsonQuestion {
  /** The program, as the first word of a message. */
  readonly who: string
  readonly url: string
  /** Sent as JSON; without one the question is a GET. */
  readonly body?: unknown
  /** Headers that go with the bytes of the body, made anew for each time that it is sent. */
  readonly headersFor?: (body: string) => Readonly<Record<string, string>>
  /** Sent as a bearer token; null sends none. */
  readonly token?: Secret | null
  /** Is it asked once more where it says that it has too much to do, if its wait ends in time? */
  readonly waitsWhenBusy?: boolean
  readonly timeoutMilliseconds: number
  /** What the setting says, where the question has what is left of it. */
  readonly limitMilliseconds?: number
  /** The setting that says so. */
  readonly timeoutSetting: string
  readonly maximumBytes: number
  /** What an operator can do about a fault. */
  readonly advice: string
}

/** A question goes out twice at most: again where the first answer broke off before it began, or was too much to do. */
const attempts = 2
/** Milliseconds until the second question to one that does not say when it will have less to do. */
const usualWait = 250

/**
 * The JSON that another program answers with. Follows no redirect. Rejects with a RemoteFault for all but a whole answer of
 * success in JSON, within its time and its length, and with the signal's reason when that is aborted. No byte of what was sent
 * or answered is in a fault.
 */
export async function jsonAnswer(question: JsonQuestion, signal: AbortSignal): Promise<unknown> {
  const late = new AbortController()
  const time = new AwakeTime(question.timeoutMilliseconds, () => late.abort())
  const sent: Sent = { signal: AbortSignal.any([signal, late.signal]), hasBegun: false, time }
  try {
    const response = await send(question, sent)
    sent.hasBegun = true
    return parse(question, await bodyOf(question, response))
  } catch (thrown) {
    signal.throwIfAborted()
    if (thrown instanceof DetectorFault) throw thrown
    if (late.signal.aborted) throw overdue(question, sent)
    throw fault(question, 'unreachable', `could not be reached, or broke off its answer${codeOf(thrown)}`)
  } finally {
    time.stop()
  }
}

interface Sent {
  readonly signal: AbortSignal
  readonly time: AwakeTime
  hasBegun: boolean
}

async function send(question: JsonQuestion, { signal, time }: Sent): Promise<Response> {
  const body = question.body === undefined ? null : JSON.stringify(question.body)
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === attempts
    try {
      const response = await fetch(question.url, { ...requestOf(question, body), redirect: 'manual', signal })
      const wait = isLast || question.waitsWhenBusy !== true ? null : waitOf(response)
      if (wait === null || wait >= time.left) return response
      await response.body?.cancel()
      await pause(wait, undefined, { signal })
    } catch (thrown) {
      if (signal.aborted || isLast) throw thrown
    }
  }
}

function requestOf({ token = null, headersFor }: JsonQuestion, body: string | null): RequestInit {
  const known = token === null ? {} : { authorization: `Bearer ${token.reveal()}` }
  const headers = { ...known, accept: 'application/json', 'accept-encoding': 'identity' }
  if (body === null) return { headers }
  return { method: 'POST', body, headers: { ...headers, ...headersFor?.(body), 'content-type': 'application/json' } }
}

const isBusy = (status: number): boolean => status === 429 || status === 503

/** Milliseconds until it may be asked again; null for one that is not busy. */
function waitOf({ status, headers }: Response): number | null {
  if (!isBusy(status)) return null
  const seconds = waitSeconds(headers, Date.now())
  return seconds === null ? usualWait : seconds * 1_000
}

async function bodyOf(question: JsonQuestion, response: Response): Promise<string> {
  const problem = problemOf(response)
  if (problem !== null) {
    await response.body?.cancel()
    throw fault(question, ...problem)
  }
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body ?? []) {
    length += piece.length
    if (length > question.maximumBytes) {
      throw fault(question, 'answer-too-long', `answered with more than ${question.maximumBytes} bytes`)
    }
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function problemOf({ status, headers }: Response): readonly [RemoteFaultWord, string] | null {
  if (status >= 300 && status <= 399) {
    return ['redirect', `answered with a redirect (status ${status}), which is not followed`]
  }
  if (status !== 200) return [wordOf(status), `answered with status ${status}`]
  const type = headers.get('content-type') ?? ''
  if (/^application\/json\s*(?:;|$)/i.test(type)) return null
  const what = /html/i.test(type) ? 'a web page' : 'something else than JSON'
  return ['malformed', `answered with ${what}`]
}

function wordOf(status: number): RemoteFaultWord {
  if (isBusy(status)) return 'busy'
  return status >= 500 ? 'failed' : 'refused'
}

function parse(question: JsonQuestion, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw fault(question, 'malformed', 'answered with damaged JSON')
  }
}

function overdue(question: JsonQuestion, { hasBegun }: Sent): RemoteFault {
  const { timeoutMilliseconds, limitMilliseconds = timeoutMilliseconds, timeoutSetting } = question
  const within = `within ${limitMilliseconds} ms (${timeoutSetting})`
  return hasBegun
    ? fault(question, 'slow-answer', `did not answer ${within}: it began to, and came to no end`)
    : fault(question, 'deadline', `did not answer ${within}`)
}

function fault({ who, advice }: JsonQuestion, word: RemoteFaultWord, what: string): RemoteFault {
  return new RemoteFault(`${who} ${what}.`, { word, advice })
}

/** The word that the system has for what went wrong with a connection: ECONNREFUSED. */
function codeOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? ` (${code})` : ''
}
