import { describe, expect, it } from 'vitest'
import { verifies } from '../../../support/verifies.ts'
import { Readiness } from '../../../../src/surfaces/native/readiness.ts'

/** Sandboxes that start or not, a clock of the test's own, and what was reported. */
function made() {
  const world = {
    now: 0,
    storage: 'ready',
    fault: null as Error | null,
    audit: null as Error | null,
    detector: null as Error | null,
    degraded: [] as readonly string[],
    isLackShared: false,
    asked: 0,
    heard: [] as unknown[],
  }
  const readiness = new Readiness({
    storageState: async () => world.storage,
    sandboxesAvailable: async () => {
      world.asked += 1
      if (world.fault !== null) throw world.fault
    },
    auditAvailable: async () => {
      if (world.audit !== null) throw world.audit
    },
    detectorsAvailable: async () => {
      if (world.detector !== null) throw world.detector
    },
    degraded: () => world.degraded,
    isLackShared: () => world.isLackShared,
    onUnready: (missing, error) => world.heard.push([missing, error]),
    now: () => world.now,
  })
  return { world, readiness }
}

describe('readiness', () => {
  it('is not there before what a first question needs was warmed, and asks nobody until then', async () => {
    const { world, readiness } = made()
    expect(await readiness.state()).toEqual({ ready: false, detail: 'warming up' })
    expect(world.asked).toBe(0)
  })

  it('says what does not work while the rest does, at once and only as long as it is so', async () => {
    verifies('identity.keys-down')
    const { world, readiness } = made()
    readiness.warmed()
    await readiness.state()
    world.degraded = ['keys of issuer corp: none']
    const detail = 'sandboxes can be had; degraded: keys of issuer corp: none'
    expect(await readiness.state()).toEqual({ ready: true, detail })
    world.degraded = []
    expect((await readiness.state()).detail).toBe('sandboxes can be had')
  })

  it('is there once it was warmed and while a sandbox can be started', async () => {
    const { readiness } = made()
    readiness.warmed()
    expect(await readiness.state()).toEqual({ ready: true, detail: 'sandboxes can be had' })
  })

  it('tells callers that no sandbox can be started, and only the log why', async () => {
    const { world, readiness } = made()
    readiness.warmed()
    world.fault = new Error('connect ENOENT /var/run/docker.sock')
    expect(await readiness.state()).toEqual({ ready: false, detail: 'no sandbox can be had' })
    expect(world.heard).toEqual([['no sandbox can be had', world.fault]])
  })

  it('stays where every process lacks sandboxes that it has had, and is not there where it never had one', async () => {
    verifies('kubernetes.ready')
    const { world, readiness } = made()
    readiness.warmed()
    world.isLackShared = true
    world.fault = new Error('The API server of the cluster does not answer')
    expect(await readiness.state()).toEqual({ ready: false, detail: 'no sandbox can be had' })
    world.fault = null
    world.now = 10_000
    expect(await readiness.state()).toEqual({ ready: true, detail: 'sandboxes can be had' })
    world.fault = new Error('The API server of the cluster does not answer')
    world.now = 20_000
    expect(await readiness.state()).toEqual({ ready: true, detail: 'degraded: no sandbox can be had' })
    expect(world.heard).toHaveLength(2)
    // As where an operator has drained this process alone.
    world.isLackShared = false
    world.now = 30_000
    expect(await readiness.state()).toEqual({ ready: false, detail: 'no sandbox can be had' })
  })

  it('is gone while texts cannot be looked through, and tells only the log why', async () => {
    const { world, readiness } = made()
    readiness.warmed()
    world.detector = new Error('Presidio answered with status 500.')
    expect(await readiness.state()).toEqual({ ready: false, detail: 'texts cannot be looked through' })
    expect(world.heard).toEqual([['texts cannot be looked through', world.detector]])
    world.detector = null
    world.now = 10_000
    expect((await readiness.state()).ready).toBe(true)
  })

  it('is not there while requests are refused since the audit trail cannot be written', async () => {
    verifies('audit.failure')
    const { world, readiness } = made()
    readiness.warmed()
    world.audit = new Error('no space left')
    expect(await readiness.state()).toEqual({ ready: false, detail: 'the audit trail cannot be written' })
    expect(world.heard).toEqual([['the audit trail cannot be written', world.audit]])
  })

  it('tells of the trail within a second, both ways, while it believes what it heard of the rest', async () => {
    verifies('audit.failure')
    const { world, readiness } = made()
    readiness.warmed()
    expect((await readiness.state()).ready).toBe(true)
    world.audit = new Error('no space left')
    world.now = 1_000
    expect(await readiness.state()).toEqual({ ready: false, detail: 'the audit trail cannot be written' })
    world.now = 1_999
    await readiness.state()
    // Anybody may ask, so that what the log is told is bounded.
    expect(world.heard).toHaveLength(1)
    world.audit = null
    world.now = 2_000
    expect((await readiness.state()).ready).toBe(true)
    expect(world.asked).toBe(1)
  })

  it('needs no sandbox where no group may ask for one, asks for none, and says so', async () => {
    verifies('models.nothing-of-analyst')
    const readiness = new Readiness({
      storageState: async () => storage,
      sandboxesAvailable: null,
      onUnready: () => expect.unreachable(),
      now: () => (clock += 10_000),
    })
    let storage = 'ready'
    let clock = 0
    readiness.warmed()
    expect(await readiness.state()).toEqual({
      ready: true,
      detail: 'models of upstreams only: no group of gateway.groups may ask analyst',
    })
    storage = 'disk-full'
    expect(await readiness.state()).toEqual({ ready: false, detail: 'storage: disk-full' })
  })

  it('is gone while the storage cannot be written, and says in a word why', async () => {
    const { world, readiness } = made()
    readiness.warmed()
    world.storage = 'disk-full'
    expect(await readiness.state()).toEqual({ ready: false, detail: 'storage: disk-full' })
    world.storage = 'ready'
    world.now = 10_000
    expect((await readiness.state()).ready).toBe(true)
  })

  it('believes what it heard for ten seconds, whatever it was', async () => {
    const { world, readiness } = made()
    readiness.warmed()
    await readiness.state()
    world.fault = new Error('gone')
    world.now = 9_999
    expect((await readiness.state()).ready).toBe(true)
    world.now = 10_000
    expect((await readiness.state()).ready).toBe(false)
    world.fault = null
    world.now = 19_999
    expect((await readiness.state()).ready).toBe(false)
    world.now = 20_000
    expect((await readiness.state()).ready).toBe(true)
    expect(world.asked).toBe(3)
  })
})
