/** What is wrong with a storage, in a word: it stands in `/readyz`. */
export const storageStates = [
  'ready',
  'disk-full',
  'locked',
  'read-only',
  'damaged',
  'evicting',
  'unreachable',
] as const

export type StorageState = (typeof storageStates)[number]

/** A storage that cannot be used as it is. */
export class StorageFailure extends Error {
  readonly state: Exclude<StorageState, 'ready'>

  constructor(state: Exclude<StorageState, 'ready'>, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.state = state
  }
}
