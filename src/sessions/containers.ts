import { ServiceError } from '../core/errors.ts'
import type { AnswerArtifact } from '../core/events.ts'
import type { Principal } from '../core/principal.ts'
import type { RequestedLimits } from '../core/requested-limits.ts'
import type { Files, StoredFile } from '../core/stored-files.ts'
import {
  expired,
  noContainer,
  type Container,
  type ContainerFacts,
  type ContainerFile,
  type ContainerWish,
  type HeldFile,
} from './container-facts.ts'
import { reasonAgainstPath } from '../text/reason-against-path.ts'
import type { FileDesk, FileGiven } from './file-desk.ts'
import type { Session, SessionSandbox } from './session.ts'
import type { SessionLife, SessionStore, SessionSummary } from './session-store.ts'
import { storedFile } from './stored-file.ts'

interface ContainersParts<Sandbox extends SessionSandbox> {
  /** Opens a session, for whoever may have one. */
  readonly open: (principal: Principal, limits: RequestedLimits, life: SessionLife) => Promise<SessionSummary>
  readonly sessions: () => Promise<Pick<SessionStore<Sandbox>, 'lease' | 'show' | 'close'>>
  readonly desk: Pick<FileDesk, 'upload'>
  readonly files: Pick<Files, 'show' | 'open' | 'delete'>
  /** Bytes of a file that a session takes. */
  readonly maximumBytes: number
  /** The longest that one lives, however much it is used. */
  readonly longestMilliseconds: number
}

/** What files are for that were given to a container. */
const purpose = 'container'
/** How many that have expired are remembered, to tell their owners so. */
const mostRemembered = 1_000

/**
 * Containers of callers: sessions with a name and with files that are kept, each its principal's own. Another's is `not-found`, as one that never was. Sandboxes come
 * and go under a container; where one is lost, the next one is given the files that are kept. In memory, as sessions are: none outlives the process.
 */
export class Containers<Sandbox extends SessionSandbox = SessionSandbox> {
  readonly #parts: ContainersParts<Sandbox>
  readonly #containers = new Map<string, Container>()

  constructor(parts: ContainersParts<Sandbox>) {
    this.#parts = parts
  }

  /** The longest that one may be unused, milliseconds. */
  get longestMilliseconds(): number {
    return this.#parts.longestMilliseconds
  }

  /** Rejects as opening a session does, and with `not-found` for a file that is not the caller's. */
  async create(principal: Principal, wish: ContainerWish, signal: AbortSignal): Promise<ContainerFacts> {
    const files = await Promise.all([...new Set(wish.fileIds)].map((id) => this.#storedOf(principal, id)))
    let closed = (): void => undefined
    const summary = await this.#parts.open(principal, wish.limits, {
      idleMilliseconds: wish.idleMilliseconds,
      lifetimeMilliseconds: this.#parts.longestMilliseconds,
      onClosed: () => closed(),
    })
    const container: Container = {
      id: summary.id.replaceAll(/^session_|-/g, ''),
      principal: principal.id,
      session: summary.id,
      wish,
      made: summary.openedAt,
      used: summary.openedAt,
      isOpen: true,
      losses: 0,
      dropping: null,
      files: new Map(),
    }
    closed = () => this.#closed(container)
    this.#remember(container)
    try {
      for (const stored of files) await this.#give(container, { stored, isOwn: false }, signal)
    } catch (thrown) {
      await this.delete(principal, container.id)
      throw thrown
    }
    return this.#factsOf(container)
  }

  /** Null for none. */
  async show(principal: Principal, id: string): Promise<ContainerFacts | null> {
    const container = this.#find(principal, id)
    return container === null ? null : this.#factsOf(container)
  }

