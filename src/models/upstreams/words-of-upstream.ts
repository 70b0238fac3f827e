import type { Secret } from '../../core/secret.ts'
import { withoutEcho } from './without-echo.ts'

/** Of an upstream, for messages to operators and for what callers must not read. */
export interface UpstreamPlace {
  readonly name: string
  readonly host: string
  /** The path of its address without the `/v1` at its end; empty where that is all of it. */
  readonly prefix: string
  readonly apiKey: Secret | null
}

/** Control, format and separator characters: what an upstream says ends up in logs and on terminals. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu

const longestMessage = 2_000
const longestQuote = 300

/** Keys as providers write them, whole or shortened by stars. */
const keyLike = /\b(?:sk|key|gsk|xai)[-_][\w*.-]{4,}/gi

/** Hosts that only a network of its own knows: private addresses (RFC 1918, loopback) and names (RFC 6762, RFC 9476). */
const innerHost =
  /\b(?:(?:(?:10|127)(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})|(?:[\w-]+\.)+(?:internal|local|localdomain|lan|intranet|corp|svc))\b(?::\d+)?/gi

/** A text of the upstream without its address, its key and anything that looks like one. */
export function withoutPlace({ host, prefix, apiKey }: UpstreamPlace, text: string): string {
  const places = [host, host.replace(/:\d+$/, ''), ...(prefix.length > 1 ? [prefix] : [])]
  const keyless = withoutKeys(apiKey, text.replaceAll(unprintable, ' '))
  const placeless = places.reduce((words, place) => words.replaceAll(place, '[upstream]'), keyless)
  // A key that the cut goes through would not look like one any more.
  return placeless.replaceAll(innerHost, '[upstream]').slice(0, longestMessage)
}

/** Without the key, as it is and as addresses and JSON write it, and without all that looks like one. */
function withoutKeys(apiKey: Secret | null, text: string): string {
  const key = apiKey?.reveal()
  const spellings = key === undefined ? [] : [key, encodeURIComponent(key), key.replaceAll('/', '\\/')]
  return spellings.reduce((words, spelling) => words.replaceAll(spelling, '[key]'), text).replaceAll(keyLike, '[key]')
}

/** A provider's name for a kind of error; null for what is no word, or tells of the upstream. */
export function wordOf(place: UpstreamPlace, text: string | null): string | null {
  return text !== null && /^[\w.-]{1,64}$/.test(text) && withoutPlace(place, text) === text ? text : null
}

/** The beginning of a body for the log: without keys, and without what it says back of the request. */
export function quoted({ apiKey }: UpstreamPlace, body: string, request: Buffer | null): string {
  const own = withoutEcho(body.replaceAll(unprintable, ' '), request)
  // Once more, since reading the escapes may have made some.
  const safe = withoutKeys(apiKey, own.replaceAll(unprintable, ' '))
  return safe.length > longestQuote ? `${safe.slice(0, longestQuote)}…` : safe
}
