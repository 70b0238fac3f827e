import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HarnessRun, SupervisorHarness } from '../support/sandbox/supervisor-harness.ts'

let supervisor: SupervisorHarness
beforeAll(async () => {
  supervisor = await SupervisorHarness.start({
    languages: ['python', 'javascript', 'shell'],
    openFiles: 40,
    limits: { open_files: 40, discard_bytes: 4 * 2 ** 20 },
  })
})
afterAll(async () => {
  await supervisor[Symbol.asyncDispose]()
})

const javascript = (code: string, hooks = {}): Promise<HarnessRun> =>
  supervisor.run(code, { language: 'javascript', ...hooks })

describe('forty open files', () => {
  it('are enough for a worker of each language', async () => {
    expect((await supervisor.run('1 + 1')).items).toEqual([{ text: '2' }])
    expect((await javascript('1 + 1')).items).toMatchObject([{ text: '2' }])
    expect((await supervisor.run('echo 2', { language: 'shell' })).stdout).toBe('2\n')
  })
})

const keeperThat = (does: string): string => `
import array, json, os, socket, struct, sys, time
sys.path.insert(0, '/opt/sallyport/supervisor')
import wire
link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
link.connect('/run/sallyport/keeper.sock')
who = struct.pack('3i', os.getpid(), os.getuid(), os.getgid())
link.sendmsg([wire.HERE], [(socket.SOL_SOCKET, 2, who)])
link.recv(4096)
def say(message, *descriptors):
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', descriptors))] if descriptors else []
    link.sendmsg([wire.pack(wire.CONTROL, wire.encode(message))], rights)
def ends():
    near, far = socket.socketpair()
    return os.pipe()[0], os.pipe()[0], near.detach(), os.memfd_create('witness'), far
${does}
time.sleep(60)
`

describe('a worker that is gone while it starts', () => {
  it.each([
    [
      'before it was looked at',
      "*own, far = ends()\nsay({'type': 'spawned', 'language': 'python', 'pid': 999999}, *own)",
    ],
    [
      'before its limits are set',
      `*own, far = ends()
child = os.fork()
if child == 0:
    time.sleep(60)
say({'type': 'spawned', 'language': 'python', 'pid': child}, *own)
time.sleep(.5)
os.kill(child, 9)
os.waitpid(child, 0)
far.sendall(wire.pack(wire.CONTROL, wire.encode({'type': 'ready', 'version': '3', 'preimported': []})))`,
    ],
  ])('%s is said to be, by a supervisor that lives to say it', async (_, does) => {
    await expect(SupervisorHarness.start({ keeper: keeperThat(does) })).rejects.toThrow(
      'the python worker did not start: it ended while it started',
    )
  })
})

describe('a keeper that was started before the supervisor', () => {
  it('waits for a door that is not there, then may not be opened, then has nobody behind it', async () => {
    const { stdout, done } = await supervisor.run(`
import os, socket, sys, threading, time
sys.path.insert(0, '/opt/sallyport/supervisor')
import keeper
door = socket.socket(socket.AF_UNIX)
def open_door():
    time.sleep(.1)
    before = os.umask(0o777)
    door.bind('/tmp/door')
    os.umask(before)
    os.chmod('/tmp/door', 0)
    time.sleep(.1)
    os.chmod('/tmp/door', 0o666)
    time.sleep(.1)
    door.listen(1)
threading.Thread(target=open_door).start()
keeper._enter('/tmp/door').send(b'here')
print(door.accept()[0].recv(4))`)
    expect([done.error, stdout]).toEqual([null, "b'here'\n"])
  })
})

describe('a failed allocation', () => {
  it('is evidence of memory although C code gave it a text', async () => {
    const code =
      'import zlib\nc = zlib.compressobj(1)\nbomb = b"".join(c.compress(bytes(2**24)) for _ in range(48)) + c.flush()\nzlib.decompress(bomb)'
    const { done } = await supervisor.run(code)
    expect([done.error?.name, done.evidence, done.worker_alive]).toEqual(['MemoryError', 'memory', true])
    expect(done.error?.value).not.toBe('')
  })

  it('is not what a source too deep for the parser means', async () => {
    const { done } = await supervisor.run(`eval(${JSON.stringify('-'.repeat(100_000) + '1')})`)
    expect([done.reason, done.evidence, done.worker_alive]).toEqual(['raised', null, true])
  })
})

describe('a forked child that runs on to the end of the cell', () => {
  it('ends as a program does, and says nothing of the worker', async () => {
    const code = 'import os\nchild = os.fork()\nif child: print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))'
    const { stdout, stderr } = await supervisor.run(code)
    expect(stdout).toBe('0\n')
    expect(stderr).not.toMatch(/sallyport|Traceback/)
  })

  it.each([
    ['an error', '1 / 0', 1, 'ZeroDivisionError'],
    ['sys.exit(7)', 'import sys; sys.exit(7)', 7, ''],
  ])('by %s has its status', async (_, does, status, said) => {
    const code = `import os\nchild = os.fork()\nif child == 0:\n  ${does}\nos.waitstatus_to_exitcode(os.waitpid(child, 0)[1])`
    const { items, stderr } = await supervisor.run(code)
    expect(items).toEqual([{ text: String(status) }])
    expect(stderr).toContain(said)
    expect(stderr).not.toContain('sallyport')
  })
})

