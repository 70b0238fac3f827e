import type { RequestHandler, Response } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { Artifact } from '../../core/result.ts'
import { signalFor } from '../../http/caller-signal.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { listDirectory, moveRequest, pathRequest } from '../wire/e2b.ts'
import type { E2bOptions } from './e2b-options.ts'
import { noFile } from './files.ts'
import { receivedFor, sandboxOf } from './require-sandbox.ts'
import { toSandboxPath } from '../sandbox-path.ts'
import { entriesBelow, entryAt } from './sandbox-entries.ts'

type Options = Pick<E2bOptions, 'programs' | 'sandboxes' | 'stopping'>

interface Place {
  readonly files: readonly Artifact[]
  /** Folders that were made by this protocol. */
  readonly made: Set<string>
  readonly signal: AbortSignal
}

async function placeOf({ programs, stopping }: Options, response: Response): Promise<Place> {
  const signal = signalFor(response, stopping)
  return { files: await programs.listFiles(receivedFor(response), signal), made: sandboxOf(response).folders, signal }
}

/** `Stat` */
export function stat(options: Options): RequestHandler {
  return async (request, response) => {
    const path = toSandboxPath(parseRequest(pathRequest, request.body).path)
    const { files, made } = await placeOf(options, response)
    const entry = entryAt(path, files, made)
    if (entry === null) throw noFile(path)
    response.json({ entry })
  }
}

/** `ListDir` */
export function listDir(options: Options): RequestHandler {
  return async (request, response) => {
    const { path: asked, depth } = parseRequest(listDirectory, request.body)
    const path = toSandboxPath(asked)
    const place = await placeOf(options, response)
    const entry = entryAt(path, place.files, place.made)
    if (entry === null) throw noFile(path)
    if (entry.type !== 'FILE_TYPE_DIRECTORY') {
      throw new ServiceError('invalid-request', `"${entry.path.slice(0, 300)}" is no folder.`, { parameter: 'path' })
    }
    response.json({ entries: entriesBelow(path, Math.max(1, depth), place) })
  }
}

/** `MakeDir`. A folder is made by a file in it, which is taken away again. */
export function makeDir(options: Options): RequestHandler {
  return async (request, response) => {
    const path = toSandboxPath(parseRequest(pathRequest, request.body).path)
    const { files, made, signal } = await placeOf(options, response)
    if (entryAt(path, files, made) !== null) {
      throw new ServiceError('conflict', `There is something at "${path.slice(0, 300)}" already.`, {
        parameter: 'path',
      })
    }
    const received = receivedFor(response)
    const placeholder = `${path}/.sallyport-folder`
    await options.programs.putFile(received, placeholder, nothing(), signal)
    await options.programs.deleteFile(received, placeholder, signal)
    made.add(path)
    response.json({ entry: entryAt(path, files, made) })
  }
}

/** `Move`: a file, or a folder with all that it holds. What is there already is not written over. */
export function move(options: Options): RequestHandler {
  return async (request, response) => {
    const { source, destination } = parseRequest(moveRequest, request.body)
    const [from, to] = [toSandboxPath(source), toSandboxPath(destination)]
    const { files, made, signal } = await placeOf(options, response)
    if (from === '' || entryAt(from, files, made) === null) throw noFile(from)
    if (entryAt(to, files, made) !== null || `${to}/`.startsWith(`${from}/`)) {
      throw new ServiceError('conflict', `"${from.slice(0, 200)}" cannot become "${to.slice(0, 200)}".`, {
        parameter: 'destination',
        advice: 'Choose a path at which there is nothing, and which is not within what is moved.',
      })
    }
    const isMoved = (path: string): boolean => path === from || path.startsWith(`${from}/`)
    const moves = files
      .filter(({ path }) => isMoved(path))
      .map(({ path }) => ({ from: path, to: `${to}${path.slice(from.length)}` }))
    const { id, principal } = sandboxOf(response)
    await options.sandboxes.moveFiles(principal, id, moves, signal)
    for (const folder of [...made].filter(isMoved)) {
      made.delete(folder)
      made.add(`${to}${folder.slice(from.length)}`)
    }
    const now = await placeOf(options, response)
    response.json({ entry: entryAt(to, now.files, made) })
  }
}

/** `Remove`: a file, or a folder with all that it holds. */
export function remove(options: Options): RequestHandler {
  return async (request, response) => {
    const path = toSandboxPath(parseRequest(pathRequest, request.body).path)
    const { files, made, signal } = await placeOf(options, response)
    if (path === '' || entryAt(path, files, made) === null) throw noFile(path)
    const received = receivedFor(response)
    await options.programs.deleteFile(received, path, signal)
    for (const folder of made) if (folder === path || folder.startsWith(`${path}/`)) made.delete(folder)
    response.json({})
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array()
}
