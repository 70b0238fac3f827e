import type { RequestHandler } from 'express'
import { ServiceError } from '../../../core/errors.ts'
import type { HeldAct } from '../../../core/facts.ts'
import { isId } from '../../../core/new-id.ts'
import { signalFor } from '../../../http/caller-signal.ts'
import { withMultipart } from '../../../http/multipart.ts'
import { parseRequest } from '../../../http/parse-request.ts'
import { requestIdOf } from '../../../http/request-id.ts'
import { noContainer, noPlace } from '../../../sessions/container-facts.ts'
import { principalOf } from '../../caller.ts'
import { sendList } from '../../list-page.ts'
import { observed } from '../../observed.ts'
import type { Route } from '../../route.ts'
import { listQuery } from '../../wire/files.ts'
import { sendContent, type FilesOptions } from '../files.ts'
import { addFileRequest, containerRequest, toContainer, toContainerFile, wishOf } from '../wire/containers.ts'
import type { KeptContainers } from './kept-containers.ts'

interface ServedParts extends Pick<FilesOptions, 'observe' | 'stallMilliseconds' | 'stopping'> {
  /** Reads a body of JSON. */
  readonly body: RequestHandler
}

interface Options extends ServedParts, Pick<FilesOptions, 'desk' | 'defusesFormulas'> {
  readonly containers: KeptContainers
}

interface ContainerRoutesOptions extends ServedParts {
  readonly history: Pick<FilesOptions, 'desk' | 'defusesFormulas'> | null
  readonly containers: KeptContainers | null
}

/** Containers and their files, for keys that may have sessions; none where nothing is kept of callers. */
export function containerRoutes({ history, containers, ...parts }: ContainerRoutesOptions): readonly Route[] {
  if (history === null || containers === null) return []
  const options: Options = { ...parts, containers, desk: history.desk, defusesFormulas: history.defusesFormulas }
  const [all, one] = ['/v1/containers', '/v1/containers/:id'] as const
  const files = `${one}/files` as const
  const file = `${files}/:file` as const
  const access = 'sessions' as const
  const { body, observe } = options
  const seen = (action: Extract<HeldAct, { readonly of: 'container' }>['action'], handler: RequestHandler) =>
    observed(observe, { of: 'container', action }, handler)
  return [
    { method: 'get', path: all, access, handlers: [listContainers(options)] },
    { method: 'post', path: all, access, handlers: [body, seen('make', createContainer(options))] },
    { method: 'get', path: one, access, handlers: [showContainer(options)] },
    { method: 'delete', path: one, access, handlers: [seen('delete', deleteContainer(options))] },
    { method: 'get', path: files, access, handlers: [listContainerFiles(options)] },
    { method: 'post', path: files, access, handlers: [unlessForm(body), seen('add-file', addContainerFile(options))] },
    { method: 'get', path: file, access, handlers: [showContainerFile(options)] },
    { method: 'delete', path: file, access, handlers: [seen('delete-file', deleteContainerFile(options))] },
    {
      method: 'get',
      path: `${file}/content`,
      access,
      handlers: [seen('read-file', containerFileContent(options))],
      hasHead: false,
    },
  ]
}

const isForm = (type: string | undefined): boolean => /^multipart\/form-data\b/i.test(type ?? '')

const unlessForm =
  (body: RequestHandler): RequestHandler =>
  (request, response, next) =>
    isForm(request.headers['content-type']) ? next() : body(request, response, next)

/** `POST /v1/containers`: its sandbox is claimed when a program first runs in it. */
function createContainer({ containers, observe, stopping }: Options): RequestHandler {
  return async (request, response) => {
    const wish = wishOf(parseRequest(containerRequest, request.body))
    const longest = containers.made.longestMilliseconds
    if (wish.idleMilliseconds > longest) {
      const most = Math.floor(longest / 60_000)
      throw new ServiceError('invalid-request', `expires_after.minutes: a container lives ${most} min at most.`, {
        parameter: 'expires_after.minutes',
        advice: 'Ask for less, or ask the operator for a higher sessions.maximum_lifetime_ms.',
      })
    }
    const made = toContainer(await containers.made.create(principalOf(response), wish, signalFor(response, stopping)))
    await observe.made({ requestId: requestIdOf(response), of: 'container', id: made.id })
    response.setHeader('cache-control', 'no-store').json(made)
  }
}

