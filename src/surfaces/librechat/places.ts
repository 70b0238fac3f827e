import { createHash } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'
import type { ExecutionReceived } from '../../core/execution.ts'
import type { Principal } from '../../core/principal.ts'
import type { StoredFile } from '../../core/stored-files.ts'
import type { SessionSummary } from '../../sessions/session-entry.ts'
import type { ListedFile } from '../wire/librechat.ts'
import type { LibreChatOptions } from './librechat-options.ts'

/** What uploads are kept for, in their lists. */
export const uploadPurpose = 'code_environment'

/** Files of one page while uploads are looked through. */
const pageFiles = 100

/**
 * The name of a session, an upload or a path on this wire: LibreChat's own addresses take nothing but 21 characters of `A-Za-z0-9_-`. It is made
 * of what it names, so that nothing has to be kept to find that again among what its caller has.
 */
export const wireId = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 21)

export const isWireId = (text: string): boolean => /^[\w-]{21}$/.test(text)

/** Where files are: a session with its sandbox, or an upload, which is a place of one file. */
export type Place =
  | { readonly kind: 'session'; readonly summary: SessionSummary }
  | { readonly kind: 'upload'; readonly file: StoredFile }

/** A request of the caller about one of its sessions. */
export type ReceivedFor = (session: string) => ExecutionReceived

export interface PlacesAsked {
  readonly principal: Principal
  readonly receivedFor: ReceivedFor
  readonly signal: AbortSignal
}

type PlaceParts = Pick<LibreChatOptions, 'sessions' | 'desk' | 'programs'>

/** The caller's own place of that name. Throws `not-found` for another's as for one that never was. */
export async function findPlace({ sessions, desk }: PlaceParts, principal: Principal, id: string): Promise<Place> {
  const summary = (await sessions.list(principal)).find((session) => wireId(session.id) === id)
  if (summary !== undefined) return { kind: 'session', summary }
  for (let after: string | undefined; ;) {
    const found = await desk.list(principal, { most: pageFiles, order: 'desc', purpose: uploadPurpose, after })
    const file = found.find((each) => wireId(each.id) === id)
    if (file !== undefined) return { kind: 'upload', file }
    if (found.length < pageFiles) throw await noPlace({ sessions }, principal, id)
    after = found.at(-1)?.id
  }
}

/** Of one that another replica has, too, LibreChat is told that it is not found: then it begins anew with what it keeps itself. */
async function noPlace(
  { sessions }: Pick<PlaceParts, 'sessions'>,
  principal: Principal,
  id: string,
): Promise<ServiceError> {
  const elsewhere = (await sessions.elsewhere?.(principal))?.find((session) => wireId(session.id) === id)
  if (elsewhere !== undefined) {
    const { replica } = elsewhere
    return new ServiceError('not-found', `The session "${id}" is open at the replica "${replica}".`, {
      parameter: 'session_id',
      advice: 'Send it to that replica, or upload the file again.',
      headers: ['x-sallyport-replica', replica],
    })
  }
  return new ServiceError('not-found', `There is no session "${id.slice(0, 100)}".`, {
    parameter: 'session_id',
    advice: 'It was unused for too long, was deleted, or never was yours. Upload the file again.',
  })
}

/** The files of a place, by their names as they may leave. */
export async function filesOf(
  { programs }: Pick<PlaceParts, 'programs'>,
  place: Place,
  { receivedFor, signal }: Pick<PlacesAsked, 'receivedFor' | 'signal'>,
): Promise<readonly ListedFile[]> {
  if (place.kind === 'upload') {
    const { id, name, bytes, made } = place.file
    return [{ session: wireId(id), id: wireId(id), path: name, bytes, changed: made }]
  }
  const { id: session, openedAt } = place.summary
  const files = await programs.listFiles(receivedFor(session), signal)
  return files.map(({ path, bytes }) => ({
    session: wireId(session),
    id: wireId(path),
    path,
    bytes,
    changed: openedAt,
  }))
}

/** One file of a place. Throws `not-found`. */
export async function findFile(
  parts: Pick<PlaceParts, 'programs'>,
  place: Place,
  asked: Pick<PlacesAsked, 'receivedFor' | 'signal'> & { readonly id: string },
): Promise<ListedFile> {
  const file = (await filesOf(parts, place, asked)).find(({ id }) => id === asked.id)
  if (file !== undefined) return file
  throw new ServiceError('not-found', `There is no file "${asked.id.slice(0, 100)}" in that session.`, {
    parameter: 'id',
    advice: 'List the files of the session.',
  })
}
