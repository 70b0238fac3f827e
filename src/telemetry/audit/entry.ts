import { hash as digest } from 'node:crypto'
import type { JsonValue } from '../../core/json.ts'

/** What happened, to whom. Texts of questions and rows do not belong here; digests of them do. */
export interface AuditFact {
  readonly event: string
  /** Empty for what the trail says of itself. */
  readonly requestId: string
  readonly [member: string]: JsonValue
}

/** One line of a trail. */
export interface AuditEntry {
  /** From 1 on, through all files of a trail. */
  readonly sequence: number
  /** ISO 8601. */
  readonly time: string
  readonly fact: AuditFact
  /** The hash of the line before it. */
  readonly previous: string
  /** SHA-256 of the members before it, hexadecimal. */
  readonly hash: string
}

/** Where a trail has come to. */
export interface AuditPlace {
  readonly sequence: number
  readonly hash: string
}

/** The hash before the first line. */
export const origin = '0'.repeat(64)

/** The longest line of a trail, in bytes; a longer one was not written by this service. */
export const longestLine = 1_048_576

/** The hash that chains a line to the next. It has no key, so that anybody who has the trail can check it. */
function chainHash(text: string): string {
  return digest('sha256', text)
}

/** The line that follows a place, with its line feed, and the place that it makes. */
export function entryAfter(
  { sequence, hash: previous }: AuditPlace,
  time: string,
  fact: AuditFact,
): { readonly line: string; readonly place: AuditPlace } {
  const body = { sequence: sequence + 1, time, fact, previous }
  const text = JSON.stringify(body)
  const hash = chainHash(text)
  // What JSON makes of the body with the hash as its last member.
  return { line: `${text.slice(0, -1)},"hash":"${hash}"}\n`, place: { sequence: body.sequence, hash } }
}

/** The entry of a line without its line feed; null unless the line is, byte for byte, what was written for it. */
export function parseEntry(line: Buffer): AuditEntry | null {
  try {
    const { sequence, time, fact, previous, hash } = JSON.parse(line.toString('utf8')) as AuditEntry
    const body = { sequence, time, fact, previous }
    if (hash !== chainHash(JSON.stringify(body))) return null
    // What a reader of the file sees must be what the hash covers: no member beside it, no second one of its name.
    return line.equals(Buffer.from(JSON.stringify({ ...body, hash }))) ? { ...body, hash } : null
  } catch {
    return null
  }
}

/** Could this be the beginning of the first line of a trail, cut short? */
export function beginsLikeTrail(torn: Buffer): boolean {
  const beginning = '{"sequence":1,"time":"'
  return beginning.startsWith(torn.subarray(0, beginning.length).toString('latin1'))
}
