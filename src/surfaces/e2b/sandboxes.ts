import type { Request, RequestHandler, Response } from 'express'
import { ServiceError } from '../../core/errors.ts'
import { endUserHeader } from '../../core/principal.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { credentialOf, principalOf } from '../caller.ts'
import { connectRequest, listQuery, newSandbox, timeoutRequest, toOpenedSandbox, toSandboxInfo } from '../wire/e2b.ts'
import type { E2bOptions } from './e2b-options.ts'
import type { KnownSandbox } from './known-sandboxes.ts'
import { matches, pageOf } from './sandbox-pages.ts'

/** Sandboxes as their caller opens, finds and ends them, with an API key. */
type Options = Pick<E2bOptions, 'sandboxes' | 'known'>

/** Milliseconds; throws `invalid-request` above the longest lifetime. */
function lifetimeOf(seconds: number, longest: number): number {
  if (seconds * 1_000 <= longest) return seconds * 1_000
  throw new ServiceError('invalid-request', `timeout: a sandbox lives ${Math.floor(longest / 1_000)} s at most.`, {
    parameter: 'timeout',
    advice: 'Ask for less; set another timeout while it lives.',
  })
}

/** A call about the content of a sandbox carries no signed person: what one may would be what the application may. */
function refuseEndUser({ headers }: Pick<Request, 'headers'>): void {
  if (headers[endUserHeader] === undefined) return
  throw new ServiceError('invalid-request', `Sandboxes are for whoever holds the key; ${endUserHeader} is not taken.`, {
    advice: 'Leave it out, or open a sandbox with a credential of that person.',
  })
}

/** `POST /v2/sandboxes`: its container is started when a program first runs. */
export function openSandbox({ sandboxes, known, observe }: Options & Pick<E2bOptions, 'observe'>): RequestHandler {
  return async (request, response) => {
    refuseEndUser(request)
    const { templateID: template, timeout, metadata } = parseRequest(newSandbox, request.body)
    const principal = principalOf(response)
    const lifetime = lifetimeOf(timeout, sandboxes.longestLifetimeMilliseconds)
    const { summary, longestRunMilliseconds } = await sandboxes.open(principal, lifetime)
    await observe.made({ requestId: requestIdOf(response), of: 'session', id: summary.id })
    const open = new Set((await sandboxes.list(principal)).map(({ id }) => id))
    known.keepOnly((other) => other.principal.id !== principal.id || open.has(other.id))
    const sandbox = known.add({
      id: summary.id,
      principal,
      credential: credentialOf(request),
      template,
      metadata: metadata ?? {},
      startedAt: summary.openedAt,
      longestRunMilliseconds,
    })
    response
      .status(201)
      .setHeader('cache-control', 'no-store')
      .json(toOpenedSandbox({ ...sandbox, summary }))
  }
}

/** The caller's own sandbox of the address. Throws `not-found`, with the reason where it has ended. */
async function find({ known, sandboxes }: Options, request: Request, response: Response) {
  const principal = principalOf(response)
  const id = String(request.params['id'])
  const sandbox = known.ofCaller(principal, id)
  const summary = await sandboxes.find(principal, id)
  if (sandbox !== null && summary !== null) return { sandbox, summary }
  known.forget(sandbox?.id ?? '')
  throw new ServiceError('not-found', `The sandbox "${id.slice(0, 100)}" was not found.`, {
    advice: 'It was killed, has reached its timeout, or never was yours. Create another.',
  })
}

/** Every session of a sandbox is given the same time. */
async function endIn({ sandboxes }: Options, sandbox: KnownSandbox, milliseconds: number) {
  const { principal, contexts } = sandbox
  const summary = await sandboxes.endIn(principal, sandbox.id, milliseconds)
  for (const session of contexts.ownSessions) await sandboxes.endIn(principal, session, milliseconds)
  return summary
}

/** `POST /v2/sandboxes/{id}/connect`: its time is made longer where less is left, never shorter. */
export function connectSandbox(options: Options): RequestHandler {
  return async (request, response) => {
    refuseEndUser(request)
    const { timeout } = parseRequest(connectRequest, request.body)
    const { sandbox, summary } = await find(options, request, response)
    const lifetime = lifetimeOf(timeout, options.sandboxes.longestLifetimeMilliseconds)
    if (lifetime > (summary.leftMilliseconds ?? 0)) await endIn(options, sandbox, lifetime)
    sandbox.credential = credentialOf(request)
    response
      .status(200)
      .setHeader('cache-control', 'no-store')
      .json(toOpenedSandbox({ ...sandbox, summary }))
  }
}

/** `POST /sandboxes/{id}/timeout` */
export function setSandboxTimeout(options: Options): RequestHandler {
  return async (request, response) => {
    const { timeout } = parseRequest(timeoutRequest, request.body)
    const { sandbox } = await find(options, request, response)
    await endIn(options, sandbox, lifetimeOf(timeout, options.sandboxes.longestLifetimeMilliseconds))
    response.status(204).end()
  }
}

/** `GET /sandboxes/{id}` */
export function getSandbox(options: Options): RequestHandler {
  return async (request, response) => {
    const { sandbox, summary } = await find(options, request, response)
    response
      .setHeader('cache-control', 'no-store')
      .json(toSandboxInfo({ ...sandbox, summary, size: options.sandboxes.size }))
  }
}

/** `GET /v2/sandboxes`: the caller's own, a page at a time. */
export function listSandboxes({ sandboxes, known }: Options): RequestHandler {
  return async (request, response) => {
    const query = parseRequest(listQuery, request.query)
    const principal = principalOf(response)
    const open = new Map((await sandboxes.list(principal)).map((summary) => [summary.id, summary]))
    const own = known.allOf(principal).flatMap((sandbox) => {
      const summary = open.get(sandbox.id)
      return summary === undefined || !matches(sandbox, query) ? [] : [{ sandbox, summary }]
    })
    const { items, nextToken } = pageOf(own, query)
    if (nextToken !== null) response.setHeader('x-next-token', nextToken)
    const data = items.map(({ sandbox: { template, metadata }, summary }) =>
      toSandboxInfo({ template, metadata, summary, size: sandboxes.size }),
    )
    response.setHeader('cache-control', 'no-store').json(data)
  }
}

/** `DELETE /sandboxes/{id}`: what runs in it is cancelled. */
export function killSandbox(options: Options): RequestHandler {
  return async (request, response) => {
    const { sandbox } = await find(options, request, response)
    const { principal, contexts, id } = sandbox
    options.known.forget(id)
    await Promise.all([id, ...contexts.ownSessions].map((session) => options.sandboxes.close(principal, session)))
    response.status(204).end()
  }
}

/** What the protocol has and a sandbox here has not: said, so that nobody waits for it. */
export function refuseUnsupported(what: string): RequestHandler {
  return () => {
    throw new ServiceError('invalid-request', `Sallyport does not ${what}.`, { advice: 'Leave it out.' })
  }
}
