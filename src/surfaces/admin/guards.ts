import type { IncomingMessage } from 'node:http'
import { ServiceError } from '../../core/errors.ts'
import { pathOf } from '../../http/path-of.ts'
import { webContractsAt } from '../wire/web-sessions.ts'
import { isOfApp, requireOwnPage, type WebAddress } from '../web/web-address.ts'

/** Where a browser leaves for the identity provider, and where that sends it back to. */
const { startOidc, finishOidc } = webContractsAt('/admin/v1')

/** Names by which a listener on loopback is asked, whatever port a tunnel gave it. */
const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

export interface BrowserGuard {
  /** Throws `invalid-request` for a request that names the listener by a name that is not its own. */
  readonly requireName: (request: Pick<IncomingMessage, 'headers'>) => void
  /** Throws `invalid-request`, or `forbidden`, for a request of a page that is not the app's own. */
  readonly requireOwnPage: (request: Pick<IncomingMessage, 'headers' | 'method' | 'url'>) => void
}

/**
 * Holds off what a page in somebody's browser could send to a listener on that machine. A name of the page's own that leads here
 * (DNS rebinding) shows in `Host`; a page of another origin in `Origin`, or in `Sec-Fetch-Site` where there is no `Origin`.
 * Neither would have a key; what cannot be asked needs no such hope. The one page that may ask is the app that this listener
 * serves, which says so by a header that others cannot set: no other origin is ever allowed and no header of CORS is sent.
 * Without an app (`web` is null) no page asks anything.
 */
export function createBrowserGuard(names: readonly string[], web: WebAddress | null): BrowserGuard {
  const known = new Set([...loopbackNames, ...names].map((name) => (name.includes(':') ? bracketed(name) : name)))
  return {
    requireName: ({ headers }) => {
      const name = (headers.host ?? '').toLowerCase().replace(/:\d+$/, '')
      if (known.has(name)) return
      throw new ServiceError('invalid-request', 'The Host header does not name this service.', {
        advice: 'Ask it as localhost or 127.0.0.1; admin.names lists other names of it.',
      })
    },
    requireOwnPage: (request) => {
      const { headers } = request
      if (web !== null && isOfApp(headers)) return requireOwnPage(headers, web)
      if (web !== null && goesToSignIn(request)) return
      const site = headers['sec-fetch-site']
      if (headers.origin === undefined && (site === undefined || site === 'none')) return
      throw new ServiceError('invalid-request', 'A page in a browser asks nothing here.', {
        advice: 'Open the app, /app/, or ask from a program: the Origin and Sec-Fetch-Site headers are refused.',
      })
    },
  }
}

/**
 * Does a browser go to the identity provider from the app, or come back from there, which is another site? Both are steps of a person from
 * page to page, never of what a page loads or frames, and ask for nothing by a session: the cookie of the sign-in has to fit the code.
 */
function goesToSignIn(request: Pick<IncomingMessage, 'headers' | 'method' | 'url'>): boolean {
  const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = request.headers
  const isStep = request.method === 'GET' && origin === undefined && mode === 'navigate' && destination === 'document'
  const path = pathOf(request)
  return isStep && (path === finishOidc.path || (path === startOidc.path && site === 'same-origin'))
}

const bracketed = (name: string): string => (name.startsWith('[') ? name : `[${name}]`)
