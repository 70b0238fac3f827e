/**
 * Which key seals what the processes of one storage keep: one that has another key could read nothing of it, and nobody what it keeps itself. Rejects with
 * `storage-unavailable` where the store is at fault.
 */
export interface SealingKey {
  /**
   * Notes that the key of this name seals from now on. False, and nothing noted, where another one does that is none of `known`: the names of this key and of
   * those before it.
   */
  hold(name: string, known: (other: string) => boolean): Promise<boolean>
}
