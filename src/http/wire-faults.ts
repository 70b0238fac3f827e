import type { IncomingMessage } from 'node:http'

/**
 * What makes a request one that two readers could take for two different ones. Each is answered 400: RFC 9110 has 501 and 505 for
 * some, which anybody could have counted as faults of the service.
 */
export interface WireFault {
  readonly message: string
}

/** Headers of which a second one would leave open which one counts: here, and at every proxy on the way. */
const single: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'x-api-key',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'expect',
])

const authority = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i

/**
 * The first fault of a request's head, or null. An address in absolute form is taken where it names the host that the
 * header names, and is then written as a path.
 */
export function wireFault(request: IncomingMessage): WireFault | null {
  return (
    versionFault(request) ??
    repeatedHeader(request) ??
    encodingFault(request) ??
    hostFault(request) ??
    targetFault(request)
  )
}

const bad = (message: string): WireFault => ({ message })

function versionFault({ httpVersion }: IncomingMessage): WireFault | null {
  if (httpVersion === '1.1' || httpVersion === '1.0') return null
  return bad('Only HTTP/1.1 and HTTP/1.0 are spoken here.')
}

function repeatedHeader({ rawHeaders }: IncomingMessage): WireFault | null {
  const seen: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    if (!single.has(name)) continue
    if (seen.includes(name)) return bad(`There is more than one ${name} header.`)
    seen.push(name)
  }
  return null
}

function encodingFault({ headers, httpVersion }: IncomingMessage): WireFault | null {
  const encoding = headers['transfer-encoding']
  if (encoding === undefined) return null
  if (httpVersion === '1.0') return bad('HTTP/1.0 has no Transfer-Encoding.')
  if (encoding.trim().toLowerCase() === 'chunked') return null
  return bad('The only Transfer-Encoding here is chunked.')
}

function hostFault({ headers, httpVersion }: IncomingMessage): WireFault | null {
  if (headers.host === undefined) return httpVersion === '1.0' ? null : bad('The Host header is missing.')
  return authority.test(headers.host) ? null : bad('The Host header is not the name of a host.')
}

function targetFault(request: IncomingMessage): WireFault | null {
  const target = request.url ?? ''
  if (!/^[!-~]+$/.test(target) || target.includes('#')) return bad('The address holds characters that it may not.')
  const absolute = /^https?:\/\/([^/?]*)(.*)$/i.exec(target)
  if (absolute !== null) {
    const [, named = '', rest = ''] = absolute
    if (named.toLowerCase() !== request.headers.host?.toLowerCase()) return bad('The address names another host.')
    request.url = rest.startsWith('/') ? rest : `/${rest}`
  } else if (!target.startsWith('/') && !(target === '*' && request.method === 'OPTIONS')) {
    return bad('The address is no path.')
  }
  const path = (request.url ?? '').split('?')[0] ?? ''
  return /%(?:2f|5c|00)/i.test(path) ? bad('The path holds an encoded slash, backslash or zero.') : null
}
