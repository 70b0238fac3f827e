import type { RequestHandler } from 'express'
import { signalFor } from '../../http/caller-signal.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { contextRequest, toContext } from '../wire/e2b.ts'
import { languageOf } from './code-contexts.ts'
import type { E2bOptions } from './e2b-options.ts'
import { receivedFor, sandboxOf } from './require-sandbox.ts'

type Options = Pick<E2bOptions, 'sandboxes' | 'programs' | 'stopping'>

/**
 * `POST /contexts`: interpreters of their own, in a session of their own, with the sandbox's files as they are now. The session counts as
 * one of its caller's and ends with the sandbox.
 */
export function createContext({ sandboxes, programs, stopping }: Options): RequestHandler {
  return async (request, response) => {
    const { language } = parseRequest(contextRequest, request.body ?? {})
    const { name } = languageOf(language ?? 'python')
    const sandbox = sandboxOf(response)
    const { principal, contexts, id } = sandbox
    const signal = signalFor(response, stopping)
    // Whoever may not touch the files of the sandbox is told so before anything is opened.
    const files = await programs.listFiles(receivedFor(response), signal)
    const own = (await sandboxes.list(principal)).find((summary) => summary.id === id)
    const left = Math.max(1, own?.leftMilliseconds ?? 0)
    const { summary } = await sandboxes.open(principal, left)
    try {
      if (files.length > 0) await sandboxes.copyFiles(principal, { from: id, to: summary.id }, signal)
    } catch (thrown) {
      await sandboxes.close(principal, summary.id)
      throw thrown
    }
    response.status(201).json(toContext(contexts.add(name, summary.id)))
  }
}

/** `GET /contexts` */
export const listContexts: RequestHandler = (_request, response) => {
  response.setHeader('cache-control', 'no-store').json(sandboxOf(response).contexts.all.map(toContext))
}

/** `POST /contexts/{id}/restart`: variables are gone, files are there. The contexts that a sandbox has by itself restart together. */
export function restartContext({ sandboxes, stopping }: Options): RequestHandler {
  return async (request, response) => {
    const { principal, contexts } = sandboxOf(response)
    const context = contexts.get(String(request.params['id']))
    await sandboxes.restart(principal, context.session, signalFor(response, stopping))
    for (const each of contexts.all) if (each.session === context.session) each.executions = 0
    response.status(204).end()
  }
}

/** `DELETE /contexts/{id}`: of one that the sandbox has by itself the variables go, as by a restart. */
export function removeContext({ sandboxes, stopping }: Options): RequestHandler {
  return async (request, response) => {
    const { principal, contexts } = sandboxOf(response)
    const context = contexts.get(String(request.params['id']))
    if (contexts.isShared(context)) await sandboxes.restart(principal, context.session, signalFor(response, stopping))
    else await sandboxes.close(principal, context.session)
    contexts.remove(context.id)
    response.status(204).end()
  }
}
