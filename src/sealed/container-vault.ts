import { randomBytes } from 'node:crypto'
import type {
  ContainerPage,
  ContainerState,
  ContainerStore,
  ContainerWords,
  KeptContainer,
  SealedContainer,
  StoredContainers,
} from '../core/containers.ts'
import { ServiceError } from '../core/errors.ts'
import { keyForUse } from './data-key.ts'
import { seal, unseal, type KeyRing } from './key-ring.ts'
import { rewrapAll, type RewrapCounts } from './rewrap-all.ts'

const use = 'sallyport containers 1'

/** Containers as the storage has them: names, limits and files are sealed under a data key of their own, which the key of the service wraps. */
export class ContainerVault implements ContainerStore {
  readonly #stored: StoredContainers
  readonly #keys: () => Promise<KeyRing>

  constructor(stored: StoredContainers, keys: () => Promise<KeyRing>) {
    this.#stored = stored
    this.#keys = keys
  }

  async add(container: KeptContainer): Promise<void> {
    await this.#stored.add(await this.#seal(container))
  }

  async show(principal: string, id: string): Promise<KeptContainer | null> {
    const found = await this.#stored.show(principal, id)
    return found === null ? null : await this.#open(found)
  }

  async list(principal: string, page: ContainerPage): Promise<readonly KeptContainer[]> {
    const found = await this.#stored.list(principal, page)
    return Promise.all(found.map((each) => this.#open(each)))
  }

  async change(container: KeptContainer): Promise<boolean> {
    return this.#stored.change(await this.#seal(container))
  }

  delete(principal: string, id: string): Promise<boolean> {
    return this.#stored.delete(principal, id)
  }

  holdersOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#stored.holdersOf(ids)
  }

  /** Wraps by the key in use what former ones have wrapped. Opens none of them. */
  async rewrap(signal: AbortSignal): Promise<RewrapCounts> {
    return rewrapAll(this.#stored, await this.#keys(), signal)
  }

  async #seal(container: KeptContainer): Promise<SealedContainer> {
    const { name, idleMilliseconds, limits, hasRun, programs, losses, files, ...state } = container
    const words: ContainerWords = { name, idleMilliseconds, limits, hasRun, programs, losses, files }
    const dataKey = randomBytes(32)
    const sealed = seal(keyForUse(dataKey, use), JSON.stringify(words), aboutOf(state))
    return { ...state, wrappedKey: (await this.#keys()).wrap(dataKey, state.id), sealed }
  }

  async #open({ wrappedKey, sealed, ...state }: SealedContainer): Promise<KeptContainer> {
    const dataKey = (await this.#keys()).unwrap(wrappedKey, state.id)
    return { ...state, ...openedWords(dataKey, sealed, state) }
  }
}

function openedWords(dataKey: Buffer, sealed: string, state: ContainerState): ContainerWords {
  try {
    const text = unseal(keyForUse(dataKey, use), sealed, aboutOf(state)).toString('utf8')
    return JSON.parse(text) as ContainerWords
  } catch (cause) {
    throw new ServiceError('internal', `The container ${state.id} is not what the storage says of it.`, { cause })
  }
}

/** Whoever can write the storage cannot give a container to another caller. */
function aboutOf({ id, principal }: Pick<ContainerState, 'id' | 'principal'>): string {
  return JSON.stringify([id, principal])
}
