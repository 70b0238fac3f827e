import type { RequestHandler, Response } from 'express'
import { ServiceError } from '../../core/errors.ts'
import { withMultipart } from '../../http/multipart.ts'
import { sendBytes, writeToReader } from '../../http/send-body.ts'
import { defuseTable } from '../../text/defuse-formulas.ts'
import { toListedFile, toUploaded } from '../wire/librechat.ts'
import { askedFor, type Asked } from './asked-for.ts'
import type { LibreChatOptions } from './librechat-options.ts'
import { filesOf, findFile, findPlace, isWireId, uploadPurpose, wireId, type Place } from './places.ts'

/** How long an upload is kept: LibreChat takes none for usable that is older than 23 hours, and uploads the file again. */
const keptSeconds = 24 * 60 * 60

/** `POST /v1/upload`: a form with one `file`. What else it says of LibreChat's users and agents decides nothing: the key is the caller. */
export function uploadFile(options: LibreChatOptions): RequestHandler {
  return async (request, response) => {
    const { principal, signal, act, made } = askedFor(request, response, options)
    await withMultipart(request, async (form) => {
      const file = await form.file
      if (file === null || file.field !== 'file') {
        throw new ServiceError('invalid-request', 'The form has no file in its field "file".', { parameter: 'file' })
      }
      const said = async () => {
        await form.fields
        return { purpose: uploadPurpose, expiresSeconds: keptSeconds }
      }
      const { id, name, bytes, mediaType } = await act({ of: 'file', action: 'keep', id: null }, () =>
        options.desk.upload(principal, { name: file.name, said }, { content: file.content, signal }),
      )
      await made({ of: 'file', id, bytes, mediaType, purpose: uploadPurpose })
      response.status(200).json(toUploaded(wireId(id), wireId(id), name))
    })
  }
}

/** The place of an address. Throws `not-found`, which the trail has. */
const placeIn = (options: LibreChatOptions, { principal, act }: Asked, session: string): Promise<Place> =>
  act({ of: 'session', action: 'use', id: session }, () => findPlace(options, principal, session))

/** `GET /v1/files/{session}`. Ids of other files have another form, and are not looked for here. */
export function listFiles(options: LibreChatOptions): RequestHandler {
  return async (request, response) => {
    const about = askedFor(request, response, options)
    const place = await placeIn(options, about, String(request.params['id']))
    const files = await filesOf(options, place, about)
    response.setHeader('cache-control', 'no-store').json(files.map(toListedFile))
  }
}

/** Goes on with the next handlers where the id is one of a session of this wire, else with the next route. */
export const onlyWireIds: RequestHandler = (request, _response, next) => {
  if (isWireId(String(request.params['id']))) next()
  else next('route')
}

/** `GET /v1/sessions/{session}/objects/{id}`: whether a file is there still. */
export function showFile(options: LibreChatOptions): RequestHandler {
  return async (request, response) => {
    const { session, id } = request.params
    const about = askedFor(request, response, options)
    const place = await placeIn(options, about, String(session))
    const file = await findFile(options, place, { ...about, id: String(id) })
    response.setHeader('cache-control', 'no-store').json(toListedFile(file))
  }
}

/** `GET /v1/download/{session}/{id}`: an upload as it came; what came out of a sandbox as it may leave. Neither is ever shown in a page. */
export function downloadFile(options: LibreChatOptions): RequestHandler {
  return async (request, response) => {
    const { session, id } = request.params
    const about = askedFor(request, response, options)
    const place = await placeIn(options, about, String(session))
    const { path } = await findFile(options, place, { ...about, id: String(id) })
    if (place.kind === 'session') {
      const { content } = await options.programs.readFile(about.receivedFor(place.summary.id), path, about.signal)
      const bytes = Buffer.from(content, 'base64')
      const isTable = options.defusesFormulas && /\.(?:csv|tsv)$/i.test(path)
      asAttachment(response)
      await sendBytes(response, isTable ? await defuseTable(bytes) : bytes, options.stallMilliseconds)
      return
    }
    const { id: file } = place.file
    const opened = await about.act({ of: 'file', action: 'read', id: file }, async () => {
      const found = await options.desk.open(about.principal, file)
      if (found === null) throw new ServiceError('not-found', 'The upload is over.', { advice: 'Upload it again.' })
      return found
    })
    asAttachment(response)
    // What goes wrong in the middle closes the connection: half a file must not look like a whole one.
    for await (const piece of opened.content) await writeToReader(response, piece, options.stallMilliseconds)
    response.end()
  }
}

function asAttachment(response: Response): void {
  response.status(200).set({
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'no-store',
  })
}
