import { randomUUID } from 'node:crypto'
import type { ContainerStore, KeptContainer } from '../core/containers.ts'
import type { Principal } from '../core/principal.ts'
import type { RequestedLimits } from '../core/requested-limits.ts'
import type { Files } from '../core/stored-files.ts'
import { reasonAgainstPath } from '../text/reason-against-path.ts'
import { changedTooOften, expired, madeHere, noContainer } from './container-facts.ts'
import type { Session, SessionSandbox } from './session.ts'
import type { SessionSummary } from './session-entry.ts'
import type { SessionLife, SessionStore } from './session-store.ts'
import { storedFile } from './stored-file.ts'

export interface ContainerSessionsParts<Sandbox extends SessionSandbox> {
  /** Opens a session, for whoever may have one. */
  readonly open: (principal: Principal, limits: RequestedLimits, life: SessionLife) => Promise<SessionSummary>
  readonly sessions: () => Promise<Pick<SessionStore<Sandbox>, 'lease' | 'show' | 'close'>>
  readonly store: ContainerStore
  readonly files: Pick<Files, 'show' | 'open' | 'delete'>
  /** Bytes of a file that a session takes. */
  readonly maximumBytes: number
  /** How often it is looked whether containers of this process are still its own. */
  readonly lookMilliseconds: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A session of this process in which the programs of a container run. */
interface HeldSession {
  readonly id: string
  readonly principal: Principal['id']
  /** Sandboxes of the container that were lost before it. */
  readonly lossesBefore: number
  /** The revision of the container that this process has first had. */
  readonly since: number
}

/** Characters of programs that are kept of a container: a model is shown no more. */
const mostCharacters = 8_000
/** How often a change is tried again that another one came before. */
const mostTries = 20

/** The sessions that this process has of containers, and what is kept of these: changed by whoever has read it last. */
export class ContainerSessions<Sandbox extends SessionSandbox> {
  readonly #parts: ContainerSessionsParts<Sandbox>
  /** This process, told from every other one. */
  readonly process = randomUUID()
  readonly #held = new Map<string, HeldSession>()
  readonly #taking = new Map<string, Promise<HeldSession>>()
  /** Runs while this process has any. */
  #look: NodeJS.Timeout | null = null

  constructor(parts: ContainerSessionsParts<Sandbox>) {
    this.#parts = parts
  }

  /** Keeps a new one, with its session in this process. Rejects as opening a session does. */
  async begin(principal: Principal, container: KeptContainer): Promise<void> {
    const session = await this.#open(principal, container)
    try {
      await this.#parts.store.add(container)
    } catch (thrown) {
      await this.#close(principal, session)
      throw thrown
    }
    this.#have(container.id, { id: session, principal: principal.id, lossesBefore: 0, since: 0 })
  }

  find(principal: Pick<Principal, 'id'>, id: string): Promise<KeptContainer | null> {
    return this.#parts.store.show(principal.id, id)
  }

  async findOpen(principal: Principal, id: string): Promise<KeptContainer> {
    const container = await this.find(principal, id)
    if (container === null) throw noContainer()
    if (!this.isOpen(container)) throw expired(container)
    return container
  }

  /** Null where its session is another process's, or was. */
  heldOf({ id, holder, revision }: KeptContainer): HeldSession | null {
    const held = this.#held.get(id)
    // What was read before this process had it is not newer than that.
    return held !== undefined && (holder === this.process || revision < held.since) ? held : null
  }

  isOpen(container: KeptContainer): boolean {
    if (container.isOver) return false
    if (this.heldOf(container) !== null) return true
    // What is kept tells it: whether another process uses it right now is not known here.
    const { ends, used, idleMilliseconds } = container
    return this.#parts.now() < Math.min(ends.getTime(), used.getTime() + idleMilliseconds)
  }

  async hold(principal: Principal, container: KeptContainer): Promise<HeldSession> {
    const { id } = container
    const held = this.heldOf(container) ?? this.#taking.get(id)
    if (held !== undefined) return held
    const taking = this.#take(principal, container).finally(() => this.#taking.delete(id))
    this.#taking.set(id, taking)
    return taking
  }

  /** Notes what ran in it so far, for whoever goes on with it elsewhere. Nothing more runs in one that another process has deleted meanwhile. */
  async ran(principal: Pick<Principal, 'id'>, id: string): Promise<void> {
    const found = await this.find(principal, id)
    if (found === null) await this.letGo(principal, id)
    const held = found === null ? null : this.heldOf(found)
    if (held === null) return
    const cells = await this.within(principal, held, (session) => session.cells)
    const programs = cells === null ? null : lastOf(cells)
    await this.change(principal, id, (now) => ({ ...now, programs }))
  }

  /** Goes on with a container of another process, or of one that has ended: in a session with its files and without its variables. */
  async #take(principal: Principal, found: KeptContainer): Promise<HeldSession> {
    const { id } = found
    await this.letGo(principal, id)
    const session = await this.#open(principal, found)
    try {
      const taken = await this.change(principal, id, (now) =>
        now.isOver
          ? null
          : { ...now, holder: this.process, hasRun: false, programs: [], losses: now.losses + (now.hasRun ? 1 : 0) },
      )
      if (taken === null) throw noContainer()
      const held = { id: session, principal: principal.id, lossesBefore: taken.losses, since: taken.revision }
      await this.within(principal, held, (opened) => this.#putBack(opened, found, taken))
      this.#have(id, held)
      return held
    } catch (thrown) {
      await this.#close(principal, session)
      throw thrown
    }
  }

