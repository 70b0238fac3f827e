import type { IncomingMessage } from 'node:http'
import { Busboy, type BusboyFileStream, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy'
import { ServiceError } from '../core/errors.ts'

/** A form as it comes: its file is to be read to its end, and then its fields are all there. */
export interface MultipartForm {
  /** The first file; null where the form has none. Its content rejects with `cancelled` where its sender leaves, `invalid-request` where it breaks off. */
  readonly file: Promise<MultipartFile | null>
  /** Resolves when the form has ended as it should, whatever of it stands behind the file. */
  readonly fields: Promise<ReadonlyMap<string, string>>
}

export interface MultipartFile {
  readonly field: string
  readonly name: string
  readonly content: AsyncIterable<Uint8Array>
}

const limits = {
  fields: 20,
  fieldNameSize: 100,
  fieldSize: 4_096,
  files: 1,
  parts: 25,
  headerPairs: 20,
  headerSize: 8_192,
}

/** Reads `multipart/form-data` with one file, of which no more than a piece is in memory. Throws `unsupported-media-type` for anything else. */
export function readMultipart(request: IncomingMessage): MultipartForm {
  const busboy = busboyFor(request)
  const file = Promise.withResolvers<MultipartFile | null>()
  const fields = Promise.withResolvers<ReadonlyMap<string, string>>()
  // Whoever reads the one may never ask for the other.
  fields.promise.catch(() => undefined)
  file.promise.catch(() => undefined)
  const found = new Map<string, string>()
  let stream: BusboyFileStream | null = null
  const fail = (error: ServiceError): void => {
    request.unpipe(busboy)
    // What still comes is thrown away, so that the answer finds a reader.
    request.resume()
    fields.reject(error)
    file.reject(error)
    stream?.destroy(error)
  }
  busboy.on('file', (field: string, content: BusboyFileStream, name: string) => {
    stream = content
    content.on('error', () => undefined)
    file.resolve({ field, name, content: faithful(content) })
  })
  // A part need not say its name, whatever the types of the parser say.
  busboy.on('field', (name: string | undefined, value: string, isNameCut: boolean, isValueCut: boolean) => {
    if (name === undefined) fail(broken('A part of the form has no name.'))
    else if (isNameCut || isValueCut) fail(new ServiceError('payload-too-large', `The field "${name}" is too long.`))
    else if (found.has(name)) fail(broken(`The field "${name}" is there twice.`))
    else found.set(name, value)
  })
  for (const what of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
    busboy.on(what, () => fail(broken('The form has more parts than are read.')))
  }
  busboy.on('error', (cause: unknown) => fail(broken('The form breaks off, or is none.', cause)))
  busboy.on('finish', () => {
    file.resolve(null)
    fields.resolve(found)
  })
  // All of it may have come and not have been read: with its connection that is gone, too.
  const gone = (): void => {
    if (!request.readableEnded) fail(new ServiceError('cancelled', 'The caller closed the connection.'))
  }
  request.on('close', gone)
  if (request.destroyed) gone()
  else request.pipe(busboy)
  return { file: file.promise, fields: fields.promise }
}

/** Reads a form. Where the work fails, what still comes of it is thrown away, so that the answer finds a reader. */
export async function withMultipart<T>(
  request: IncomingMessage,
  work: (form: MultipartForm) => Promise<T>,
): Promise<T> {
  try {
    return await work(readMultipart(request))
  } catch (thrown) {
    request.unpipe()
    request.resume()
    throw thrown
  }
}

/** What the parser says of a part that breaks off is what is wrong with the form. */
async function* faithful(content: BusboyFileStream): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of content) yield piece as Uint8Array
  } catch (thrown) {
    throw thrown instanceof ServiceError ? thrown : broken('The form breaks off in its file.', thrown)
  }
}

function busboyFor({ headers }: IncomingMessage): BusboyInstance {
  const type = headers['content-type'] ?? ''
  if (!/^multipart\/form-data\s*;/i.test(type) || (headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new ServiceError('unsupported-media-type', 'The body is not multipart/form-data.', {
      advice: 'Send the file as multipart/form-data, as the clients of OpenAI do, without compression.',
    })
  }
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits })
  } catch (cause) {
    throw broken('The form does not say how its parts are divided.', cause)
  }
}

function broken(message: string, cause?: unknown): ServiceError {
  return new ServiceError('invalid-request', message, cause === undefined ? {} : { cause })
}
