import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { PendingWork } from '../../../src/concurrency/pending-work.ts'

describe('work that is pending', () => {
  it('is over when its owner is disposed, also what was added meanwhile', async () => {
    const over: string[] = []
    const work = new PendingWork()
    const first = async () => {
      await sleep(5)
      work.add(sleep(5).then(() => over.push('second')))
      over.push('first')
    }
    work.add(first())
    await work[Symbol.asyncDispose]()
    expect(over).toEqual(['first', 'second'])
  })

  it('tells its first fault then, and keeps the others waiting for no less', async () => {
    const over: string[] = []
    const work = new PendingWork()
    work.add(Promise.reject(new Error('first')))
    work.add(sleep(5).then(() => Promise.reject(new Error('second'))))
    work.add(sleep(10).then(() => over.push('third')))
    await sleep(1)
    await expect(work[Symbol.asyncDispose]()).rejects.toThrow('first')
    expect(over).toEqual(['third'])
  })

  it('may be none', async () => {
    expect(await new PendingWork()[Symbol.asyncDispose]()).toBeUndefined()
  })
})
