import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { ExecutionAnswer } from '../../core/execution.ts'
import type { DisplayItem } from '../../core/result.ts'
import { sendBytes } from '../../http/send-body.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { toSandboxPath } from '../sandbox-path.ts'
import { onePiece } from '../one-piece.ts'
import { execRequest, toMadeFile, type ExecRequest, type FileReference } from '../wire/librechat.ts'
import { askedFor, type Asked } from './asked-for.ts'
import type { PromisedSession } from './opened-sessions.ts'
import type { LibreChatOptions } from './librechat-options.ts'
import { findFile, findPlace, wireId, type Place, type PlacesAsked } from './places.ts'
import { outputOf, programOf } from './programs.ts'

/**
 * `POST /v1/exec`: one program among the files that it is given. It runs in the session that made them, or in one that is opened for it; one that no
 * file is in afterwards is closed.
 */
export function execute(options: LibreChatOptions): RequestHandler {
  return async (request, response) => {
    const asked = parseRequest(execRequest, request.body)
    const program = programOf(asked)
    const about = askedFor(request, response, options)
    const named = asked.session_id ?? placeOf((asked.files ?? [])[0])
    const given =
      named === null
        ? nothingGiven
        : await about.act({ of: 'session', action: 'use', id: named }, () => givenFiles(options, asked, about))
    using found = await sessionFor(options, given, about)
    const { id: session, isNew } = found
    let made: readonly string[] = []
    try {
      await bringFiles(options, { session, given }, about)
      const answer = await options.programs.run(
        about.receivedFor(session),
        { ...program, timeoutMilliseconds: null, bringsFiles: false },
        about.signal,
      )
      made = await filesMade(options, { answer, session }, about)
      const files = made.map((path) => toMadeFile({ session: wireId(session), id: wireId(path), path }))
      const body = JSON.stringify({ session_id: wireId(session), ...outputOf(answer), files })
      response.status(200).setHeader('cache-control', 'no-store').type('json')
      await sendBytes(response, Buffer.from(body), options.stallMilliseconds)
    } finally {
      // Nobody comes back to it; where that fails it ends by itself.
      if (isNew && made.length === 0) void options.sessions.close(about.principal, session).catch(() => undefined)
    }
  }
}

/** The name of the place of a file; null where it has none. */
const placeOf = (file: FileReference | undefined): string | null => file?.storage_session_id ?? file?.session_id ?? null

interface GivenFile {
  readonly place: Place
  /** Where it is in its place. */
  readonly from: string
  /** Where the program finds it. */
  readonly path: string
}

interface Given {
  readonly files: readonly GivenFile[]
  /** Sessions that are named, by their ids. */
  readonly sessions: readonly string[]
}

const nothingGiven: Given = { files: [], sessions: [] }

/** The places of all that a program is given. Throws `not-found` for what is not the caller's, before anything runs. */
async function givenFiles(options: LibreChatOptions, asked: ExecRequest, about: PlacesAsked): Promise<Given> {
  const references = asked.files ?? []
  const nameOf = (file: FileReference): string => placeOf(file) ?? asked.session_id ?? ''
  const names = new Set(references.map(nameOf))
  if (typeof asked.session_id === 'string') names.add(asked.session_id)
  const places = new Map<string, Place>()
  for (const name of names) places.set(name, await findPlace(options, about.principal, name))
  const files: GivenFile[] = []
  for (const file of references) {
    const place = places.get(nameOf(file))
    if (place === undefined) continue
    const { path } = await findFile(options, place, { ...about, id: file.id })
    files.push({ place, from: path, path: toSandboxPath(file.name) })
  }
  const sessions = [...places.values()].flatMap((place) => (place.kind === 'session' ? [place.summary.id] : []))
  return { files, sessions: [...new Set(sessions)] }
}

/** The one session that is named; else a new one, since none holds what another has. */
async function sessionFor(
  { opened }: LibreChatOptions,
  { sessions: [only, ...others] }: Given,
  { principal, signal, act, made }: Asked,
): Promise<PromisedSession & { readonly isNew: boolean }> {
  if (only !== undefined && others.length === 0) return { id: only, isNew: false, [Symbol.dispose]: () => undefined }
  const promised = await act({ of: 'session', action: 'open', id: null }, () => opened.open(principal, signal))
  await made({ of: 'session', id: promised.id })
  return { ...promised, isNew: true }
}

/** Puts into a session what is not there: of its uploads what a program has changed since is left as it is. */
async function bringFiles(
  options: LibreChatOptions,
  { session, given }: { readonly session: string; readonly given: Given },
  { principal, receivedFor, signal }: PlacesAsked,
): Promise<void> {
  if (given.files.length === 0) return
  const there = new Set((await options.programs.listFiles(receivedFor(session), signal)).map(({ path }) => path))
  for (const { place, from, path } of given.files) {
    if (there.has(path)) continue
    if (place.kind === 'session') {
      const moves = [{ from, to: path }]
      await options.sandboxes.copyFiles(principal, { from: place.summary.id, to: session, files: moves }, signal)
      continue
    }
    const opened = await options.desk.open(principal, place.file.id)
    if (opened === null) {
      throw new ServiceError('not-found', `The upload of "${path}" is over.`, { advice: 'Upload the file again.' })
    }
    await options.programs.putFile(receivedFor(session), path, opened.content, signal)
  }
}

/** The files that a program made or changed; figures that it only showed are written beside them, since nothing else here can show them. */
async function filesMade(
  { programs }: LibreChatOptions,
  { answer, session }: { readonly answer: ExecutionAnswer; readonly session: string },
  { receivedFor, signal }: PlacesAsked,
): Promise<readonly string[]> {
  if (answer.kind === 'refused') return []
  const made = answer.cell.artifacts.map(({ path }) => path)
  const shown = answer.cell.results.flatMap(pictureOf)
  if (shown.length === 0) return made
  const taken = new Set((await programs.listFiles(receivedFor(session), signal)).map(({ path }) => path))
  for (const { content, ending } of shown) {
    let number = 1
    while (taken.has(`figure_${number}.${ending}`)) number += 1
    const path = `figure_${number}.${ending}`
    await programs.putFile(receivedFor(session), path, onePiece(Buffer.from(content, 'base64')), signal)
    taken.add(path)
    made.push(path)
  }
  return made
}

/** A picture that is in no file. */
function pictureOf({ png, jpeg, files = [] }: DisplayItem): readonly { content: string; ending: 'png' | 'jpg' }[] {
  if (files.length > 0) return []
  if (png !== undefined) return [{ content: png, ending: 'png' }]
  return jpeg === undefined ? [] : [{ content: jpeg, ending: 'jpg' }]
}