  /** Oldest first; those that have expired as well, as long as they are remembered. */
  async list(principal: Principal): Promise<readonly ContainerFacts[]> {
    const own = [...this.#containers.values()].filter((container) => container.principal === principal.id)
    return Promise.all(own.map((container) => this.#factsOf(container)))
  }

  /** Closes it: what runs in it is cancelled, and files that were given to it alone are deleted. False for none. */
  async delete(principal: Principal, id: string): Promise<boolean> {
    const container = this.#find(principal, id)
    if (container === null) return false
    this.#containers.delete(id)
    if (container.isOpen) await (await this.#parts.sessions()).close(principal.id, container.session)
    await this.#dropOwn(container)
    return true
  }

  /** The session of a container that something is about to run in. Rejects with `not-found` for none, and for one that has expired. */
  async sessionOf(principal: Principal, id: string, signal: AbortSignal): Promise<string> {
    const container = this.#require(principal, id)
    await this.#withSession(container, async (session) => {
      // What was deleted could not be put back.
      for (const { fileId, path } of container.files.values()) {
        if ((await this.#parts.files.show(container.principal, fileId)) !== null) continue
        container.files.delete(path)
        await session.removeFile(path, signal)
      }
    })
    return container.session
  }

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
    const container = this.#require(principal, id)
    const expiresSeconds = Math.ceil(this.#parts.longestMilliseconds / 1_000)
    const said = async () => ({ purpose, expiresSeconds })
    const stored = await this.#parts.desk.upload(principal, { name, said }, { content, signal })
    try {
      return await this.#give(container, { stored, isOwn: true }, signal)
    } catch (thrown) {
      await this.#parts.files.delete(principal.id, stored.id)
      throw thrown
    }
  }

  /** Gives a stored file of the caller's to a container. */
  async add(principal: Principal, id: string, fileId: string, signal: AbortSignal): Promise<ContainerFile> {
    const container = this.#require(principal, id)
    return this.#give(container, { stored: await this.#storedOf(principal, fileId), isOwn: false }, signal)
  }

  /** What a program in a container has made, once it is kept. */
  async made(
    principal: Pick<Principal, 'id'>,
    id: string,
    { fileId, artifact }: { readonly fileId: string; readonly artifact: Pick<AnswerArtifact, 'name'> },
  ): Promise<void> {
    const container = this.#containers.get(id)
    const stored = await this.#parts.files.show(principal.id, fileId)
    if (container?.isOpen !== true || container.principal !== principal.id || stored === null) return
    const { name: path } = artifact
    await this.#replace(container, { fileId, path, source: 'assistant', isOwn: false })
    const file = await storedFile(this.#parts.files, stored, this.#parts.maximumBytes)
    const description = 'Made here by a program.'
    // What a filter has changed in a name may be no path any more, and no sandbox would take it.
    if (reasonAgainstPath(path) === null)
      await this.#withSession(container, async (session) => session.holdFile({ ...file, path, description }))
  }

  /** What is kept of its files, oldest first; null for no such container. */
  async files(principal: Principal, id: string): Promise<readonly ContainerFile[] | null> {
    const container = this.#find(principal, id)
    if (container === null) return null
    const found = await Promise.all([...container.files.values()].map((held) => this.#fileOf(principal, held)))
    return found.flatMap((file) => file ?? [])
  }

  /** Null for none. */
  async file(principal: Principal, id: string, fileId: string): Promise<ContainerFile | null> {
    const held = this.#held(principal, id, fileId)
    return held === null ? null : this.#fileOf(principal, held)
  }

  /** Takes a file out, for good where it was given to this container alone. False for none. */
  async deleteFile(principal: Principal, id: string, fileId: string, signal: AbortSignal): Promise<boolean> {
    const container = this.#find(principal, id)
    const held = this.#held(principal, id, fileId)
    if (container === null || held === null) return false
    container.files.delete(held.path)
    if (container.isOpen) await this.#withSession(container, (session) => session.removeFile(held.path, signal))
    if (held.isOwn) await this.#parts.files.delete(principal.id, fileId)
    return true
  }

  #find(principal: Principal, id: string): Container | null {
    const container = this.#containers.get(id)
    return container?.principal === principal.id ? container : null
  }

  #require(principal: Principal, id: string): Container {
    const container = this.#find(principal, id)
    if (container?.isOpen === true) return container
    throw container === null ? noContainer() : expired(container.wish)
  }

  #held(principal: Principal, id: string, fileId: string): HeldFile | null {
    const held = [...(this.#find(principal, id)?.files.values() ?? [])]
    return held.find((file) => file.fileId === fileId) ?? null
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
    container: Container,
    { stored, isOwn }: { readonly stored: StoredFile; readonly isOwn: boolean },
    signal: AbortSignal,
  ): Promise<ContainerFile> {
    const file = await storedFile(this.#parts.files, stored, this.#parts.maximumBytes)
    const source = 'user'
    await this.#withSession(container, (session) => session.addFile(file, signal))
    await this.#replace(container, { fileId: stored.id, path: file.path, source, isOwn })
    return { stored, path: file.path, source }
  }

  async #replace(container: Container, held: HeldFile): Promise<void> {
    const before = container.files.get(held.path)
    container.files.delete(held.path)
    container.files.set(held.path, held)
    if (before?.isOwn === true && before.fileId !== held.fileId)
      await this.#parts.files.delete(container.principal, before.fileId)
  }

  async #withSession<T>(container: Container, work: (session: Session<Sandbox>) => Promise<T>): Promise<T> {
    const sessions = await this.#parts.sessions()
    if (!container.isOpen) throw expired(container.wish)
    await using lease = sessions.lease(container.principal, container.session)
    return await work(lease.session)
  }

  async #factsOf(container: Container): Promise<ContainerFacts> {
    const { id, wish, made, session } = container
    const sessions = await this.#parts.sessions()
    const summary = sessions.show(container.principal, session)
    if (summary !== null && container.isOpen) {
      container.used = summary.usedAt
      container.losses = summary.losses
    }
    const { name, idleMilliseconds, limits } = wish
    const { used, isOpen, losses } = container
    return { id, name, idleMilliseconds, limits, made, used, isOpen, sandboxesLost: losses }
  }

  #closed(container: Container): void {
    container.isOpen = false
    // What cannot be deleted now ends by its own time.
    void this.#dropOwn(container).catch(() => undefined)
  }

  #dropOwn(container: Container): Promise<void> {
    container.dropping ??= this.#dropEach(container)
    return container.dropping
  }

  async #dropEach(container: Container): Promise<void> {
    for (const { fileId, path, isOwn } of container.files.values()) {
      if (!isOwn) continue
      container.files.delete(path)
      await this.#parts.files.delete(container.principal, fileId)
    }
  }

  #remember(container: Container): void {
    this.#containers.set(container.id, container)
    const over = [...this.#containers.values()].filter(({ isOpen }) => !isOpen)
    for (const { id } of over.slice(0, -mostRemembered)) this.#containers.delete(id)
  }
}
