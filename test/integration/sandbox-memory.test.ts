import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OperableSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { createTestRunscEngine } from '../support/sandbox/runsc-sandbox.ts'

const never = new AbortController().signal

let engine: OperableSandboxEngine
let [one, other]: Sandbox[] = []

async function run(sandbox: Sandbox | undefined, code: string): Promise<string> {
  const result = await sandbox?.run(unvetted(code), {}, never)
  if (result?.outcome !== 'ok') throw new Error(`${result?.outcome}: ${result?.error?.traceback ?? result?.notice}`)
  return result.stdout.text
}

const claim = () => engine.claim({ tenant: 'memory', language: 'python' }, never)

/** `first` is the address of a mapping of the shared file, `path` its name. */
const shared = `
import ctypes
mappings = [line.split() for line in open('/proc/self/maps') if '/opt/sallyport/memory/' in line]
path = mappings[0][-1]
first = int(mappings[len(mappings) // 2][0].split('-')[0], 16)
`

beforeAll(async () => {
  engine = createTestRunscEngine()
  ;[one, other] = await Promise.all([claim(), claim()])
})
afterAll(async () => {
  await one?.[Symbol.asyncDispose]()
  await other?.[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
})

describe('what sandboxes of one checkpoint have in the memory of the host once', () => {
  it('is most of what their workers hold', async () => {
    const bytes = `${shared}
print(sum(int(b, 16) - int(a, 16) for a, b in (m[0].split('-') for m in mappings)) >> 20)`
    for (const sandbox of [one, other]) expect(Number(await run(sandbox, bytes))).toBeGreaterThan(40)
  })

  it('is written to by one without the other seeing it, and not in the file', async () => {
    const look = `${shared}
file = open(path, 'rb')
file.seek(int(mappings[len(mappings) // 2][2], 16))
print(ctypes.string_at(first, 64).hex(), file.read(64).hex())`
    const before = await run(one, look)
    expect(before.split(' ')[0]).toBe(before.split(' ')[1]?.trim())
    const change = `${shared}
kept = ctypes.string_at(first, 64)
ctypes.memset(first, 0x5a, 64)
found = ctypes.string_at(first, 64)
ctypes.memmove(first, kept, 64)
print(found == b'\\x5a' * 64)`
    const left = `${shared}
tail = int(mappings[len(mappings) // 2][0].split('-')[1], 16) - 1
ctypes.memset(tail, 0x5a, 1)`
    expect(await run(one, change)).toBe('True\n')
    expect([await run(one, look), await run(other, look)]).toEqual([before, before])
    const tail = `${shared}
print(ctypes.string_at(int(mappings[len(mappings) // 2][0].split('-')[1], 16) - 1, 1).hex())`
    const untouched = await run(other, tail)
    await run(one, left)
    expect(await run(other, tail)).toBe(untouched)
  })

  it.each(['r+b', 'wb', 'ab'])('is no file that can be opened with mode %s', async (mode) => {
    const code = `${shared}
try:
    open(path, '${mode}')
except OSError as error:
    print(error.strerror)`
    expect(await run(one, code)).toMatch(/Read-only file system|Permission denied/)
  })

  it('leaves each its own randomness', async () => {
    const draw = 'import random, numpy, uuid\nprint(random.random(), numpy.random.random(), uuid.uuid4())'
    expect(await run(one, draw)).not.toBe(await run(other, draw))
  })

  it('leaves no trace of the exercises in the session: no name, no file, and the first cell is called so', async () => {
    await using fresh = await claim()
    const code = `import os, sys, warnings
print(sorted(name for name in globals() if not name.startswith('__')), os.listdir('/mnt/data'), sys._getframe().f_code.co_filename)`
    expect(await run(fresh, code)).toBe("['display', 'os', 'sys', 'warnings'] [] <cell 1>\n")
  })

  it('holds objects that nobody counts, and those made later are counted and freed', async () => {
    const code = `
import gc, sys, weakref, pandas
class Own: pass
own = Own()
gone = weakref.ref(own)
print(sys.getrefcount(pandas) > 2**31, sys.getrefcount(own) < 10, end=' ')
del own
cycle = Own()
cycle.me = cycle
second = weakref.ref(cycle)
del cycle
gc.collect()
print(gone() is None, second() is None)`
    expect(await run(one, code)).toBe('True True True True\n')
  })
})
