import type { ContainerPage, HeldFile, KeptContainer } from '../core/containers.ts'
import { ServiceError } from '../core/errors.ts'
import type { AnswerArtifact } from '../core/events.ts'
import { newId } from '../core/new-id.ts'
import type { Principal } from '../core/principal.ts'
import type { StoredFile } from '../core/stored-files.ts'
import {
  madeHere,
  noContainer,
  noPlace,
  tooManyFiles,
  type ContainerFacts,
  type ContainerFile,
  type ContainerWish,
} from './container-facts.ts'
import { reasonAgainstPath } from '../text/reason-against-path.ts'
import type { FileDesk, FileGiven } from './file-desk.ts'
import { ContainerSessions, type ContainerSessionsParts } from './container-sessions.ts'
import type { SessionSandbox } from './session.ts'
import { storedFile } from './stored-file.ts'

interface ContainersParts<Sandbox extends SessionSandbox> extends ContainerSessionsParts<Sandbox> {
  readonly desk: Pick<FileDesk, 'upload'>
  /** The longest that one lives, however much it is used. */
  readonly longestMilliseconds: number
}

/** What files are for that were given to a container. */
const purpose = 'container'
/** Files of one container. */
const mostFiles = 1_000

/**
 * Containers of callers: sessions with a name and with files, each its principal's own. Another's is `not-found`, as one that never was. What a container is stands
 * on the storage; its session is one process's. Sandboxes come and go under it: where one is lost, or another process goes on with the container, the next one is
 * given the files that are kept, and its first program is told that variables are gone.
 */
export class Containers<Sandbox extends SessionSandbox = SessionSandbox> {
  readonly #parts: ContainersParts<Sandbox>
  readonly #sessions: ContainerSessions<Sandbox>

  constructor(parts: ContainersParts<Sandbox>) {
    this.#parts = parts
    this.#sessions = new ContainerSessions(parts)
  }

  /** The longest that one may be unused, milliseconds. */
  get longestMilliseconds(): number {
    return this.#parts.longestMilliseconds
  }

