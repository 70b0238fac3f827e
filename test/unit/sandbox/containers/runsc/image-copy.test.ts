import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyImage } from '../../../../../src/sandbox/containers/runsc/image-copy.ts'

const never = new AbortController().signal
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-copy-'))
  const from = join(folder, 'from')
  mkdirSync(join(from, 'usr/bin'), { recursive: true })
  writeFileSync(join(from, 'usr/bin/python'), 'program')
  chmodSync(join(from, 'usr/bin/python'), 0o755)
  utimesSync(join(from, 'usr/bin/python'), 1_000_000, 1_000_000)
  symlinkSync('usr/bin', join(from, 'bin'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a copy of the image', () => {
  it('has the same files under other inodes, with their modes, times and links', async () => {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')]
    await copyImage(from, to, never)
    const [original, copied] = [from, to].map((root) => statSync(join(root, 'usr/bin/python')))
    expect(readFileSync(join(to, 'usr/bin/python'), 'utf8')).toBe('program')
    expect(copied?.ino).not.toBe(original?.ino)
    // Python takes a compiled file for stale where the time of its source differs.
    expect([copied?.mode, copied?.mtimeMs]).toEqual([original?.mode, 1_000_000_000])
    expect(lstatSync(join(to, 'bin')).isSymbolicLink()).toBe(true)
  })

  it('that cannot be made is a fault that says why', async () => {
    await expect(copyImage(join(folder, 'missing'), join(folder, 'other'), never)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringMatching(/^A sandbox got no copy of the image's files: .*missing.*No such file/),
      advice: 'Make room on the disk of the state folder, or set sandbox.sharing to read-only.',
    })
  })

  it('is given up with the reason of whoever gave up', async () => {
    const stop = new AbortController()
    const copying = copyImage('/usr', join(folder, 'large'), stop.signal)
    stop.abort(new Error('changed my mind'))
    await expect(copying).rejects.toThrow('changed my mind')
    rmSync(join(folder, 'large'), { recursive: true, force: true })
    expect(existsSync(join(folder, 'large'))).toBe(false)
  })
})