/** `GET /v1/containers`: those that the caller made, newest first. */
function listContainers({ containers }: Options): RequestHandler {
  return async (request, response) => {
    const { after, limit = 20, order = 'desc' } = parseRequest(listQuery, request.query)
    if (after !== undefined && !isId('cntr', after)) throw noPlace()
    const found = await containers.made.list(principalOf(response), { after, most: limit + 1, order })
    sendList(response, found.map(toContainer), limit)
  }
}

function showContainer({ containers }: Options): RequestHandler {
  return async (request, response) => {
    const found = await containers.show(principalOf(response), String(request.params['id']))
    response.setHeader('cache-control', 'no-store').json(toContainer(found))
  }
}

/** `DELETE /v1/containers/{id}`; the one of a conversation goes with that. */
function deleteContainer({ containers }: Options): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    if (!(await containers.made.delete(principalOf(response), id))) throw noContainer()
    response.json({ id, object: 'container.deleted', deleted: true })
  }
}

/** `GET /v1/containers/{id}/files`, newest first. */
function listContainerFiles({ containers }: Options): RequestHandler {
  return async (request, response) => {
    const { after, limit = 20, order = 'desc' } = parseRequest(listQuery, request.query)
    const id = String(request.params['id'])
    const found = await containers.files(principalOf(response), id, { after, most: limit + 1, order })
    const shown = found.map((file) => toContainerFile(file, id))
    sendList(response, shown, limit)
  }
}

/** `POST /v1/containers/{id}/files`: a form with one `file`, or the `file_id` of one that is kept, in a form or in JSON. */
function addContainerFile(options: Options): RequestHandler {
  const { containers, stopping } = options
  return async (request, response) => {
    const id = String(request.params['id'])
    const principal = principalOf(response)
    const signal = signalFor(response, stopping)
    const add = async (body: unknown): Promise<void> => {
      const { file_id: fileId } = parseRequest(addFileRequest, body)
      const added = await containers.made.add(principal, id, fileId, signal)
      response.json(toContainerFile(added, id))
    }
    if (!isForm(request.headers['content-type'])) return await add(request.body)
    await withMultipart(request, async (form) => {
      const file = await form.file
      if (file === null) return await add(Object.fromEntries(await form.fields))
      if (file.field !== 'file') {
        throw new ServiceError('invalid-request', 'The form has no file in its field "file".', { parameter: 'file' })
      }
      const { name } = file
      // A form that breaks off behind its file has not come.
      const content = async function* (): AsyncGenerator<Uint8Array> {
        yield* file.content
        const [other] = [...(await form.fields)].map(([field]) => field)
        if (other !== undefined) {
          throw new ServiceError('invalid-request', `${other}: is no field of a form that has a file.`, {
            parameter: other,
          })
        }
      }
      const added = await containers.made.upload(principal, id, { name, content: content(), signal })
      response.json(toContainerFile(added, id))
    })
  }
}

function showContainerFile({ containers }: Options): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    const file = await containers.file(principalOf(response), id, String(request.params['file']))
    response.setHeader('cache-control', 'no-store').json(toContainerFile(file, id))
  }
}

function deleteContainerFile({ containers, stopping }: Options): RequestHandler {
  return async (request, response) => {
    const { id, file } = request.params
    const signal = signalFor(response, stopping)
    await containers.deleteFile(principalOf(response), String(id), String(file), signal)
    response.json({ id: String(file), object: 'container.file.deleted', deleted: true })
  }
}

/** `GET /v1/containers/{id}/files/{file}/content` */
function containerFileContent(options: Options): RequestHandler {
  const { containers, desk } = options
  return async (request, response) => {
    const principal = principalOf(response)
    const { id, file } = request.params
    const { stored } = await containers.file(principal, String(id), String(file))
    const opened = await desk.open(principal, stored.id)
    if (opened === null) throw noContainer()
    await sendContent(opened, response, options)
  }
}
