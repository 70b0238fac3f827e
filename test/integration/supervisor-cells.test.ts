import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SupervisorHarness, supervisorLimits } from '../support/sandbox/supervisor-harness.ts'

let supervisor: SupervisorHarness
beforeAll(async () => {
  supervisor = await SupervisorHarness.start()
})
afterAll(async () => {
  await supervisor[Symbol.asyncDispose]()
})

/** Makes a new worker where the last cell cost the old one. */
async function revive(): Promise<void> {
  expect((await supervisor.ask({ type: 'start', language: 'python' }, 'started')).type).toBe('started')
}

describe('a cell of Python', () => {
  it('keeps its variables for the next and shows the value of its last expression', async () => {
    const first = await supervisor.run('x = 40\nprint("hi")\nx + 1')
    expect(first.stdout).toBe('hi\n')
    expect(first.items).toEqual([{ text: '41' }])
    expect((await supervisor.run('x + 2')).items).toEqual([{ text: '42' }])
  })

  it.each([
    ['a semicolon', '5;'],
    ['None', 'None'],
    ['nothing at all', ''],
    ['a statement', 'y = 5'],
  ])('shows nothing for %s', async (_, code) => {
    expect((await supervisor.run(code)).items).toEqual([])
  })

  it('awaits at the top level, in one event loop for the session', async () => {
    const run = await supervisor.run('import asyncio\nawait asyncio.sleep(0.01, result=7)')
    expect(run.items).toEqual([{ text: '7' }])
  })

  it('shows an error with the lines of the cell and none of the worker', async () => {
    const { done } = await supervisor.run('def f(n):\n    return 1 / n\n\nf(0)')
    expect(done.reason).toBe('raised')
    expect(done.error?.name).toBe('ZeroDivisionError')
    expect(done.error?.traceback).toContain('return 1 / n')
    expect(done.error?.traceback).not.toContain('sallyport')
  })

  it('ends well with sys.exit(0) and as an error with sys.exit(3)', async () => {
    expect((await supervisor.run('import sys; sys.exit()')).done.reason).toBe('completed')
    const { done } = await supervisor.run('sys.exit(3)')
    expect([done.reason, done.error?.name, done.error?.value]).toEqual(['raised', 'SystemExit', '3'])
  })

  it('finds no input', async () => {
    expect((await supervisor.run('input()')).done.error?.name).toBe('EOFError')
  })

  it('waits for its threads as a program does, and counts those it cannot wait for', async () => {
    const code = 'import threading, time\nthreading.Thread(target=lambda: (time.sleep(.2), print("late"))).start()'
    expect((await supervisor.run(code)).stdout).toBe('late\n')
    const daemon = await supervisor.run('threading.Thread(target=time.sleep, args=(1,), daemon=True).start()')
    expect([daemon.done.reason, daemon.done.threads_left]).toEqual(['completed', 1])
  })

  it.each([
    [
      'an executor',
      'from concurrent.futures import ProcessPoolExecutor as P; pool = P(2); pool.submit(pow, 2, 3).result()',
    ],
    ['a pool', 'from multiprocessing import Pool; pool = Pool(2); pool.map(abs, [-8])[0]'],
    ['joblib', 'from joblib import Parallel, delayed; Parallel(n_jobs=2)(delayed(pow)(2, 3) for _ in range(2))[0]'],
  ])('ends at its last line where %s of processes is left open, and keeps its session', async (_, code) => {
    const { done, items } = await supervisor.run(code)
    expect([done.reason, done.error, done.worker_alive, done.processes_left]).toEqual(['completed', null, true, 0])
    expect(items).toEqual([{ text: '8' }])
  })

  it('tells of a failure where a pool of processes is left open, and of a pool that was closed', async () => {
    const failed = await supervisor.run('from multiprocessing import Pool; pool = Pool(2); 1 / 0')
    expect([failed.done.error?.name, failed.done.worker_alive]).toEqual(['ZeroDivisionError', true])
    expect((await supervisor.run('pool.map(abs, [1])')).done.error?.value).toBe('Pool not running')
  })

  it('waits for its processes as a program does', async () => {
    const code = 'import multiprocessing, time\ndef late(): time.sleep(.2); print("late", flush=True)\n'
    const { stdout, done } = await supervisor.run(`${code}multiprocessing.Process(target=late).start()`)
    expect([stdout, done.processes_found]).toEqual(['late\n', 0])
  })

  it('takes a byte order mark for none of the code, and nothing but zero for success', async () => {
    expect((await supervisor.run('\u{FEFF}print(1)')).stdout).toBe('1\n')
    expect((await supervisor.run('raise SystemExit(0.0)')).done.error?.value).toBe('0.0')
    expect((await supervisor.run('raise SystemExit(False)')).done.error).toBeNull()
  })
})

