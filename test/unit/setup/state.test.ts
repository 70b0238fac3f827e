import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processStart, readState, withLock, writeState } from '../../../setup/state.mjs'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'sallyport-state-'))))
afterEach(() => rmSync(folder, { recursive: true }))

describe('what the set-up remembers', () => {
  it('is nothing at first', () => expect(readState(folder)).toEqual({ version: 1 }))

  it('grows fact by fact', () => {
    writeState({ runtime: 'sallyport-runsc' }, folder)
    writeState({ proof: 'p' }, folder)
    expect(readState(folder)).toEqual({ version: 1, runtime: 'sallyport-runsc', proof: 'p' })
  })

  it.each(['', '{"version": 1', '{"version": 2, "proof": "p"}', 'null', '[]'])(
    'is nothing when its file is torn or foreign: %s',
    (text) => {
      writeFileSync(join(folder, 'setup.json'), text)
      expect(readState(folder)).toEqual({ version: 1 })
    },
  )
})

describe('two set-ups at once', () => {
  it('run one after the other', async () => {
    const order: string[] = []
    const work = (name: string) => async () => {
      order.push(`${name} begins`)
      await new Promise((resolve) => setTimeout(resolve, 20))
      order.push(`${name} ends`)
    }
    await Promise.all([withLock('setup', work('one'), { folder }), withLock('setup', work('two'), { folder })])
    expect(order).toEqual(['one begins', 'one ends', 'two begins', 'two ends'])
  })

  it('do not wait for one that died', async () => {
    writeFileSync(join(folder, 'setup.lock'), '4194305 123')
    expect(await withLock('setup', async () => 'done', { folder, waitSeconds: 0 })).toBe('done')
  })

  it('do not take a new process for the dead one whose number it got', async () => {
    writeFileSync(join(folder, 'setup.lock'), `${process.pid} 1`)
    expect(await withLock('setup', async () => 'done', { folder, waitSeconds: 0 })).toBe('done')
  })

  it('say who holds the lock when they give up waiting', async () => {
    writeFileSync(join(folder, 'setup.lock'), `${process.pid} ${processStart(process.pid)}`)
    await expect(withLock('setup', async () => 'done', { folder, waitSeconds: 0 })).rejects.toThrow(
      join(folder, 'setup.lock'),
    )
  })

  it('leave no lock behind, also after a failure', async () => {
    await expect(withLock('setup', () => Promise.reject(new Error('no')), { folder })).rejects.toThrow('no')
    expect(existsSync(join(folder, 'setup.lock'))).toBe(false)
  })
})
