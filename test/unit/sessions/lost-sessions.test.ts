import { describe, expect, it } from 'vitest'
import { SessionStore } from '../../../src/sessions/session-store.ts'
import { RecordingSandbox } from '../../support/sandbox/recording-sandbox.ts'
import { verifies } from '../../support/verifies.ts'

const signal = new AbortController().signal

/** A sandbox that can be ended at the so-many-th time only. */
class StubbornSandbox extends RecordingSandbox {
  readonly #tries: number

  constructor(tries: number) {
    super()
    this.#tries = tries
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]()
    if (this.disposed < this.#tries) throw new Error('the sandbox could not be removed')
  }
}

describe('sessions of a lost lease', () => {
  it('have not ended as long as one of their sandboxes could not be ended, which is tried again', async () => {
    verifies('replicas.fenced')
    const made = [new StubbornSandbox(1), new StubbornSandbox(2)]
    const left = made.values()
    await using store = new SessionStore<RecordingSandbox>({
      claim: async () => left.next().value ?? new RecordingSandbox(),
      idleMilliseconds: 60_000,
      maximumPerTenant: 10,
    })
    for (const _ of made) {
      const { id } = await store.open('ann', null)
      await using lease = store.lease('ann', id)
      await lease.session.sandbox(signal)
    }
    await expect(store.endLost()).rejects.toThrow('the sandbox could not be removed')
    expect(made.map(({ disposed }) => disposed)).toEqual([1, 1])
    // Whoever asks again is not told that it is over, either.
    await store.endLost()
    expect(made.map(({ disposed }) => disposed)).toEqual([1, 2])
    expect(store.list('ann')).toEqual([])
    await store.endLost()
    expect(made.map(({ disposed }) => disposed)).toEqual([1, 2])
  })
})
