import type { Request, RequestHandler, Response as Answer } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { Artifact } from '../../core/result.ts'
import { signalFor } from '../../http/caller-signal.ts'
import { readLimitedBody } from '../../http/limited-body.ts'
import { sendBytes } from '../../http/send-body.ts'
import { onePiece } from '../one-piece.ts'
import type { E2bOptions } from './e2b-options.ts'
import type { SignedPath } from './known-sandboxes.ts'
import {
  admitTo,
  isRunning,
  receivedFor,
  requireSandbox,
  sandboxOf,
  tokenOf,
  type TokenOptions,
} from './require-sandbox.ts'
import { home, toSandboxPath } from '../sandbox-path.ts'

/** Of one upload, which is read as a whole. */
const mostBytes = 64 * 1024 * 1024

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What a link was signed for; null for a request that carries a token. */
function linkOf(request: Request): SignedPath | null {
  const { path, username, signature, signature_expiration: end } = request.query
  if (tokenOf(request) !== null || typeof signature !== 'string') return null
  return {
    path: text(path),
    operation: request.method === 'POST' ? 'write' : 'read',
    user: text(username),
    expires: end === undefined ? null : Number(text(end)),
    signature,
  }
}

/** Lets through who shows the token of a sandbox, and who has a link that was signed with it. */
export function requireSandboxOrLink(options: TokenOptions): RequestHandler {
  const byToken = requireSandbox(options)
  return async (request, response, next) => {
    const link = linkOf(request)
    if (link === null) {
      await byToken(request, response, next)
      return
    }
    const sandbox = options.known.bySignature(link, Date.now())
    if (sandbox === null || !(await isRunning(options, sandbox))) throw options.countGuess(request) ?? noLink()
    await admitTo(sandbox, options, response)
    next()
  }
}

function noLink(): ServiceError {
  return new ServiceError('unauthenticated', 'The link to the file is not valid or no longer valid.', {
    advice: 'Have another one made.',
  })
}

/** `GET /files?path=`: the file as it may leave. It came out of a sandbox: it is never shown in a page. */
export function downloadFile({ programs, stopping, stallMilliseconds }: E2bOptions): RequestHandler {
  return async (request, response) => {
    const path = toSandboxPath(text(request.query['path']))
    const signal = signalFor(response, stopping)
    const file = await programs.readFile(receivedFor(response), path, signal).catch(async (thrown: unknown) => {
      throw (await isMissing({ programs }, path, { response, signal })) ? noFile(path) : thrown
    })
    response.status(200).set({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'no-store',
    })
    await sendBytes(response, Buffer.from(file.content, 'base64'), stallMilliseconds)
  }
}

export function noFile(path: string): ServiceError {
  return new ServiceError('not-found', `There is no file "${`${home}/${path}`.slice(0, 300)}".`, {
    parameter: 'path',
    advice: 'List the files of the sandbox.',
  })
}

/** Was a file not read since there is none? Told by what there is, whatever the fault says. */
async function isMissing(
  { programs }: Pick<E2bOptions, 'programs'>,
  path: string,
  { response, signal }: { readonly response: Answer; readonly signal: AbortSignal },
): Promise<boolean> {
  const files = await programs.listFiles(receivedFor(response), signal).catch(() => null)
  return files !== null && path !== '' && !files.some((file) => file.path === path)
}

interface Upload {
  readonly path: string
  readonly bytes: Uint8Array
}

/** `POST /files`: the parts of a form by their file names, or one file as it is. Each is put into every context, too. */
export function uploadFiles({ programs, stopping }: E2bOptions): RequestHandler {
  return async (request, response) => {
    const signal = signalFor(response, stopping)
    const sandbox = sandboxOf(response)
    const written: object[] = []
    for (const { path, bytes } of await uploadsOf(request)) {
      const stored = await programs.putFile(receivedFor(response), path, onePiece(bytes), signal)
      for (const session of sandbox.contexts.ownSessions) {
        await programs.putFile(receivedFor(response, session), path, onePiece(bytes), signal)
      }
      written.push(writeInfo(stored))
    }
    response.status(200).json(written)
  }
}

function writeInfo({ path }: Artifact): object {
  return { path: `${home}/${path}`, name: path.slice(path.lastIndexOf('/') + 1), type: 'file' }
}

async function uploadsOf(request: Request): Promise<readonly Upload[]> {
  const type = request.headers['content-type'] ?? ''
  const named = text(request.query['path'])
  const body = await readLimitedBody(request, { bytes: mostBytes, ratio: Number.POSITIVE_INFINITY })
  if (!/^multipart\/form-data\s*;/i.test(type)) return [{ path: toSandboxPath(named), bytes: body }]
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } })
    .formData()
    .catch((cause: unknown) => {
      throw new ServiceError('invalid-request', 'The body is no form that can be read.', { cause })
    })
  const files = form.getAll('file').filter((value) => value instanceof File)
  if (files.length === 0) throw new ServiceError('invalid-request', 'The form has no part "file" that is a file.')
  const isNamed = named !== '' && files.length === 1
  return await Promise.all(
    files.map(async (file) => ({
      path: toSandboxPath(isNamed ? named : file.name),
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  )
}
