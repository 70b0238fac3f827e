import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { behindWall } from '../../src/processes/wall.ts'
import type { Targets } from '../support/processes/reaching-process.ts'
import { processesWith } from '../support/processes/processes-with.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const programs = join(import.meta.dirname, '../support/processes')
const root = join(import.meta.dirname, '../..')
const readable = [process.execPath, join(root, 'package.json'), programs]
const wall = { readable, memoryMegabytes: 1024 }

/** What a command sent before it ended, and its last words. */
async function run(command: readonly string[]): Promise<{ readonly sent: unknown; readonly words: string }> {
  const [program = '', ...rest] = command
  const child = spawn(program, rest, { env: {}, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let sent: unknown = null
  let words = ''
  child.on('message', (message) => {
    sent = message
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words += text
  })
  await once(child, 'close')
  return { sent, words }
}

function program(name: string, argument: string): readonly string[] {
  return [process.execPath, join(programs, name), argument]
}

describe('a wall of the kernel', () => {
  it('lets a program reach nothing that it reaches without one', async () => {
    verifies('media.wall')
    const folder = temporaryFolder('wall-')
    const file = join(folder, 'secret')
    writeFileSync(file, 'secret')
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const targets: Targets = { file, folder, port, pid: process.pid }
    const command = program('reaching-process.ts', JSON.stringify(targets))
    const without = await run(command)
    const behind = await run(behindWall(command, wall))
    server.close()
    const reached = { readsFile: true, writesFile: true, connects: true, signals: true, seesProcesses: true }
    expect(without.sent).toMatchObject({ ...reached, writesToItself: true, makesNamespaces: true })
    expect(behind).toEqual({
      words: '',
      sent: {
        readsFile: false,
        writesFile: false,
        writesToItself: false,
        makesFolder: false,
        seesHome: false,
        seesProcesses: false,
        signals: false,
        connects: false,
        makesNamespaces: false,
        mounts: false,
        variables: expect.any(Array) as string[],
      },
    })
  })

  it('passes no variable on but those of its own shell', async () => {
    const targets: Targets = { file: '/none', folder: '/none', port: 1, pid: 1 }
    const { sent } = await run(behindWall(program('reaching-process.ts', JSON.stringify(targets)), wall))
    expect(sent).toMatchObject({ variables: [] })
  })

  it('gives a program the memory that it may have, and no more', async () => {
    verifies('media.memory')
    const hoarding = (megabytes: number) => run(behindWall(program('hoarding-process.ts', String(megabytes)), wall))
    expect((await hoarding(50)).sent).toBe(50)
    expect((await hoarding(600)).sent).toBeNull()
    expect((await run(program('hoarding-process.ts', '600'))).sent).toBe(600)
  })

  it('does not start the program where this user may make no namespaces', async () => {
    verifies('media.no-wall')
    const inner = behindWall(program('hoarding-process.ts', '1'), wall)
    const { sent, words } = await run(behindWall(inner, wall))
    expect(sent).toBeNull()
    expect(words).toContain('unshare')
  })

  it('ends with whoever started it, also while the program spins', async () => {
    const mark = `spinning-${process.pid}`
    const spinning = [process.execPath, '-e', 'for (;;);', mark]
    const [first = '', ...rest] = behindWall(spinning, wall)
    const starting = `
      const { spawn } = require('node:child_process')
      spawn(${JSON.stringify(first)}, ${JSON.stringify(rest)}, { stdio: 'ignore' })`
    const parent = spawn(process.execPath, ['-e', starting], { stdio: 'ignore' })
    await expect.poll(() => processesWith(`${mark}\0`).length).toBeGreaterThan(0)
    parent.kill('SIGKILL')
    await expect.poll(() => processesWith(`${mark}\0`).length).toBe(0)
  })
})
