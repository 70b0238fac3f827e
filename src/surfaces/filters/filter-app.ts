import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { ServiceError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import { checkPath, checkRequest, type CheckAnswer, type CheckRequest } from '../../filters/service/check-contract.ts'
import { reasonOf, signalFor } from '../../http/caller-signal.ts'
import { endAnswer } from '../../http/end-answer.ts'
import { answerError, type OnFault } from '../../http/errors.ts'
import { readJson } from '../../http/json-body.ts'
import { setOwnHeaders } from '../../http/own-headers.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { pathOf } from '../../http/path-of.ts'
import { nameRoute } from '../../http/route-name.ts'
import { credentialOf } from '../caller.ts'
import { notTaken } from '../direct-routes.ts'

/** Whatever a gateway takes of a caller it may ask about: each text of a body becomes several values, beside the rules. */
const askedShape = { maximumDepth: 128, maximumValues: 20_000_000 }

/** Looks at texts for another process. Rejects with `invalid-request` for a profile that it cannot go by. */
export type AnswerCheck = (request: CheckRequest, signal: AbortSignal) => Promise<CheckAnswer>

export interface FilterAppOptions {
  /** What whoever calls has to show. */
  readonly key: Secret
  readonly check: AnswerCheck
  readonly readiness: () => Promise<{ readonly ready: boolean; readonly detail: string }>
  readonly metrics: { readonly contentType: string; text(): Promise<string> }
  readonly bodyLimitBytes: number
  readonly stopping: AbortSignal
  /** True from the beginning of a shutdown; `/readyz` says so. */
  readonly isDraining: () => boolean
  /** True from the end of its grace; new checks are refused. */
  readonly isRefusing: () => boolean
  readonly onFault: OnFault
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

interface Route {
  readonly method: 'GET' | 'POST'
  readonly isOpen: boolean
  readonly answer: (exchange: Exchange, options: FilterAppOptions) => Promise<void>
}

const routes: Readonly<Record<string, Route>> = {
  '/livez': { method: 'GET', isOpen: true, answer: async (exchange) => send(exchange, 200, { status: 'alive' }) },
  '/readyz': { method: 'GET', isOpen: true, answer: answerReadiness },
  '/metrics': { method: 'GET', isOpen: false, answer: answerMetrics },
  [checkPath]: { method: 'POST', isOpen: false, answer: answerCheck },
}

/** All that a process of filters answers: checks and its metrics to whoever has the key, and whether it is well to anybody. */
export function createFilterApp(options: FilterAppOptions): RequestListener {
  const answer = async (exchange: Exchange): Promise<void> => {
    const { request, response } = exchange
    try {
      setOwnHeaders(response)
      const route = routeOf(exchange)
      if (!route.isOpen) requireKey(request, options.key)
      await route.answer(exchange, options)
    } catch (thrown) {
      answerError(thrown, exchange, { onFault: options.onFault, bodyFor: () => (problem) => problem })
    }
  }
  return (request, response) => void answer({ request, response })
}

function routeOf({ request, response }: Exchange): Route {
  const path = pathOf(request)
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (route === undefined) {
    throw new ServiceError('not-found', `There is nothing at ${path.slice(0, 200)}.`, {
      advice: `This process answers ${Object.keys(routes).join(', ')} alone.`,
    })
  }
  nameRoute(response, path)
  if (request.method === route.method) return route
  response.setHeader('allow', route.method)
  throw new ServiceError('method-not-allowed', `${request.method} is not allowed on ${path}.`)
}

/** Compared by digests of one length, in a time that says nothing of either. */
function requireKey(request: IncomingMessage, key: Secret): void {
  const shown = credentialOf(request)
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  if (shown !== null && timingSafeEqual(digest(shown.reveal()), digest(key.reveal()))) return
  throw new ServiceError('unauthenticated', 'The request does not carry the key of the filter service.', {
    advice: 'Give filters.content.service.key of both processes the same value.',
  })
}

async function answerCheck(exchange: Exchange, options: FilterAppOptions): Promise<void> {
  const { request, response } = exchange
  if (options.isRefusing()) throw notTaken()
  const { value } = await readJson(request, { limitBytes: options.bodyLimitBytes, shape: askedShape })
  const asked = parseRequest(checkRequest, value)
  const signal = signalFor(response, options.stopping)
  const answer = await options.check(asked, signal).catch((thrown: unknown) => {
    throw reasonOf(thrown, signal)
  })
  send(exchange, 200, answer)
}

async function answerReadiness(exchange: Exchange, { readiness, isDraining }: FilterAppOptions): Promise<void> {
  const state = isDraining() ? { ready: false, detail: 'shutting down' } : await readiness()
  send(exchange, state.ready ? 200 : 503, { status: state.ready ? 'ready' : 'not ready', detail: state.detail })
}

async function answerMetrics({ response }: Exchange, { metrics }: FilterAppOptions): Promise<void> {
  response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' })
  response.end(await metrics.text())
}

function send(exchange: Exchange, status: number, body: object): void {
  const text = JSON.stringify(body)
  exchange.response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  })
  endAnswer(exchange, text)
}
