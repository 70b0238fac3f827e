import type { ContainerPage } from '../../../core/containers.ts'
import type { Conversations } from '../../../core/conversations.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { Principal } from '../../../core/principal.ts'
import { noContainer, noPlace, type ContainerFacts, type ContainerFile } from '../../../sessions/container-facts.ts'
import type { Containers } from '../../../sessions/containers.ts'
import type { FileDesk } from '../../../sessions/file-desk.ts'
import { containerOfRun } from '../responses/response-details.ts'
import { containerIdOf, fileIdOf } from '../responses/response-ids.ts'

/** How long a container of a conversation may be unused, as far as it has a time. */
const noTime = 1_200_000

interface KeptContainersParts {
  readonly containers: Containers
  readonly conversations: () => Promise<Pick<Conversations, 'show' | 'showRun'>>
  readonly desk: Pick<FileDesk, 'show' | 'list' | 'delete'>
}

/**
 * Containers as callers find them by their ids: those that they made, and the one of each conversation, in which nothing runs between its responses
 * and whose files are those that its runs made.
 */
export class KeptContainers {
  readonly #parts: KeptContainersParts

  constructor(parts: KeptContainersParts) {
    this.#parts = parts
  }

  /** Those that callers made. */
  get made(): Containers {
    return this.#parts.containers
  }

  /** Throws `not-found` for none. */
  async show(principal: Principal, id: string): Promise<ContainerFacts> {
    const found = (await this.made.show(principal, id)) ?? (await this.#ofConversation(principal, id))
    if (found === null) throw noContainer()
    return found
  }

  /** Throws `not-found` for no such container, and `invalid-request` for a place that its list has not. */
  async files(principal: Principal, id: string, { after, ...page }: ContainerPage): Promise<readonly ContainerFile[]> {
    const place = after === undefined ? undefined : fileIdOf(after)
    const made = await this.made.files(principal, id, { ...page, after: place ?? after })
    if (made !== null) return made
    await this.show(principal, id)
    if (place === null) throw noPlace()
    const conversation = `conv_${digitsOf(id)}`
    const found = await this.#parts.desk.list(principal, { ...page, conversation, after: place })
    return found.map((stored) => ({ stored, path: stored.name, source: 'assistant' }))
  }

  /** Also of a container that is gone: what answers cite is kept with them. Throws `not-found` for none. */
  async file(principal: Principal, id: string, fileId: string): Promise<ContainerFile> {
    const name = fileIdOf(fileId)
    const held = name === null ? null : await this.made.file(principal, id, name)
    const found = held ?? (name === null ? null : await this.#ofRun(principal, id, name))
    if (found === null) throw noFile()
    return found
  }

  /** Throws `not-found` for none. */
  async deleteFile(principal: Principal, id: string, fileId: string, signal: AbortSignal): Promise<void> {
    const { stored } = await this.file(principal, id, fileId)
    if (await this.made.deleteFile(principal, id, stored.id, signal)) return
    if (!(await this.#parts.desk.delete(principal, stored.id))) throw noFile()
  }

  async #ofRun(principal: Principal, id: string, fileId: string): Promise<ContainerFile | null> {
    const stored = await this.#parts.desk.show(principal, fileId)
    if (stored === null || stored.run === null) return null
    const run = await (await this.#parts.conversations()).showRun(principal.id, stored.run)
    return run !== null && containerOfRun(run) === id ? { stored, path: stored.name, source: 'assistant' } : null
  }

  async #ofConversation(principal: Principal, id: string): Promise<ContainerFacts | null> {
    const conversation = await (await this.#parts.conversations()).show(principal.id, `conv_${digitsOf(id)}`)
    if (conversation === null) return null
    const { made, used } = conversation
    const facts = { name: 'auto', idleMilliseconds: noTime, limits: {}, isOpen: false, sandboxesLost: 0 }
    return { id: containerIdOf(conversation.id), made, used, ...facts }
  }
}

/** Null where nothing is kept of callers. */
export function keptContainersOf({
  containers,
  history,
}: {
  readonly containers?: Containers
  readonly history?: Omit<KeptContainersParts, 'containers'>
}): KeptContainers | null {
  return containers === undefined || history === undefined ? null : new KeptContainers({ ...history, containers })
}

/** Of another form where it is no id of a container: then nothing has it. */
const digitsOf = (id: string): string => /^cntr_([0-9a-f]{32})$/.exec(id)?.[1] ?? ''

const noFile = (): ServiceError =>
  new ServiceError('not-found', 'There is no such file in this container.', {
    parameter: 'file_id',
    advice: "It was deleted, has expired with its container, or is somebody else's.",
  })
