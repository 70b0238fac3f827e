import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  fromLabels,
  ownerState,
  readOwner,
  sandboxLabel,
  toLabels,
  type OwnerLabels,
} from '../../../../src/sandbox/engine/owner.ts'
import { sweep } from '../../../../src/sandbox/engine/sweep.ts'
import { FakeSandboxDriver } from '../../../support/sandbox/fake-sandbox-driver.ts'
import { verifies } from '../../../support/verifies.ts'

const signal = new AbortController().signal
const self = await readOwner()

function put(driver: FakeSandboxDriver, id: string, owner: Partial<OwnerLabels>, running = true): void {
  driver.live.set(id, { id, owner: { ...self, ...owner }, running, createdAt: 0 })
}

describe('an owner', () => {
  it('survives its labels', () => {
    expect(fromLabels(toLabels('sbx-1', self))).toEqual({ id: 'sbx-1', owner: self })
  })

  it('is this process since its start, under this boot of this machine', async () => {
    const [, started] = /\) \S+ (?:\S+ ){18}(\d+) /.exec(readFileSync('/proc/self/stat', 'utf8')) ?? []
    expect(self).toEqual({
      pid: process.pid,
      startTicks: started,
      bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trimEnd(),
      pidNamespace: expect.stringMatching(/^pid:\[\d+\]$/),
      engine: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    expect((await readOwner()).engine).not.toBe(self.engine)
  })

  it('stands on a container under the names that operators filter by', () => {
    const owner = { pid: 7, startTicks: '8', bootId: 'b', pidNamespace: 'pid:[1]', engine: 'e' }
    expect(toLabels('sbx-1', owner)).toEqual({
      [sandboxLabel]: 'sbx-1',
      'sallyport.owner-pid': '7',
      'sallyport.owner-start': '8',
      'sallyport.owner-boot': 'b',
      'sallyport.owner-namespace': 'pid:[1]',
      'sallyport.owner-engine': 'e',
    })
    expect(sandboxLabel).toBe('sallyport.sandbox')
  })

  it.each([
    ['sandbox', null],
    ['owner-pid', null],
    ['owner-start', null],
    ['owner-boot', null],
    ['owner-namespace', null],
    ['owner-engine', { id: 'sbx-1', owner: { ...self, engine: '' } }],
  ])('without its label %s is read as %j', (name, expected) => {
    const { [`sallyport.${name}`]: _, ...rest } = toLabels('sbx-1', self)
    expect(fromLabels(rest)).toEqual(expected)
  })

  it.each(['', '-1', '7x', 'x7', '1.5'])('has no process whose id is %j', (pid) => {
    expect(fromLabels({ ...toLabels('sbx-1', self), 'sallyport.owner-pid': pid })).toBeNull()
  })

  it('is not read from labels that are not whole', () => {
    const { 'sallyport.owner-boot': _, ...rest } = toLabels('sbx-1', self)
    expect(fromLabels(rest)).toBeNull()
    expect(fromLabels({})).toBeNull()
  })

  it.each([
    ['itself', {}, 'self'],
    ['another engine of this process', { engine: 'other' }, 'living'],
    ['a pid that is used again', { startTicks: '1' }, 'dead'],
    ['a pid that is not there', { pid: 4_194_303 }, 'dead'],
    ['an earlier boot', { bootId: 'other' }, 'dead'],
    ['another pid namespace', { pidNamespace: 'pid:[1]' }, 'unknown'],
  ] as const)('that is %s', async (_, owner, state) => {
    expect(await ownerState({ ...self, ...owner }, self)).toBe(state)
  })
})

describe('the sweep', () => {
  it('removes what has no living owner and what its own engine forgot, and nothing else', async () => {
    verifies('processes.sweep')
    const driver = new FakeSandboxDriver()
    put(driver, 'of-the-dead', { pid: 4_194_303 })
    put(driver, 'forgotten', {})
    put(driver, 'in-use', {})
    put(driver, 'of-another-engine', { engine: 'other' })
    put(driver, 'of-another-namespace', { pidNamespace: 'pid:[1]' })
    put(driver, 'from-before-the-boot', { bootId: 'other' }, false)
    put(driver, 'of-another-machine', { bootId: 'other' }, true)
    const report = await sweep({ driver, self, known: new Set(['in-use']) }, signal)
    expect([...report.removed].sort()).toEqual(['forgotten', 'from-before-the-boot', 'of-the-dead'])
    expect(report).toMatchObject({ kept: 4, failed: [] })
    expect([...driver.live.keys()].sort()).toEqual([
      'in-use',
      'of-another-engine',
      'of-another-machine',
      'of-another-namespace',
    ])
  })

  it('removes four at a time, so that those at work have the processors', async () => {
    const driver = new FakeSandboxDriver()
    for (let index = 0; index < 9; index += 1) put(driver, `old-${index}`, { pid: 4_194_303 })
    let [now, most] = [0, 0]
    driver.remove = async () => {
      now += 1
      most = Math.max(most, now)
      await new Promise(setImmediate)
      now -= 1
    }
    expect((await sweep({ driver, self, known: new Set() }, signal)).removed).toHaveLength(9)
    expect(most).toBe(4)
  })

  it('removes nothing more once it is given up', async () => {
    const driver = new FakeSandboxDriver()
    for (let index = 0; index < 9; index += 1) put(driver, `old-${index}`, { pid: 4_194_303 })
    const stop = new AbortController()
    const removed: string[] = []
    driver.remove = async (id) => {
      removed.push(id)
      stop.abort(new Error('enough'))
    }
    await expect(sweep({ driver, self, known: new Set() }, stop.signal)).rejects.toThrow('enough')
    expect(removed.length).toBeLessThanOrEqual(4)
  })

  it('reports what it could not remove and goes on', async () => {
    const driver = new FakeSandboxDriver()
    put(driver, 'stuck', { pid: 4_194_303 })
    put(driver, 'loose', { pid: 4_194_303 })
    const remove = driver.remove.bind(driver)
    driver.remove = async (id) => {
      if (id === 'stuck') throw new Error('no')
      await remove(id)
    }
    const report = await sweep({ driver, self, known: new Set() }, signal)
    expect(report.removed).toEqual(['loose'])
    expect(report.failed.map((entry) => entry.id)).toEqual(['stuck'])
  })
})

describe('a driver that knows whose a sandbox is', () => {
  it('is believed, wherever the owner is: the pid of another machine says nothing here', async () => {
    const driver = new FakeSandboxDriver()
    const states = ['dead', 'living', 'unknown', 'self'] as const
    for (const ownerState of states) {
      put(driver, ownerState, { bootId: 'of another machine' })
      driver.live.set(ownerState, { ...driver.live.get(ownerState)!, ownerState })
    }
    const report = await sweep({ driver, self, known: new Set() }, signal)
    expect(report.removed.toSorted()).toEqual(['dead', 'self'])
  })
})
