import { ServiceError } from '../core/errors.ts'
import { StorageFailure, type StorageState } from './storage-failure.ts'

const advice: Readonly<Record<Exclude<StorageState, 'ready'>, string>> = {
  'disk-full': 'Make room on the disk of the storage; the service goes on by itself.',
  locked: 'End what holds the storage: another program that has it open, or a transaction that does not end.',
  'read-only': 'Let the service write to its storage, and to the folder of it.',
  damaged: 'End the service, and put back a copy of the storage that was made while nothing wrote to it.',
  evicting:
    'Set maxmemory-policy to noeviction there, or give quotas a server of their own; the service goes on by itself.',
  unreachable: 'Check that the storage of the configuration is there and answers; the service goes on by itself.',
}

const sentences: Readonly<Record<Exclude<StorageState, 'ready'>, string>> = {
  'disk-full': 'has no room left on its disk',
  locked: 'is held by another program',
  'read-only': 'cannot be written',
  damaged: 'is damaged, or not a storage of Sallyport',
  evicting: 'may forget what it is to keep',
  unreachable: 'does not answer',
}

/** How a storage does, by what was last asked of it. Reading may go well where writing does not. */
export class StorageHealth {
  readonly #place: string
  readonly #errorOf: (thrown: unknown) => unknown
  #reading: StorageState = 'ready'
  #writing: StorageState = 'ready'

  constructor(place: string, errorOf: (thrown: unknown) => unknown) {
    this.#place = place
    this.#errorOf = errorOf
  }

  get state(): StorageState {
    return this.#writing === 'ready' ? this.#reading : this.#writing
  }

  /** Rejects with `storage-unavailable` where the storage is at fault. */
  async reads<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      this.#reading = 'ready'
      return result
    } catch (thrown) {
      throw this.#faultOf(thrown, (state) => (this.#reading = state))
    }
  }

  /** Rejects with `storage-unavailable` where the storage is at fault. */
  async writes<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      this.#writing = 'ready'
      return result
    } catch (thrown) {
      throw this.#faultOf(thrown, (state) => (this.#writing = state))
    }
  }

  #faultOf(thrown: unknown, mark: (state: StorageState) => void): unknown {
    const error = this.#errorOf(thrown)
    if (!(error instanceof StorageFailure)) return error
    mark(error.state)
    const message = `The storage ${this.#place} ${sentences[error.state]}: ${error.message}`
    return new ServiceError('storage-unavailable', message, { cause: error, advice: advice[error.state] })
  }
}