  /** Rejects as opening a session does, and with `not-found` for a file that is not the caller's. */
  async create(principal: Principal, wish: ContainerWish, signal: AbortSignal): Promise<ContainerFacts> {
    const files = await Promise.all([...new Set(wish.fileIds)].map((id) => this.#storedOf(principal, id)))
    const { longestMilliseconds, now } = this.#parts
    const { name, idleMilliseconds, limits } = wish
    const made = new Date(now())
    const container: KeptContainer = {
      id: newId('cntr', now()),
      principal: principal.id,
      made,
      used: made,
      ends: new Date(now() + longestMilliseconds),
      isOver: false,
      holder: this.#sessions.process,
      revision: 0,
      name,
      idleMilliseconds,
      limits,
      hasRun: false,
      programs: [],
      losses: 0,
      files: [],
    }
    const { id } = container
    await this.#sessions.begin(principal, container)
    try {
      for (const stored of files) await this.#give(principal, id, { stored, isOwn: false }, signal)
    } catch (thrown) {
      // The first fault is the one to tell.
      await this.delete(principal, id).catch(() => undefined)
      throw thrown
    }
    return this.#factsOf(await this.#sessions.findOpen(principal, id))
  }

  /** Null for none. */
  async show(principal: Principal, id: string): Promise<ContainerFacts | null> {
    const container = await this.#sessions.find(principal, id)
    return container === null ? null : this.#factsOf(container)
  }

  /** Those that have expired as well, for a day after the longest they could have lived. */
  async list(principal: Principal, page: ContainerPage): Promise<readonly ContainerFacts[]> {
    const found = await this.#parts.store.list(principal.id, page)
    return Promise.all(found.map((container) => this.#factsOf(container)))
  }

  /** Closes it: what runs in it is cancelled, and files that were given to it alone are deleted. False for none. */
  async delete(principal: Principal, id: string): Promise<boolean> {
    const container = await this.#sessions.find(principal, id)
    if (container === null || !(await this.#parts.store.delete(principal.id, id))) return false
    await this.#sessions.letGo(principal, id)
    await this.#sessions.dropOwn(container)
    return true
  }

  /** The session of a container that something is about to run in. Rejects with `not-found` for none, and with `expired` for one that has expired. */
  async sessionOf(principal: Principal, id: string, signal: AbortSignal): Promise<string> {
    const container = await this.#sessions.findOpen(principal, id)
    // What was deleted could not be put back.
    const gone = new Map<string, string>()
    for (const { fileId, path } of container.files)
      if ((await this.#parts.files.show(principal.id, fileId)) === null) gone.set(fileId, path)
    const held = await this.#sessions.hold(principal, container)
    const losses = held.lossesBefore + ((await this.#parts.sessions()).show(principal.id, held.id)?.losses ?? 0)
    const kept = await this.#sessions.change(principal, id, (now) => ({
      ...now,
      hasRun: true,
      losses: Math.max(losses, now.losses),
      files: now.files.filter(({ fileId }) => !gone.has(fileId)),
    }))
    if (kept === null) throw noContainer()
    await this.#sessions.within(principal, held, async (session) => {
      for (const path of gone.values()) await session.removeFile(path, signal)
    })
    return held.id
  }

  /** Ends the sandboxes of all that this process has, which other processes may go on with. */
  readonly letGoOfAll = (): Promise<void> => this.#sessions.letGoOfAll()

  /** Notes what ran in a container so far, for whoever goes on with it elsewhere. */
  readonly ran = (principal: Pick<Principal, 'id'>, id: string): Promise<void> => this.#sessions.ran(principal, id)

  /** Keeps a file as it comes and gives it to a container; one of the same name is replaced. Rejects as `FileDesk.upload`. */
  async upload(
    principal: Principal,
    id: string,
    {
      name,
      content,
      signal,
    }: Pick<FileGiven, 'name'> & {
      readonly content: AsyncIterable<Uint8Array>
      readonly signal: AbortSignal
    },
  ): Promise<ContainerFile> {
    const { ends } = await this.#sessions.findOpen(principal, id)
    const expiresSeconds = Math.max(1, Math.ceil((ends.getTime() - this.#parts.now()) / 1_000))
    const said = async () => ({ purpose, expiresSeconds })
    const stored = await this.#parts.desk.upload(principal, { name, said }, { content, signal })
    try {
      return await this.#give(principal, id, { stored, isOwn: true }, signal)
    } catch (thrown) {
      await this.#parts.files.delete(principal.id, stored.id)
      throw thrown
    }
  }

  /** Gives a stored file of the caller's to a container. */
  async add(principal: Principal, id: string, fileId: string, signal: AbortSignal): Promise<ContainerFile> {
    await this.#sessions.findOpen(principal, id)
    return this.#give(principal, id, { stored: await this.#storedOf(principal, fileId), isOwn: false }, signal)
  }

  /** What a program in a container has made, once it is kept. One that has as many files as it may have is given no more. */
  async made(
    principal: Pick<Principal, 'id'>,
    id: string,
    { fileId, artifact }: { readonly fileId: string; readonly artifact: Pick<AnswerArtifact, 'name'> },
  ): Promise<void> {
    const stored = await this.#parts.files.show(principal.id, fileId)
    const container = stored === null ? null : await this.#sessions.find(principal, id)
    if (stored === null || container === null || !this.#sessions.isOpen(container)) return
    const { name: path } = artifact
    const isKept = await this.#keepFile(principal, id, { fileId, path, source: 'assistant', isOwn: false })
    const held = this.#sessions.heldOf(container)
    if (!isKept || held === null) return
    const file = await storedFile(this.#parts.files, stored, this.#parts.maximumBytes)
    // What a filter has changed in a name may be no path any more, and no sandbox would take it.
    if (reasonAgainstPath(path) === null)
      await this.#sessions.within(principal, held, async (session) =>
        session.holdFile({ ...file, path, description: madeHere, isMade: true }),
      )
  }

  /** What is kept of its files, in the order in which they came; null for no such container. Rejects with `invalid-request` for a place that its list has not. */
  async files(
    principal: Principal,
    id: string,
    { after, most, order }: ContainerPage,
  ): Promise<readonly ContainerFile[] | null> {
    const container = await this.#sessions.find(principal, id)
    if (container === null) return null
    const all = order === 'asc' ? container.files : container.files.toReversed()
    const found: ContainerFile[] = []
    for (const held of behind(all, after)) {
      if (found.length === most) break
      found.push(...[await this.#fileOf(principal, held)].flatMap((file) => file ?? []))
    }
    return found
  }

  /** Null for none. */
  async file(principal: Principal, id: string, fileId: string): Promise<ContainerFile | null> {
    const held = heldIn(await this.#sessions.find(principal, id), fileId)
    return held === null ? null : this.#fileOf(principal, held)
  }

  /** Takes a file out, for good where it was given to this container alone. False for none. */
  async deleteFile(principal: Principal, id: string, fileId: string, signal: AbortSignal): Promise<boolean> {
    const container = await this.#sessions.find(principal, id)
    const file = heldIn(container, fileId)
    if (container === null || file === null) return false
    const without = (now: KeptContainer) => ({ ...now, files: now.files.filter((each) => each.fileId !== fileId) })
    await this.#sessions.change(principal, id, without)
    const held = this.#sessions.heldOf(container)
    if (held !== null) await this.#sessions.within(principal, held, (session) => session.removeFile(file.path, signal))
    if (file.isOwn) await this.#parts.files.delete(principal.id, fileId)
    return true
  }

  async #fileOf(principal: Principal, { fileId, path, source }: HeldFile): Promise<ContainerFile | null> {
    const stored = await this.#parts.files.show(principal.id, fileId)
    return stored === null ? null : { stored, path, source }
  }

  async #storedOf(principal: Principal, id: string): Promise<StoredFile> {
    const stored = await this.#parts.files.show(principal.id, id)
    if (stored !== null) return stored
    throw new ServiceError('not-found', `There is no file "${id.slice(0, 100)}".`, {
      parameter: 'file_ids',
      advice: 'GET /v1/files lists yours.',
    })
  }

  async #give(
    principal: Principal,
    id: string,
    { stored, isOwn }: { readonly stored: StoredFile; readonly isOwn: boolean },
    signal: AbortSignal,
  ): Promise<ContainerFile> {
    const file = await storedFile(this.#parts.files, stored, this.#parts.maximumBytes)
    const held = await this.#sessions.hold(principal, await this.#sessions.findOpen(principal, id))
    const { path } = file
    await this.#sessions.within(principal, held, (session) => session.addFile(file, signal))
    if (await this.#keepFile(principal, id, { fileId: stored.id, path, source: 'user', isOwn }))
      return { stored, path, source: 'user' }
    await this.#sessions.within(principal, held, (session) => session.removeFile(path, signal))
    await this.#sessions.findOpen(principal, id)
    throw tooManyFiles(mostFiles)
  }

  /** False where it is gone or over, and where it has as many as it may have. */
  async #keepFile(principal: Pick<Principal, 'id'>, id: string, held: HeldFile): Promise<boolean> {
    let before: HeldFile | undefined
    const kept = await this.#sessions.change(principal, id, (now) => {
      before = now.files.find(({ path }) => path === held.path)
      const files = [...now.files.filter((each) => each !== before), held]
      return this.#sessions.isOpen(now) && files.length <= mostFiles ? { ...now, files } : null
    })
    if (kept === null) return false
    if (before?.isOwn === true && before.fileId !== held.fileId)
      await this.#parts.files.delete(principal.id, before.fileId)
    return true
  }

  async #factsOf(container: KeptContainer): Promise<ContainerFacts> {
    const { id, name, idleMilliseconds, limits, made } = container
    const isOpen = this.#sessions.isOpen(container)
    const held = this.#sessions.heldOf(container)
    const sessions = await this.#parts.sessions()
    const summary = held === null ? null : sessions.show(container.principal, held.id)
    const lost = isOpen && held === null && container.hasRun ? 1 : 0
    return {
      id,
      name,
      idleMilliseconds,
      limits,
      made,
      used: summary?.usedAt ?? container.used,
      isOpen,
      sandboxesLost: Math.max(container.losses + lost, (held?.lossesBefore ?? 0) + (summary?.losses ?? 0)),
    }
  }
}

function heldIn(container: KeptContainer | null, fileId: string): HeldFile | null {
  return container?.files.find((file) => file.fileId === fileId) ?? null
}

function behind(files: readonly HeldFile[], after: string | undefined): readonly HeldFile[] {
  if (after === undefined) return files
  const at = files.findIndex(({ fileId }) => fileId === after)
  if (at >= 0) return files.slice(at + 1)
  throw noPlace()
}