describe('output', () => {
  it('arrives with invalid UTF-8 replaced and control characters as they came', async () => {
    const { stdout } = await supervisor.run('import os; os.write(1, b"a\\xff\\x1b[31m\\xe2\\x82");')
    expect(stdout).toBe('a\u{FFFD}\u{1B}[31m\u{FFFD}')
  })

  it('line by line in the tens of thousands arrives whole and in order', async () => {
    const code = 'import os\nfor n in range(40_000): print(n)\nos.write(2, b"beside"); print("end")'
    const { stdout, stderr, done } = await supervisor.run(code)
    expect(stdout).toBe(`${Array.from({ length: 40_000 }, (_, index) => index).join('\n')}\nend\n`)
    expect([stderr, done.truncated]).toEqual(['beside', []])
  })

  it('is cut at its cap, counted in full, and reported when it does not stop', async () => {
    const run = await supervisor.run('import sys\nfor _ in range(100): sys.stdout.write("x" * 10**6);')
    expect(run.stdout).toHaveLength(2 ** 20)
    expect(run.done.output_bytes.stdout).toBe(10 ** 8)
    expect(run.done.truncated).toEqual(['stdout'])
    expect(run.exceeded).toEqual(['output'])
  })

  it('of 70,000 characters outside the basic plane passes the host as text', async () => {
    const { stdout, done } = await supervisor.run('print("\\U0001F600" * 70_000, end="")')
    expect(done.reason).toBe('completed')
    expect(stdout).toBe('\u{1F600}'.repeat(70_000))
  })
})

describe('an interrupt', () => {
  it.each([
    ['a loop', 'while True: pass'],
    ['a sleep', 'import time; time.sleep(100)'],
    ['a regular expression that backtracks', 'import re; re.match(r"(a+)+$", "a" * 40 + "b")'],
    ['a repr that loops', 'class A:\n  def __repr__(self):\n    while True: pass\nA()'],
    ['an await', 'import asyncio\nawait asyncio.sleep(100)'],
  ])('ends %s and keeps the variables', async (_, code) => {
    await supervisor.run('kept = 1')
    const { done } = await supervisor.run(code, { interruptAfter: 200 })
    expect([done.reason, done.worker_alive]).toEqual(['interrupted', true])
    expect((await supervisor.run('kept')).items).toEqual([{ text: '1' }])
  })

  it('wakes a worker that stopped itself', async () => {
    const { done } = await supervisor.run('import os, signal; os.kill(os.getpid(), signal.SIGSTOP)', {
      interruptAfter: 200,
    })
    expect(done.worker_alive).toBe(true)
  })

  it('is what it takes to be called interrupted: raising KeyboardInterrupt is an error of the code', async () => {
    expect((await supervisor.run('raise KeyboardInterrupt')).done.reason).toBe('raised')
  })

  it('that is caught again and again is followed by a kill, which says how the worker ended', async () => {
    const code = 'while True:\n  try:\n    while True: pass\n  except BaseException: continue'
    const { done } = await supervisor.run(code, { interruptAfter: 100, killAfter: 400 })
    expect([done.reason, done.worker_alive, done.status]).toEqual(['worker-died', false, { signaled: 9 }])
    await revive()
  })
})

describe('a worker that dies', () => {
  it.each([
    ['os._exit(5)', 'import os; os._exit(5)', { exited: 5 }],
    ['a segmentation fault', 'import ctypes; ctypes.string_at(0)', { signaled: 11 }],
    ['SIGKILL to itself', 'import os; os.kill(os.getpid(), 9)', { signaled: 9 }],
  ])('by %s is reported with its wait status, and the next run gets a new one', async (_, code, status) => {
    const { done } = await supervisor.run(code)
    expect([done.reason, done.worker_alive, done.status]).toEqual(['worker-died', false, status])
    await expect(supervisor.run('1')).rejects.toThrow('no-worker')
    await revive()
    expect((await supervisor.run('1 + 1')).items).toEqual([{ text: '2' }])
  })

  it('by writing nonsense to its channel costs only itself', async () => {
    const { done } = await supervisor.run('import os; os.write(3, b"nonsense" * 100); import time; time.sleep(60)')
    expect([done.reason, done.worker_alive]).toEqual(['worker-died', false])
    await revive()
  })
})

