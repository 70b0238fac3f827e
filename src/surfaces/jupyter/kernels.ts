import type { Request, RequestHandler, Response } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { HeldAct } from '../../core/facts.ts'
import type { Principal } from '../../core/principal.ts'
import { signalFor } from '../../http/caller-signal.ts'
import { jsonOf } from '../../http/json-body.ts'
import { ownShape } from '../../http/json-shape.ts'
import { readLimitedBody } from '../../http/limited-body.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import type { SessionSummary } from '../../sessions/session-entry.ts'
import { principalOf } from '../caller.ts'
import { kernelRequest, sessionOfKernel, toKernel } from '../wire/jupyter.ts'
import type { JupyterOptions } from './jupyter-options.ts'

/** Does something with a kernel: on the trail before it is done, and a fault before its caller hears of it. */
export function act<T>(
  { observe }: Pick<JupyterOptions, 'observe'>,
  response: Response,
  { action, id, work }: { readonly action: SessionAction; readonly id: string | null; readonly work: () => Promise<T> },
): Promise<T> {
  const { id: principal, group } = principalOf(response)
  const about = { requestId: requestIdOf(response), channel: 'http', principal, group } as const
  return observe.act({ ...about, of: 'session', action, id }, work)
}

type SessionAction = Extract<HeldAct, { readonly of: 'session' }>['action']

/** The session of the caller's own kernel. Throws `not-found` for another's as for one that never was, and `wrong-replica` where another process has it. */
export async function findKernel(
  { sessions }: Pick<JupyterOptions, 'sessions'>,
  principal: Principal,
  kernel: string,
): Promise<SessionSummary> {
  const found = await sessions.find(principal, sessionOfKernel(kernel))
  if (found !== null) return found
  throw new ServiceError('not-found', `Kernel does not exist: ${kernel.slice(0, 100)}.`, {
    advice: 'It was deleted, was unused for too long, or never was yours. Start another.',
  })
}

const kernelOf = (request: Request): string => String(request.params['id'])

/** `POST /jupyter/api/kernels`: its sandbox is started when a program first runs. */
export function startKernel(options: JupyterOptions): RequestHandler {
  return async (request, response) => {
    const limits = { limitBytes: options.bodyLimitBytes, shape: ownShape }
    const body = await readLimitedBody(request, { bytes: options.bodyLimitBytes, ratio: Number.POSITIVE_INFINITY })
    parseRequest(kernelRequest, body.length === 0 ? {} : jsonOf(body, limits))
    const work = () => options.sessions.open(principalOf(response), {})
    const session = await act(options, response, { action: 'open', id: null, work })
    await options.observe.made({ requestId: requestIdOf(response), of: 'session', id: session.id })
    response.status(201).setHeader('cache-control', 'no-store').json(toKernel(session))
  }
}

/** `GET /jupyter/api/kernels`: all sessions of the caller. */
export function listKernels({ sessions }: JupyterOptions): RequestHandler {
  return async (_request, response) => {
    const kernels = (await sessions.list(principalOf(response))).map(toKernel)
    response.setHeader('cache-control', 'no-store').json(kernels)
  }
}

export function showKernel(options: JupyterOptions): RequestHandler {
  return async (request, response) => {
    const session = await findKernel(options, principalOf(response), kernelOf(request))
    response.setHeader('cache-control', 'no-store').json(toKernel(session))
  }
}

/** `DELETE /jupyter/api/kernels/{id}`: what runs in it is cancelled. */
export function deleteKernel(options: JupyterOptions): RequestHandler {
  return async (request, response) => {
    const principal = principalOf(response)
    const id = sessionOfKernel(kernelOf(request))
    const work = async () => {
      await findKernel(options, principal, kernelOf(request))
      await options.sessions.close(principal, id)
    }
    await act(options, response, { action: 'close', id, work })
    response.status(204).end()
  }
}

/** `POST /jupyter/api/kernels/{id}/interrupt` */
export function interruptKernel(options: JupyterOptions): RequestHandler {
  return async (request, response) => {
    const { id } = await findKernel(options, principalOf(response), kernelOf(request))
    options.running.interrupt(id)
    response.status(204).end()
  }
}

/** `POST /jupyter/api/kernels/{id}/restart`: its variables are gone and its files are there. */
export function restartKernel(options: JupyterOptions): RequestHandler {
  return async (request, response) => {
    const principal = principalOf(response)
    const session = await findKernel(options, principal, kernelOf(request))
    options.running.interrupt(session.id)
    await options.sandboxes.restart(principal, session.id, signalFor(response, options.stopping))
    response.setHeader('cache-control', 'no-store').json(toKernel(session))
  }
}
