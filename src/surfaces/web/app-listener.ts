import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { ServiceError } from '../../core/errors.ts'
import { answerError, type OnFault } from '../../http/errors.ts'
import { writeHeadWith, setOwnHeaders } from '../../http/own-headers.ts'
import { pathOf } from '../../http/path-of.ts'
import { nameRoute } from '../../http/route-name.ts'
import { sendBytes } from '../../http/send-body.ts'
import type { AppFiles } from './app-files.ts'
import { appPolicy } from './app-policy.ts'

export interface AppListenerOptions {
  readonly files: AppFiles
  /** How long a caller may take none of its answer, in milliseconds. */
  readonly stallMilliseconds: number
  /** Throws for a request by which nobody opens the app; absent where everybody may. */
  readonly mayOpen?: (request: IncomingMessage) => void
  readonly onFault: OnFault
}

const root = '/app/'

/** For the person who opens the page: a document for programs would tell them nothing. */
const notBuilt =
  'The app for browsers is not built here. Run "npm run build" in the checkout, or install the package, which brings it along; then load this page again.\n'

/** Is it a place of the app, whether or not there is a file? */
export function isAppAddress(request: IncomingMessage): boolean {
  const path = pathOf(request)
  return path === '/app' || path.startsWith(root)
}

/** Answers `/app/…` with the files of the app. They say nothing about anybody, so that nobody has to be known. */
export function appListener(options: AppListenerOptions): RequestListener {
  return (request, response) => {
    void answer(request, response, options)
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { files, stallMilliseconds, mayOpen, onFault }: AppListenerOptions,
): Promise<void> {
  try {
    nameRoute(response, root)
    mayOpen?.(request)
    const { method, headers } = request
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      throw new ServiceError('method-not-allowed', `${method} is not allowed on files of the app.`)
    }
    const path = pathOf(request)
    if (path === '/app') {
      // Without the stroke at its end, addresses in the page would lead beside the app. The fragment is kept by browsers.
      writeHeadWith(response, 308, ['location', 'app/', 'cache-control', 'no-cache', 'content-length', '0'])
      response.end()
      return
    }
    const file = await files.find(path.slice(root.length), headers['accept-encoding'] ?? '')
    if (file === 'not-built') {
      const length = String(Buffer.byteLength(notBuilt))
      const head = ['content-type', 'text/plain; charset=utf-8', 'cache-control', 'no-store', 'content-length', length]
      writeHeadWith(response, 503, head)
      response.end(method === 'HEAD' ? undefined : notBuilt)
      return
    }
    if (file === 'absent') throw new ServiceError('not-found', `The app has no file at ${path.slice(0, 200)}.`)
    const { type, encoding, body, isImmutable } = file
    const tag = `"${file.tag}"`
    const head = [
      'content-security-policy',
      appPolicy,
      'x-frame-options',
      'DENY',
      'etag',
      tag,
      'vary',
      'Accept-Encoding',
      'cache-control',
      isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ]
    if (isSame(headers['if-none-match'], tag)) {
      writeHeadWith(response, 304, head)
      response.end()
      return
    }
    const encoded = encoding === 'identity' ? [] : ['content-encoding', encoding]
    writeHeadWith(response, 200, [...head, 'content-type', type, ...encoded, 'content-length', String(body.length)])
    if (method === 'HEAD') response.end()
    else await sendBytes(response, body, stallMilliseconds)
  } catch (thrown) {
    if (!response.headersSent) setOwnHeaders(response)
    answerError(thrown, { request, response }, { onFault, bodyFor: () => (problem) => problem })
  }
}

/** Is the content one that the browser has? */
function isSame(list: string | undefined, tag: string): boolean {
  return (list ?? '').split(',').some((each) => each.trim().replace(/^W\//, '') === tag)
}

/** The app beside what else is served; nothing new of it once requests are refused. */
export function besideApp(
  others: RequestListener,
  options: Omit<AppListenerOptions, 'files'> & { readonly files: AppFiles | null; readonly isRefusing: () => boolean },
): RequestListener {
  const { files, isRefusing } = options
  if (files === null) return others
  const app = appListener({ ...options, files })
  return (request, response) => {
    if (isAppAddress(request) && !isRefusing()) app(request, response)
    else others(request, response)
  }
}