  async #putBack(
    session: Session<Sandbox>,
    { hasRun, programs }: KeptContainer,
    { principal, files }: KeptContainer,
  ): Promise<void> {
    if (hasRun) session.followLost(programs)
    for (const { fileId, path, source } of files) {
      const stored = reasonAgainstPath(path) === null ? await this.#parts.files.show(principal, fileId) : null
      if (stored === null) continue
      const file = await storedFile(this.#parts.files, stored, this.#parts.maximumBytes)
      session.holdFile(source === 'user' ? file : { ...file, path, description: madeHere, isMade: true })
    }
  }

  async #open(principal: Principal, { id, limits, idleMilliseconds, ends }: KeptContainer): Promise<string> {
    let session: string | null = null
    const opened = await this.#parts.open(principal, limits, {
      idleMilliseconds,
      lifetimeMilliseconds: Math.max(1, ends.getTime() - this.#parts.now()),
      onClosed: () => {
        if (session === null || this.#held.get(id)?.id !== session) return
        this.#held.delete(id)
        // What cannot be written now is told by its times, and files end by their own.
        void this.#end(principal, id).catch(() => undefined)
      },
    })
    session = opened.id
    return session
  }

  async #end(principal: Principal, id: string): Promise<void> {
    const ended = await this.change(principal, id, (now) =>
      now.holder === this.process ? { ...now, isOver: true } : null,
    )
    if (ended !== null) await this.dropOwn(ended)
  }

  /**
   * Closes sessions of containers that are no longer this process's: at once where another process has deleted the container, whatever runs in it, and where
   * another one goes on with it, once nothing runs here. Rejects where the storage cannot tell.
   */
  async #letGoOfOthers(): Promise<void> {
    const looked = [...this.#held]
    if (looked.length === 0) return
    const holders = await this.#parts.store.holdersOf(looked.map(([id]) => id))
    const sessions = await this.#parts.sessions()
    for (const [id, held] of looked) {
      const holder = holders.get(id)
      // It may be another session of this process meanwhile.
      if (holder === this.process || this.#held.get(id) !== held) continue
      if (holder !== undefined && sessions.show(held.principal, held.id)?.inUse === true) continue
      await this.letGo({ id: held.principal }, id)
    }
  }

  #have(id: string, held: HeldSession): void {
    this.#held.set(id, held)
    this.#look ??= setInterval(() => {
      if (this.#held.size > 0) return void this.#letGoOfOthers().catch(() => undefined)
      if (this.#look !== null) clearInterval(this.#look)
      this.#look = null
    }, this.#parts.lookMilliseconds).unref()
  }

  /** Closes the session that this process has of it, which does not end the container. */
  async letGo(principal: Pick<Principal, 'id'>, id: string): Promise<void> {
    const held = this.#held.get(id)
    this.#held.delete(id)
    if (held !== undefined) await this.#close(principal, held.id)
  }

  async #close({ id }: Pick<Principal, 'id'>, session: string): Promise<void> {
    const sessions = await this.#parts.sessions()
    if (sessions.show(id, session) !== null) await sessions.close(id, session)
  }

  /** As `letGo`, of all that this process has: it was taken for dead, and other processes may go on with them. */
  async letGoOfAll(): Promise<void> {
    const held = [...this.#held]
    await Promise.allSettled(held.map(([id, { principal }]) => this.letGo({ id: principal }, id)))
  }

  async within<T>(
    { id }: Pick<Principal, 'id'>,
    held: HeldSession,
    work: (session: Session<Sandbox>) => T | Promise<T>,
  ): Promise<T> {
    const sessions = await this.#parts.sessions()
    await using lease = sessions.lease(id, held.id)
    return await work(lease.session)
  }

  /** What the container is then; null where it is gone, or where the edit leaves it as it is. */
  async change(
    principal: Pick<Principal, 'id'>,
    id: string,
    edit: (now: KeptContainer) => KeptContainer | null,
  ): Promise<KeptContainer | null> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const now = await this.find(principal, id)
      const next = now === null ? null : edit(now)
      if (now === null || next === null) return null
      const used = this.isOpen(now) ? new Date(this.#parts.now()) : now.used
      if (await this.#parts.store.change({ ...next, used })) return { ...next, used, revision: now.revision + 1 }
    }
    throw changedTooOften()
  }

  async dropOwn({ principal, files }: KeptContainer): Promise<void> {
    for (const { fileId, isOwn } of files) if (isOwn) await this.#parts.files.delete(principal, fileId)
  }
}

function lastOf(programs: readonly string[]): readonly string[] {
  let characters = 0
  const first = programs.findLastIndex((program) => (characters += program.length) > mostCharacters)
  return programs.slice(first + 1)
}
