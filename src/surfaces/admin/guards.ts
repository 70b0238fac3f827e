import type { IncomingMessage } from 'node:http'
import { ServiceError } from '../../core/errors.ts'

/** Names by which a listener on loopback is asked, whatever port a tunnel gave it. */
const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/**
 * Throws `invalid-request` for what a page in somebody's browser could send to a listener on that machine. A name of the
 * page's own that leads here (DNS rebinding) shows in `Host`; a page of another origin in `Origin`, or in `Sec-Fetch-Site`
 * where there is no `Origin`. Neither would have a key; what cannot be asked needs no such hope. There is no page of our own,
 * so no origin is ever allowed and no header of CORS is sent.
 */
export function createBrowserGuard(names: readonly string[]): (request: IncomingMessage) => void {
  const known = new Set([...loopbackNames, ...names].map((name) => (name.includes(':') ? bracketed(name) : name)))
  return ({ headers }) => {
    const name = (headers.host ?? '').toLowerCase().replace(/:\d+$/, '')
    if (!known.has(name)) {
      throw new ServiceError('invalid-request', 'The Host header does not name this service.', {
        advice: 'Ask it as localhost or 127.0.0.1; admin.names lists other names of it.',
      })
    }
    const site = headers['sec-fetch-site']
    if (headers.origin !== undefined || (site !== undefined && site !== 'none')) {
      throw new ServiceError('invalid-request', 'A page in a browser asks nothing here.', {
        advice: 'Ask from a program: the Origin and Sec-Fetch-Site headers are refused.',
      })
    }
  }
}

const bracketed = (name: string): string => (name.startsWith('[') ? name : `[${name}]`)
