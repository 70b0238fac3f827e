import type { RequestHandler, Response } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { ObserveHeld } from '../../core/facts.ts'
import { isId } from '../../core/new-id.ts'
import { signalFor } from '../../http/caller-signal.ts'
import { withMultipart } from '../../http/multipart.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { writeToReader } from '../../http/send-body.ts'
import type { FileDesk, OpenedFile } from '../../sessions/file-desk.ts'
import { principalOf } from '../caller.ts'
import { defuseFormulas, isPlainTable } from '../../text/defuse-formulas.ts'
import type { FileLinks } from '../file-links.ts'
import { sendList } from '../list-page.ts'
import { fileFields, listQuery, toFile } from '../wire/files.ts'

export interface FilesOptions {
  readonly desk: FileDesk
  readonly observe: ObserveHeld
  readonly links: FileLinks
  /** Are cells that begin formulas defused in tables that a run made? */
  readonly defusesFormulas: boolean
  readonly stallMilliseconds: number
  readonly stopping: AbortSignal
}

/** `POST /v1/files`: `multipart/form-data` with one `file` and its `purpose`, in whichever order they come. */
export function uploadFile({ desk, observe, stopping }: FilesOptions): RequestHandler {
  return async (request, response) => {
    const signal = signalFor(response, stopping)
    await withMultipart(request, async (form) => {
      const file = await form.file
      if (file === null || file.field !== 'file') {
        throw new ServiceError('invalid-request', 'The form has no file in its field "file".', { parameter: 'file' })
      }
      const said = async () => {
        const fields = parseRequest(fileFields, Object.fromEntries(await form.fields))
        return { purpose: fields.purpose, expiresSeconds: fields['expires_after[seconds]'] ?? null }
      }
      const given = { name: file.name, said }
      const kept = await desk.upload(principalOf(response), given, { content: file.content, signal })
      const { id, bytes, mediaType, purpose } = kept
      await observe.made({ requestId: requestIdOf(response), of: 'file', id, bytes, mediaType, purpose })
      response.status(200).json(toFile(kept))
    })
  }
}

/** `GET /v1/files`: newest first, page by page behind the last id that was seen. */
export function listFiles({ desk }: FilesOptions): RequestHandler {
  return async (request, response) => {
    const { after, limit = 100, order = 'desc', purpose } = parseRequest(listQuery, request.query)
    if (after !== undefined) requireFileId(after, 'after')
    const found = await desk.list(principalOf(response), { after, most: limit + 1, order, purpose })
    sendList(response, found.map(toFile), limit)
  }
}

export function showFile({ desk }: FilesOptions): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    const file = await desk.show(principalOf(response), id)
    if (file === null) throw noFile(id)
    response.setHeader('cache-control', 'no-store').json(toFile(file))
  }
}

export function deleteFile({ desk }: FilesOptions): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    if (!(await desk.delete(principalOf(response), id))) throw noFile(id)
    response.json({ id, object: 'file', deleted: true })
  }
}

/** `GET /v1/files/{id}/content` */
export function fileContent(options: FilesOptions): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    const opened = await options.desk.open(principalOf(response), id)
    if (opened === null) throw noFile(id)
    await sendContent(opened, response, options)
  }
}

/** `POST /v1/files/{id}/link`: an address at which whoever has it may read the file for a short time. */
export function linkFile({ desk, links }: FilesOptions): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    const file = await desk.show(principalOf(response), id)
    if (file === null) throw noFile(id)
    response.setHeader('cache-control', 'no-store').json({ object: 'file.link', id, url: links.to(file) })
  }
}

/** `GET /v1/files/links/{link}`: the link is the permission, so that an `<img>` can load it. */
export function linkedFile(options: FilesOptions): RequestHandler {
  return async (request, response) => {
    const link = options.links.open(String(request.params['link']))
    // What is no link of ours may be anything, as often as anybody likes: it is not on the trail.
    if (link === null) throw noLink()
    const { id, principal } = link
    const about = { of: 'file', action: 'read-by-link', requestId: requestIdOf(response), channel: 'http' } as const
    await options.observe.act({ ...about, principal, group: null, id }, async () => {
      const opened = await options.desk.open({ id: principal }, id)
      if (opened === null) throw noLink()
      await sendContent(opened, response, options)
    })
  }
}

function noLink(): ServiceError {
  return new ServiceError('not-found', 'The link is not valid or no longer valid.', {
    advice: 'Ask for another one: POST /v1/files/{id}/link.',
  })
}

/**
 * What came from a caller or out of a sandbox is never sniffed, never runs a script and never gets an origin; of all kinds only pictures of pixels are
 * shown where they stand.
 */
export async function sendContent(
  { file, content }: OpenedFile,
  response: Response,
  { defusesFormulas, stallMilliseconds }: Pick<FilesOptions, 'defusesFormulas' | 'stallMilliseconds'>,
): Promise<void> {
  const isPicture = /^image\/(?:png|jpeg|gif|webp)$/.test(file.mediaType)
  const isTable = isPlainTable(file.mediaType)
  const isDefused = defusesFormulas && isTable && file.purpose === 'artifact'
  response.status(200).set({
    'content-type': isPicture || isTable ? file.mediaType : 'application/octet-stream',
    'content-disposition': `${isPicture ? 'inline' : 'attachment'}; ${namedAs(file.name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  })
  if (!isDefused) response.setHeader('content-length', file.bytes)
  // What goes wrong in the middle closes the connection: half a file must not look like a whole one.
  for await (const piece of isDefused ? defuseFormulas(content) : content) {
    await writeToReader(response, piece, stallMilliseconds)
  }
  response.end()
}

/** A name in ASCII for all, and the whole one for those that read RFC 8187. */
function namedAs(name: string): string {
  const plain = name.replaceAll(/[^\w.-]/g, '_')
  const whole = encodeURIComponent(name).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)
  return `filename="${plain}"; filename*=UTF-8''${whole}`
}

function requireFileId(id: string, parameter: string): void {
  if (isId('file', id)) return
  throw new ServiceError('invalid-request', `${parameter}: is no id of a file.`, { parameter })
}

function noFile(id: string): ServiceError {
  return new ServiceError('not-found', `There is no file "${id.slice(0, 100)}".`, {
    advice: "It was deleted, has expired, or is somebody else's; GET /v1/files lists yours.",
  })
}
