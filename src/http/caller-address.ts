import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** What is read of a request to know who sends it. */
export interface CallerHead {
  readonly headers: IncomingHttpHeaders
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/** Gives the address that a request came from, one text for one caller. */
export type AddressOf = (request: CallerHead) => string

/** Hops of a header that are looked at; no chain of proxies is longer. */
const mostHops = 20

/**
 * The address of the connection; behind a proxy of this list, the last one in `X-Forwarded-For` that no such proxy has. What
 * anybody else writes there counts for nothing. Networks are `10.0.0.0/8`, `fd00::/8`, or single addresses.
 */
export function createAddressOf(proxies: readonly string[]): AddressOf {
  const isTrusted = createIsTrusted(proxies)
  return ({ socket, headers }) => {
    let from = plainAddress(socket.remoteAddress ?? '')
    const forwarded = headers['x-forwarded-for']
    if (proxies.length === 0 || forwarded === undefined || !isTrusted(from)) return networkOf(from)
    const hops = String(forwarded).split(',').slice(-mostHops)
    for (const hop of hops.toReversed()) {
      const address = plainAddress(withoutPort(hop.trim()))
      if (isIP(address) === 0) break
      from = address
      if (!isTrusted(from)) break
    }
    return networkOf(from)
  }
}

/** Gives the `traceparent` of a request whose connection is one of these proxies; null for everybody else's. */
export function createTraceparentOf(proxies: readonly string[]): (request: CallerHead) => string | null {
  const isTrusted = createIsTrusted(proxies)
  return ({ socket, headers }) => {
    const { traceparent } = headers
    if (traceparent === undefined || !isTrusted(plainAddress(socket.remoteAddress ?? ''))) return null
    return String(traceparent)
  }
}

function createIsTrusted(proxies: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList()
  for (const network of proxies) {
    const [address = '', bits] = network.split('/')
    const kind = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) trusted.addAddress(address, kind)
    else trusted.addSubnet(address, Number(bits), kind)
  }
  return (address) => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** Is it an address or a network, as a list of proxies has them? */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const kind = isIP(address)
  if (kind === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 6 ? 128 : 32))
}

/** Some proxies write the port behind an address (`203.0.113.9:443`, `[2001:db8::5]:443`), and brackets around one of IPv6. */
function withoutPort(hop: string): string {
  const [, v6, v4] = /^(?:\[([^\]]*)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/.exec(hop) ?? []
  return v6 ?? v4 ?? hop
}

/** An address of IPv4 that a socket of IPv6 has seen is one of IPv4. */
function plainAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}

/** Whoever has one address of IPv6 has a network of 64 bits of them. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('%')[0]?.toLowerCase().split('::') ?? []
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const words = [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
  return `${words
    .slice(0, 4)
    .map((word) => word.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