describe('an exception', () => {
  it('at the end of a hundred thousand causes is shown without them', async () => {
    const code = [
      'error = None',
      'for number in range(100_000):',
      '  new = ValueError(number); new.__cause__ = error; error = new',
      'raise error',
    ]
    const { done } = await supervisor.run(code.join('\n'))
    expect([done.reason, done.error?.value, done.worker_alive]).toEqual(['raised', '99999', true])
    expect(done.error?.traceback).toMatch(/^\(earlier causes are left out\)/)
    expect(done.error?.traceback).toContain('ValueError: 99980')
    expect(done.error?.traceback).not.toContain('ValueError: 99979')
    expect((await supervisor.run('error.__cause__.args[0], new.__suppress_context__')).items).toEqual([
      { text: '(99998, True)' },
    ])
  })

  it('whose text takes for ever is interrupted', async () => {
    const code = 'class Slow(Exception):\n  def __str__(self):\n    while True: pass\nraise Slow'
    const { done } = await supervisor.run(code, { interruptAfter: 500 })
    expect([done.reason, done.worker_alive]).toEqual(['interrupted', true])
  })

  it('whose text ends the program ends only the cell', async () => {
    const { done } = await supervisor.run('class Exit(Exception):\n  def __str__(self): raise SystemExit\nraise Exit')
    expect([done.reason, done.worker_alive]).toEqual(['raised', true])
  })
})

describe('an interrupt right behind its cell', () => {
  it.each([
    ['python', 'while True: pass'],
    ['javascript', 'while (true) {}'],
    ['shell', 'sleep 1000'],
  ] as const)('ends it in %s, and the next is whole', async (language, code) => {
    for (let round = 0; round < 8; round += 1) {
      const { done } = await supervisor.run(code, { language, interruptAfter: 0 })
      expect([done.reason, done.worker_alive]).toEqual(['interrupted', true])
      expect((await supervisor.run('1', { language: 'python' })).done.reason).toBe('completed')
    }
  })
})

describe('JavaScript', () => {
  it('that fills the disk fails with evidence of it', async () => {
    const code =
      "const fs = require('fs'); for (let i = 0; ; i++) fs.writeFileSync('/mnt/data/' + i, Buffer.alloc(8 << 20))"
    const { done } = await javascript(code)
    expect([done.reason, done.evidence, done.worker_alive]).toEqual(['raised', 'disk', true])
    await javascript("for (const name of fs.readdirSync('.')) fs.unlinkSync(name)")
  })

  it('that waits for a write to a full disk fails with evidence of it', async () => {
    const code = "await require('fs/promises').writeFile('/mnt/data/big', Buffer.alloc(120 << 20))"
    expect((await javascript(code)).done.evidence).toBe('disk')
    await javascript("require('fs').unlinkSync('/mnt/data/big')")
  })

  it('that makes a file too large fails with evidence of it', async () => {
    expect(
      (await javascript("require('fs').writeFileSync('/mnt/data/x', ''); fs.truncateSync('/mnt/data/x', 2 ** 40)")).done
        .evidence,
    ).toBe('file-size')
  })

  it('cannot feign that by throwing what looks like it', async () => {
    const own = "throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', errno: -28, syscall: 'write' })"
    expect((await javascript(own)).done.evidence).toBeNull()
    const forged = own.replace("syscall: 'write'", "syscall: 'write', stack: 'Error: ENOSPC'")
    expect((await javascript(forged)).done.evidence).toBeNull()
  })

  it('that starts more processes than allowed fails with evidence of it', async () => {
    const code =
      "const { spawn } = require('child_process'); for (let i = 0; i < 100; i++) spawn('sleep', ['100'], { stdio: 'ignore' })"
    const { done } = await javascript(code)
    expect([done.reason, done.evidence]).toEqual(['raised', 'processes'])
  })

  const hostile = "new Proxy({}, { get() { throw new Error('trap') }, getPrototypeOf() { throw new Error('trap') } })"
  it.each([
    ['throws', `throw ${hostile}`],
    ['rejects with', `await Promise.reject(${hostile})`],
    ['throws from an inspection', `({ [Symbol.for('nodejs.util.inspect.custom')]() { throw ${hostile} } })`],
    ['throws later', `setTimeout(() => { throw ${hostile} })`],
    ['ends with', hostile],
    ['throws an error with', `throw Object.defineProperty(new Error('x'), 'code', { get() { throw ${hostile} } })`],
  ])('that %s a proxy whose traps throw ends, and the next cell runs', async (_, code) => {
    const { done } = await javascript(code)
    expect(done.worker_alive).toBe(true)
    expect(['raised', 'completed']).toContain(done.reason)
    expect((await javascript('1 + 1')).items).toMatchObject([{ text: '2' }])
  })

  it('that never stops writing passes the cap at once and is interrupted', async () => {
    const run = await javascript("for (;;) console.log('y'.repeat(1000))", { interruptAfter: 6000 })
    expect([run.done.reason, run.exceeded]).toEqual(['interrupted', ['output']])
  })
})
