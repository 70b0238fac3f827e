import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { spawn, type ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DaemonFacts } from '../../../../../src/sandbox/containers/docker/daemon-facts-shape.ts'
import { createKnownDaemon } from '../../../../../src/sandbox/containers/docker/known-daemon.ts'
import { createProofRecords } from '../../../../../src/sandbox/containers/proof-records.ts'
import { verifies } from '../../../../support/verifies.ts'

let home: string
let daemon: ChildProcess
let asked: string[]
const never = new AbortController().signal

const found: DaemonFacts = {
  image: { id: 'sha256:1', environment: ['PATH=/bin'] },
  runtimes: { 'sallyport-runsc': { path: '/opt/runsc', arguments: ['--network=none'] } },
  security: ['name=seccomp'],
}

/** A process that stands for the daemon; `words` are its arguments. */
function startDaemon(words: readonly string[] = []): void {
  daemon = spawn('/bin/sleep', ['60', ...words], { argv0: '/usr/sbin/dockerd', stdio: 'ignore' })
  writeFileSync(join(home, 'pid'), `${daemon.pid}\n`)
}

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-daemon-')))
  asked = []
  writeFileSync(join(home, 'socket'), '')
  startDaemon()
})
afterEach(() => {
  daemon.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

/** Each is a start of the program of its own; the records stay. */
function open(given: { readonly image?: string; readonly socket?: string; readonly remembers?: boolean } = {}) {
  return createKnownDaemon({
    socketPath: given.socket ?? join(home, 'socket'),
    image: given.image ?? 'sallyport-python:1',
    records: given.remembers === false ? null : createProofRecords(join(home, 'proofs')),
    places: { socket: join(home, 'socket'), pid: join(home, 'pid'), settings: join(home, 'daemon.json') },
    read: async (_socket, image) => {
      asked.push(image)
      return found
    },
  })
}

describe('a daemon that is known', () => {
  it('is asked once for as long as nothing of it changes, for its image too', async () => {
    expect(await open().facts()).toEqual(found)
    expect(await open().facts()).toEqual(found)
    expect(await open().source.identify(never)).toEqual(found.image)
    expect(asked).toEqual(['sallyport-python:1'])
  })

  it.each<[string, () => unknown]>([
    ['was started again', () => (daemon.kill('SIGKILL'), startDaemon())],
    ['got settings', () => writeFileSync(join(home, 'daemon.json'), '{}')],
    ['has a new socket', () => (rmSync(join(home, 'socket')), writeFileSync(join(home, 'socket'), 'new'))],
  ])('is asked again where it %s', async (_, change) => {
    verifies('driver.remembered')
    await open().facts()
    change()
    await open().facts()
    expect(asked).toHaveLength(2)
    await open().facts()
    expect(asked).toHaveLength(2)
  })

  it('is asked again for another image', async () => {
    await open().facts()
    await open({ image: 'sallyport-python:2' }).facts()
    expect(asked).toEqual(['sallyport-python:1', 'sallyport-python:2'])
  })

  it.each<[string, () => Parameters<typeof open>[0]]>([
    ['an image whose tag may name another tomorrow', () => ({ remembers: false })],
    ['a daemon at another socket', () => ({ socket: join(home, 'other') })],
    ['a daemon with its settings elsewhere', () => (daemon.kill('SIGKILL'), startDaemon(['--config-file=/x']), {})],
    ['a daemon that is gone', () => (writeFileSync(join(home, 'pid'), '4194305'), {})],
    ['a daemon without a pid', () => (rmSync(join(home, 'pid')), {})],
    ['a daemon whose pid is none', () => (writeFileSync(join(home, 'pid'), 'x'), {})],
  ])('is not remembered: %s', async (_, prepare) => {
    const given = prepare()
    await open(given).facts()
    await open(given).facts()
    expect(asked).toHaveLength(2)
  })
})
