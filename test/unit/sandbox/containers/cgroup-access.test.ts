import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canMakeCgroups } from '../../../../src/sandbox/containers/cgroup-access.ts'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-cgroups-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** Asks of a machine whose mounts are these; each point is a folder below the test's own. */
function ask(mounts: readonly (readonly [name: string, type: string, flags: string])[]): Promise<boolean> {
  for (const [name] of mounts) mkdirSync(join(home, name), { recursive: true })
  const lines = mounts.map(([name, type, flags]) => `x ${join(home, name)} ${type} ${flags} 0 0`)
  writeFileSync(join(home, 'mounts'), lines.join('\n'))
  return canMakeCgroups(join(home, 'mounts'))
}

/** The second version, with these controllers on offer. */
function unified(controllers: string): Promise<boolean> {
  mkdirSync(join(home, 'all'))
  writeFileSync(join(home, 'all', 'cgroup.controllers'), `${controllers}\n`)
  return ask([['all', 'cgroup2', 'rw']])
}

const separate = [
  ['memory', 'cgroup', 'rw,memory'],
  ['pids', 'cgroup', 'rw,pids'],
  ['cpu', 'cgroup', 'rw,cpu,cpuacct'],
] as const

describe('cgroups of this process', () => {
  it('can be made where each controller is mounted, in either version', async () => {
    expect(await ask(separate)).toBe(true)
    expect(await unified('cpuset cpu io memory pids')).toBe(true)
  })

  it('cannot where a controller is missing', async () => {
    expect(await ask(separate.slice(1))).toBe(false)
    expect(await unified('cpu memory')).toBe(false)
  })

  it('cannot where none is mounted, or the mounts cannot be read', async () => {
    expect(await ask([['tmp', 'tmpfs', 'rw']])).toBe(false)
    expect(await canMakeCgroups(join(home, 'missing'))).toBe(false)
  })

  it.skipIf(process.getuid?.() === 0)('cannot where this user may not write', async () => {
    const made = ask(separate)
    chmodSync(join(home, 'pids'), 0o555)
    expect(await made).toBe(false)
  })
})
