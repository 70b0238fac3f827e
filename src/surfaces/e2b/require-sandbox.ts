import type { Request, RequestHandler, Response } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { ExecutionReceived } from '../../core/execution.ts'
import { Secret } from '../../core/secret.ts'
import type { Identify } from '../../gateway/authenticate/authenticate.ts'
import { requestIdOf } from '../../http/request-id.ts'
import type { KnownSandbox, KnownSandboxes } from './known-sandboxes.ts'
import type { SandboxService } from './sandbox-service.ts'

/** Counts a token that is nobody's; the error to answer with once there were too many. */
export type CountGuess = (request: Request) => ServiceError | null

export interface TokenOptions {
  readonly known: KnownSandboxes
  readonly sandboxes: Pick<SandboxService, 'list'>
  readonly countGuess: CountGuess
  readonly identify: Identify
}

const tokenHeaders = ['x-access-token', 'e2b-traffic-access-token'] as const

/** The token of a request about the content of a sandbox; null for none. Throws `invalid-request` where two differ. */
export function tokenOf({ headers }: Pick<Request, 'headers'>): string | null {
  const [token = null, ...others] = tokenHeaders.flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [String(value)]
  })
  if (others.some((other) => other !== token)) {
    throw new ServiceError('invalid-request', 'The headers X-Access-Token and E2B-Traffic-Access-Token differ.')
  }
  return token
}

/** The words by which the clients know that a sandbox is gone ("was not found", e2b 2.63 in Python), with the status of theirs. */
export function notRunning(id: string): ServiceError {
  const message = `The sandbox "${id.slice(0, 100)}" was not found: it was killed, has reached its timeout, or never was.`
  return new ServiceError('not-found', message, { advice: 'Create another.', answered: goneAnswer })
}

const goneAnswer = { status: 502, type: null, code: null }

/** Is its session there still? What is kept of one that has ended is forgotten. */
export async function isRunning(
  { known, sandboxes }: Pick<TokenOptions, 'known' | 'sandboxes'>,
  sandbox: KnownSandbox,
) {
  const isOpen = (await sandboxes.list(sandbox.principal)).some(({ id }) => id === sandbox.id)
  if (!isOpen) known.forget(sandbox.id)
  return isOpen
}

/** Another `Secret` each time: who is found for one is found once, and a revoked key would live on in the sandboxes that it has opened. */
const freshCredential = ({ credential }: KnownSandbox): Secret | null =>
  credential === null ? null : new Secret(credential.reveal())

/**
 * Lets through a request about a sandbox that is there, of whoever showed that it is theirs. Rejects with `unauthenticated` or `suspended` where the key
 * of the sandbox is nobody's by now: its token is worth no more than that.
 */
export async function admitTo(
  sandbox: KnownSandbox,
  { identify }: Pick<TokenOptions, 'identify'>,
  response: Response,
): Promise<void> {
  await identify('http', freshCredential(sandbox))
  response.locals['sandbox'] = sandbox
}

/**
 * Stops a request about a sandbox that does not show its token, or whose sandbox is gone. One with a wrong token is answered as one about
 * a sandbox that never was.
 */
export function requireSandbox(options: TokenOptions): RequestHandler {
  return async (request, response, next) => {
    const id = String(request.headers['e2b-sandbox-id'] ?? '')
    const token = tokenOf(request)
    if (id === '' || token === null) {
      throw new ServiceError('unauthenticated', 'The request names no sandbox, or carries no token of one.', {
        advice: 'Create a sandbox with an API key, or connect to it: the answer has its token.',
      })
    }
    const sandbox = options.known.byToken(id, token)
    if (sandbox === null) throw options.countGuess(request) ?? notRunning(id)
    if (!(await isRunning(options, sandbox))) throw notRunning(id)
    await admitTo(sandbox, options, response)
    next()
  }
}

export function sandboxOf(response: Response): KnownSandbox {
  return response.locals['sandbox'] as KnownSandbox
}

/** A request of its caller for one of its sessions. */
export function receivedFor(response: Response, session?: string): ExecutionReceived {
  const sandbox = sandboxOf(response)
  const credential = freshCredential(sandbox)
  return { requestId: requestIdOf(response), channel: 'http', credential, sessionId: session ?? sandbox.id }
}
