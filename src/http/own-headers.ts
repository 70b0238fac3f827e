import type { ServerResponse } from 'node:http'
import { requestIdOf } from './request-id.ts'
import { securityHeaders } from './security-headers.ts'

const requestIdHeader = 'x-request-id'

/** Sets what every answer has: its id, and what keeps it inert wherever it is shown. */
export function setOwnHeaders(response: ServerResponse): void {
  response.setHeader(requestIdHeader, requestIdOf(response))
  for (const [name, value] of securityHeaders) response.setHeader(name, value)
}

const inert: readonly string[] = securityHeaders.flat()
/** Where the value of each stands in that list, behind the id, by its name in lower case. */
const places: ReadonlyMap<string, number> = new Map(
  [requestIdHeader, ...securityHeaders.map(([name]) => name.toLowerCase())].map((name, at) => [name, 2 * at + 1]),
)

/**
 * The headers of an answer: what every answer has, and these (name, value, name, value; names in lower case), of which one
 * that stands twice counts as it stands last.
 */
export function headersWithOwn(requestId: string, headers: readonly string[]): readonly string[] {
  const head = [requestIdHeader, requestId, ...inert]
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = '', value = ''] = [headers[at], headers[at + 1]]
    const place = places.get(name) ?? placeOf(name, head)
    if (place === null) head.push(name, value)
    else head[place] = value
  }
  return head
}

/** Writes the head of an answer at once: to set its headers one by one costs a seventh of a whole exchange. */
export function writeHeadWith(response: ServerResponse, status: number, headers: readonly string[]): void {
  response.writeHead(status, headersWithOwn(requestIdOf(response), headers) as string[])
}

/** Where a value by this name stands among those that were added; null for the first one. */
function placeOf(name: string, head: readonly string[]): number | null {
  for (let at = 2 + inert.length; at < head.length; at += 2) if (head[at] === name) return at + 1
  return null
}