describe('limits inside', () => {
  it.each([
    ['one allocation', 'x = "a" * 2**33'],
    ['numpy', 'import numpy; numpy.ones(2**31)'],
    ['growth', 'kept = []\nwhile True: kept.append(bytearray(10**6))'],
    ['mmap', 'kept = None; import mmap; mmap.mmap(-1, 2**31)'],
  ])('make %s fail with evidence of memory, and the session lives on', async (_, code) => {
    const { done } = await supervisor.run(code)
    expect([done.reason, done.evidence, done.worker_alive]).toEqual(['raised', 'memory', true])
  })

  it('cannot be feigned by raising MemoryError or ENOSPC', async () => {
    expect((await supervisor.run('raise MemoryError')).done.evidence).toBeNull()
    expect((await supervisor.run('import errno; raise OSError(errno.ENOSPC, "full")')).done.evidence).toBeNull()
  })

  it('stop a thread bomb, with the number of tasks as the supervisor saw it', async () => {
    const code = 'import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(1,)).start()'
    const { done } = await supervisor.run(code)
    expect([done.reason, done.evidence]).toEqual(['raised', 'processes'])
    expect(done.measured.peak_tasks).toBeGreaterThan(32)
    await supervisor.run('for t in threading.enumerate():\n  if t is not threading.main_thread(): t.join()')
  })

  it('stop a write to a full disk', async () => {
    const { done } = await supervisor.run('f = open("/tmp/big", "wb")\nfor _ in range(100): f.write(b"x" * 10**6)')
    expect([done.reason, done.evidence, done.measured.minimum_disk_free_bytes]).toEqual(['raised', 'disk', 0])
    await supervisor.run('import os; f = None; os.unlink("/tmp/big")')
  })

  it('refuse a sparse file of a terabyte', async () => {
    const { done } = await supervisor.run('open("/mnt/data/sparse", "wb").truncate(10**12)')
    expect(done.evidence).toBe('file-size')
  })

  it('cannot be raised again by the code', async () => {
    const { done } = await supervisor.run('import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))')
    expect(done.error?.value).toContain('not allowed to raise')
  })
})

describe('what a cell leaves behind', () => {
  it.each([
    ['a child', 'import os, time\nif os.fork() == 0: time.sleep(1000)'],
    [
      'a daemon',
      'import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(1000)\n  os._exit(0)\nos.wait();',
    ],
    ['a program', 'import subprocess; subprocess.Popen(["sleep", "1000"]);'],
  ])('is ended: %s', async (_, code) => {
    const { done } = await supervisor.run(code)
    expect([done.reason, done.processes_found, done.processes_left, done.worker_alive]).toEqual([
      'completed',
      1,
      0,
      true,
    ])
    expect((await supervisor.run('1')).done.processes_found).toBe(0)
  })
})

describe('the supervisor', () => {
  it.each([
    ['killed', 'import os; os.kill(1, 9)'],
    [
      'traced',
      'import ctypes\nc = ctypes.CDLL(None, use_errno=True)\nif c.ptrace(16, 1, 0, 0) == -1: raise PermissionError',
    ],
    ['read', 'open("/proc/1/mem", "rb")'],
    ['looked into', 'import os; os.listdir("/proc/1/fd")'],
  ])('cannot be %s by user code', async (_, code) => {
    expect((await supervisor.run(code)).done.error?.name).toBe('PermissionError')
  })

  it('refuses a second run, an unknown language and code of the wrong type', async () => {
    const running = supervisor.run('import time; time.sleep(.5)')
    expect(await supervisor.ask({ type: 'run', language: 'python', code: '1' })).toMatchObject({ code: 'busy' })
    expect((await running).done.reason).toBe('completed')
    expect(await supervisor.ask({ type: 'run', language: 'ruby', code: '1' })).toMatchObject({ code: 'bad-request' })
    expect(await supervisor.ask({ type: 'run', language: 'python', code: 5 })).toMatchObject({ code: 'bad-request' })
  })

  it('runs nothing before limits were given, as in a template', async () => {
    await using template = await SupervisorHarness.start({ limits: null })
    expect(await template.ask({ type: 'run', language: 'python', code: '1' })).toMatchObject({ code: 'not-ready' })
    const { workers } = await template.hello([], supervisorLimits)
    expect(workers[0]?.limits).toMatchObject({ processes: 64, open_files: 256, core_bytes: 0 })
    expect((await template.run('1')).items).toEqual([{ text: '1' }])
  })

  it('takes a new nonce and mixes new seeds into what was seeded', async () => {
    const draw = 'print(random.random(), numpy.random.random())'
    const { stdout } = await supervisor.run(`import random, numpy\nrandom.seed(1); numpy.random.seed(1)\n${draw}`)
    await supervisor.run('random.seed(1); numpy.random.seed(1)')
    await supervisor.hello([], supervisorLimits)
    expect((await supervisor.run(draw)).stdout).not.toBe(stdout)
  })

  it.each([
    ['a frame of an unknown kind', Buffer.from([0, 0, 0, 18, ...Buffer.alloc(16), 7, 0])],
    ['a frame too large', Buffer.from([255, 255, 255, 255])],
    ['a foreign nonce', Buffer.from([0, 0, 0, 19, ...Buffer.alloc(16, 9), 0, 123, 125])],
  ])('ends at %s from the host, and the sandbox with it', async (_, bytes) => {
    await using broken = await SupervisorHarness.start({ languages: [] })
    broken.write(bytes)
    expect(await broken.exited).toBe(70)
  })

  it('ends when the host goes away', async () => {
    await using left = await SupervisorHarness.start({ languages: ['shell'] })
    left.hangUp()
    expect(await left.exited).toBe(0)
  })
})
