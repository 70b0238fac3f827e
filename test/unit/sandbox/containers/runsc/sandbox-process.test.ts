import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, describe, expect, it } from 'vitest'
import { startHere, type StartSandboxProcess } from '../../../../../src/sandbox/containers/runsc/sandbox-process.ts'
import { StartThread } from '../../../../../src/sandbox/containers/runsc/start-thread.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'

const folder = temporaryFolder('sandbox-process-')
const thread = new StartThread()
const starts: readonly (readonly [string, StartSandboxProcess])[] = [
  ['this thread', startHere],
  ['a thread of its own', (command, place) => thread.start(command, place)],
]

/** Runs a shell script in a folder of its own. */
function script(start: StartSandboxProcess, words: string) {
  const place = temporaryFolder('sandbox-')
  const command = { file: '/bin/sh', words: ['-c', words], environment: { PATH: '/usr/bin:/bin', ONLY: 'this' } }
  return start(command, place).then((child) => ({ child, place }))
}

afterAll(() => thread[Symbol.asyncDispose]())

describe.each(starts)('a process that is started from %s', (_, start) => {
  it('has the streams of its sandbox, whole and in order', async () => {
    const { child, place } = await script(start, 'cat')
    const sent = Buffer.alloc(3_000_000, 'sandbox ')
    child.input.end(sent)
    expect((await buffer(child.output)).equals(sent)).toBe(true)
    expect(await child.ended).toBe(0)
    expect(readdirSync(place)).toEqual([])
  })

  it('has the environment that it is given, and nothing of ours', async () => {
    const { child } = await script(start, 'env')
    expect((await text(child.output)).split('\n').filter((line) => !/^(PWD|SHLVL|_)=/.test(line))).toEqual(
      expect.arrayContaining(['ONLY=this', 'PATH=/usr/bin:/bin', '']),
    )
    expect(await child.ended).toBe(0)
  })

  it('says its status, and the last of what it wrote to standard error', async () => {
    const { child } = await script(start, `printf '%020000d' 7 >&2; exit 3`)
    expect(await child.ended).toBe(3)
    await expect.poll(() => child.said(), { timeout: 60_000 }).toMatch(/^0+7$/)
    expect(child.said()).toHaveLength(16 * 1024)
  })

  it('closes its output when it ends, and its input takes nothing more', async () => {
    const { child } = await script(start, 'exec 0<&- 1<&-; exec sleep 600')
    child.output.resume()
    await once(child.output, 'close')
    child.input.on('error', () => {})
    await expect
      .poll(
        () => new Promise((done) => child.input.write('x', (fault) => done(fault !== null && fault !== undefined))),
        { timeout: 60_000 },
      )
      .toBe(true)
    child.kill()
    expect(await child.ended).toBeNull()
    child.kill()
  })

  it('is refused with the reason of the system where there is no such program', async () => {
    const place = temporaryFolder('sandbox-')
    const command = { file: join(folder, 'missing'), words: [], environment: {} }
    await expect(start(command, place)).rejects.toThrow('ENOENT')
    expect(readdirSync(place)).toEqual([])
  })
})

describe('the thread that starts sandboxes', () => {
  it('starts many at once, each with streams of its own', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { child } = await script((command, place) => thread.start(command, place), `echo ${index}; cat`)
        child.input.end(`of ${index}`)
        return await text(child.output)
      }),
    )
    expect(all).toEqual(Array.from({ length: 20 }, (_, index) => `${index}\nof ${index}`))
  })

  it('starts nothing from this thread, which would wait until the system has loaded the program', async () => {
    let startedHere = 0
    const count = (): void => void (startedHere += 1)
    subscribe('child_process', count)
    const { child } = await script((command, place) => thread.start(command, place), 'true')
    expect([await child.ended, startedHere]).toEqual([0, 0])
    const { child: here } = await script(startHere, 'true')
    unsubscribe('child_process', count)
    expect([await here.ended, startedHere]).toEqual([0, 1])
  })

  it('counts what it started as ended when it ends, and is there again for the next', async () => {
    await using own = new StartThread()
    const start: StartSandboxProcess = (command, place) => own.start(command, place)
    const { child } = await script(start, 'cat')
    const { child: shell } = await script(start, 'echo $PPID; cat')
    shell.output.once('data', () => {})
    await own[Symbol.asyncDispose]()
    expect(await child.ended).toBeNull()
    expect(child.said()).toBe('The thread that starts sandboxes ended with status 1\n')
    const { child: next } = await script(start, 'echo again')
    expect(await text(next.output)).toBe('again\n')
    shell.input.end()
    expect(await shell.ended).toBeNull()
    // What it started goes on until its input ends.
    child.input.destroy()
  })

  it('says why it ended to whoever waits for a start', async () => {
    const program = join(temporaryFolder('start-thread-'), 'broken.mjs')
    writeFileSync(program, `setImmediate(() => { throw new Error('no memory is left') })`)
    await using broken = new StartThread(program)
    const start: StartSandboxProcess = (command, place) => broken.start(command, place)
    await expect(script(start, 'cat')).rejects.toThrow('The thread that starts sandboxes ended: no memory is left')
  })

  it('refuses a folder whose sockets would have names that are too long', async () => {
    const place = join(folder, 'x'.repeat(120))
    await expect(thread.start({ file: '/bin/true', words: [], environment: {} }, place)).rejects.toThrow(
      /EINVAL|ENAMETOOLONG|ENOENT/,
    )
  })
})
