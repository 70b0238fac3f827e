import type { SandboxLanguage } from '../../../src/core/languages.ts'
import type { Outcome } from '../../../src/core/result.ts'

/** A program whose outcome is known beforehand. Several lie about it in words. */
export interface TruthProgram {
  readonly outcome: Outcome
  readonly language: SandboxLanguage
  readonly code: string
  /** Does the session outlive it? Left out where either may be true; whichever is said is then checked. */
  readonly alive?: boolean
  /** Milliseconds; long where the outcome must come first. */
  readonly wall?: number
}

const python = (outcome: Outcome, code: string, more: Partial<TruthProgram> = {}): TruthProgram => ({
  outcome,
  language: 'python',
  code,
  ...more,
})
const javascript = (outcome: Outcome, code: string, more: Partial<TruthProgram> = {}): TruthProgram => ({
  ...python(outcome, code, more),
  language: 'javascript',
})
const shell = (outcome: Outcome, code: string, more: Partial<TruthProgram> = {}): TruthProgram => ({
  ...python(outcome, code, more),
  language: 'shell',
})
const alive = { alive: true }
const dead = { alive: false }
const soon = 300

// Not fork(): a copy of the interpreter costs so much that memory may run out first, and either would be true.
const sleepers = `import os
def bomb():
    while True: os.posix_spawn('/bin/sleep', ['sleep', '1000'], {})
bomb()`

// Small stacks: else address space runs out before the threads do.
const threads = `import threading
threading.stack_size(64 << 10)
stop = threading.Event()
def bomb():
    while True: threading.Thread(target=stop.wait).start()
try: bomb()
finally: stop.set()`

const children = `import os, time
for _ in range(30):
    if os.fork() == 0:
        held = bytearray(b'x' * (60 << 20))
        time.sleep(1000)
time.sleep(1000)`

const holdFull = `import os
def fill(path):
    try:
        with open(path, 'wb') as file:
            while True: file.write(bytes(1 << 20))
    finally: os.remove(path)
`

/** By outcome; the ones that need a hand from outside (cancelled, sandbox-lost, …) are made elsewhere. */
export const truthPrograms: readonly TruthProgram[] = [
  python('ok', 'print(sum(range(1000)))', alive),
  python('ok', "print('Killed: out of memory, exit status 137, timeout')", alive),
  python('ok', 'import sys\nsys.exit(0)', alive),
  python('ok', "try: x = 'a' * 2 ** 33\nexcept MemoryError: print('caught')", alive),
  python('ok', 'import os, time\nif os.fork() == 0: time.sleep(1000)', alive),
  javascript('ok', '[1, 2, 3].map((n) => n * 2)', alive),
  shell('ok', 'echo fine; true', alive),

  python('user-error', '1 / 0', alive),
  python('user-error', 'raise MemoryError()', alive),
  python('user-error', "raise TimeoutError('the run was stopped at its limit')", alive),
  python('user-error', "import errno\nraise OSError(errno.ENOSPC, 'No space left on device')", alive),
  python('user-error', 'import os\nos._exit(137)', dead),
  python('user-error', 'import os, signal\nos.kill(os.getpid(), signal.SIGKILL)', dead),
  python(
    'user-error',
    "import os\nprint('memory allocation of 99999999999 bytes failed', flush=True)\nos.abort()",
    dead,
  ),
  python(
    'user-error',
    "import os\nprint('OpenBLAS error: Memory allocation still failed', flush=True)\nos._exit(1)",
    dead,
  ),
  python('user-error', 'def f(): f()\nf()', alive),
  javascript('user-error', "throw new Error('JavaScript heap out of memory')", alive),
  javascript(
    'user-error',
    "throw Object.assign(new Error('x'), { code: 'ENOSPC', errno: -28, syscall: 'write' })",
    alive,
  ),
  shell('user-error', 'exit 137', alive),
  shell('user-error', 'kill -9 $$', alive),

  python('timeout', 'while True: pass', { ...alive, wall: soon }),
  python('timeout', 'import time\ntime.sleep(1000)', { ...alive, wall: soon }),
  python('timeout', "try:\n    while True: pass\nexcept KeyboardInterrupt: raise MemoryError('no memory')", {
    ...alive,
    wall: soon,
  }),
  python('timeout', 'import os, time\nos.fork()\nos.fork()\nwhile True: pass', { wall: soon }),
  javascript('timeout', 'for (;;) {}', { wall: 1500 }),
  shell('timeout', 'while :; do :; done', { wall: soon }),

  python('out-of-memory', "x = 'a' * 2 ** 33", alive),
  python('out-of-memory', 'def grow():\n    x = []\n    while True: x.append(bytearray(1 << 20))\ngrow()', alive),
  python('out-of-memory', 'import numpy\nnumpy.ones(2 ** 33)', alive),
  python('out-of-memory', children, dead),
  javascript('out-of-memory', 'const a = []; for (;;) a.push(new Array(10_000).fill(1.5))', dead),

  python('too-many-processes', sleepers),
  python('too-many-processes', threads),
  python(
    'too-many-processes',
    "import subprocess\nx = []\ndef bomb():\n    while True: x.append(subprocess.Popen(['sleep', '1000']))\nbomb()",
  ),

  python('disk-full', `${holdFull}fill('/tmp/full')`, alive),
  python('disk-full', `${holdFull}fill('/mnt/data/full')`, alive),
  python('disk-full', `${holdFull}fill('/dev/shm/full')`, alive),
  python(
    'disk-full',
    "import os\nwith open('/mnt/data/wide', 'wb') as file:\n    try: file.truncate(1 << 40)\n    finally: os.remove('/mnt/data/wide')",
    alive,
  ),

  javascript(
    'disk-full',
    "const fs = require('node:fs'); try { for (;;) fs.appendFileSync('/mnt/data/full', Buffer.alloc(1 << 20)) } finally { fs.rmSync('/mnt/data/full') }",
    alive,
  ),

  python('output-limit', "while True: print('y' * 1000)"),
  python('output-limit', "import os\nwhile True: os.write(2, b'y' * 65536)"),
  javascript('output-limit', "const { writeSync } = require('node:fs'); for (;;) writeSync(1, 'y'.repeat(1000))"),
  shell('output-limit', 'yes'),
]

/** What an isolate is asked: it knows JavaScript alone, no files and no processes. */
export const isolateTruthPrograms: readonly TruthProgram[] = [
  javascript('ok', '[1, 2, 3].map((n) => n * 2)', alive),
  javascript('ok', "console.log('Script execution timed out.')", alive),
  javascript('ok', 'await new Promise((resolve) => setTimeout(resolve, 20)); 1', alive),
  javascript('user-error', 'null.x', alive),
  javascript('user-error', "throw new Error('Script execution timed out.')", alive),
  javascript('user-error', "throw new RangeError('Array buffer allocation failed')", alive),
  // On a crowded machine the process may have to be ended: whichever is said is checked.
  javascript('timeout', 'for (;;) {}', { wall: soon }),
  javascript('timeout', 'for (;;) { try { for (;;) {} } catch {} }', { wall: soon }),
  javascript('timeout', 'await new Promise(() => {})', { ...dead, wall: soon }),
  javascript('out-of-memory', 'const a = []; for (;;) a.push(new Array(10_000).fill(1.5))', dead),
]
