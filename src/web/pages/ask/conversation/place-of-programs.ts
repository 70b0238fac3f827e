import { toProblem } from '../../../api/problem.ts'
import type { AskService } from '../ask-service.ts'

type PlaceApi = Pick<
  AskService,
  'createContainer' | 'listContainers' | 'deleteContainer' | 'filesOfContainer' | 'addToContainer'
>

/** Containers of this app have it for a name, so that it closes none of anybody else's. */
const nameOfOurs = 'Web app'
/** Files that a container may begin with. */
const mostFiles = 20

/**
 * The container in which the programs of a conversation run: its variables and files stay from question to question, and what an answer ran can be
 * changed and run again there. It is made with the first question, and anew where it has expired or was ended.
 */
export class PlaceOfPrograms {
  readonly #api: PlaceApi
  readonly #tell: (sentence: string) => void
  readonly #files = new Set<string>()
  #id: string | null
  #before: Promise<void> = Promise.resolve()

  /** `id`: of an earlier visit; null for none. `tell`: what was lost, for the person who asks. */
  constructor(api: PlaceApi, id: string | null, tell: (sentence: string) => void) {
    this.#api = api
    this.#id = id
    this.#tell = tell
  }

  /** Null before the first question. */
  get id(): string | null {
    return this.#id
  }

  /** A container that is there and has these files. Rejects as the service does. */
  async ready(files: readonly string[]): Promise<string> {
    return await this.#inTurn(async () => {
      const known = this.#id
      if (known === null) return await this.#made(files)
      try {
        for (const file of files) {
          if (this.#files.has(file)) continue
          await this.#api.addToContainer(known, file)
          this.#files.add(file)
        }
        return known
      } catch (thrown) {
        if (!isGone(thrown)) throw thrown
        return await this.#another(files)
      }
    })
  }

  /** Another one in place of one that has expired, with the files that it had. */
  async renewed(files: readonly string[]): Promise<string> {
    return await this.#inTurn(() => this.#another(files))
  }

  /**
   * Ends it, with whatever runs in it, and one that is being made as soon as it is there. Resolves when nothing of it is left, with whether there was
   * one; the next question makes another one with the same files.
   */
  async end(): Promise<boolean> {
    return await this.#inTurn(async () => {
      const id = this.#id
      if (id === null) return false
      const had = await this.#filesOf(id)
      await this.#api.deleteContainer(id)
      this.#id = null
      this.#files.clear()
      for (const file of had) this.#kept.add(file)
      return true
    })
  }

  /** One thing is done about it at a time: two that make one beside each other would leave one that nobody knows of. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#before.then(work)
    this.#before = mine.then(nothing, nothing)
    return await mine
  }

  async #another(files: readonly string[]): Promise<string> {
    const had = await this.#filesOf(this.#id)
    const made = await this.#made([...new Set([...files, ...had])].slice(0, mostFiles))
    this.#tell('The sandbox of this conversation had expired. Its files are in the new one, its variables are gone.')
    return made
  }

  readonly #kept = new Set<string>()

  async #made(files: readonly string[]): Promise<string> {
    const all = [...new Set([...files, ...this.#kept])].slice(0, mostFiles)
    const { id } = await this.#create(all)
    this.#id = id
    this.#files.clear()
    for (const file of all) this.#files.add(file)
    return id
  }

  /**
   * A caller has so many places at a time: the one of this app that was used longest ago makes room for the new one. What was lost is told in that
   * conversation, to whoever goes on with it.
   */
  async #create(files: readonly string[]): Promise<{ readonly id: string }> {
    try {
      return await this.#api.createContainer(nameOfOurs, files)
    } catch (thrown) {
      if (toProblem(thrown).code !== 'quota-exceeded') throw thrown
      const { data } = await this.#api.listContainers()
      const [oldest] = data
        .filter(({ name, status, id }) => name === nameOfOurs && status === 'running' && id !== this.#id)
        .toSorted((one, other) => one.last_active_at - other.last_active_at)
      if (oldest === undefined) throw thrown
      await this.#api.deleteContainer(oldest.id)
      return await this.#api.createContainer(nameOfOurs, files)
    }
  }

  async #filesOf(id: string | null): Promise<readonly string[]> {
    if (id === null) return []
    try {
      const { data } = await this.#api.filesOfContainer(id)
      return data.map((file) => file.id.replace(/^c(?=file_)/, ''))
    } catch (thrown) {
      if (isGone(thrown)) return []
      throw thrown
    }
  }
}

const nothing = (): void => {}

/** Is the container no more? */
export const isGone = (thrown: unknown): boolean => {
  const { status, document } = toProblem(thrown)
  const { param } = (document['error'] ?? {}) as { readonly param?: unknown }
  return status === 404 && (param === undefined || param === 'container_id')
}
