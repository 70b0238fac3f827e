import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { removeCgroups } from '../../../../src/sandbox/containers/remove-cgroups.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

describe('the cgroups of what has ended', () => {
  async function controllersWith(names: readonly string[]): Promise<string[]> {
    const folder = temporaryFolder('sallyport-cgroup-')
    const roots = names.map((name) => join(folder, name))
    await Promise.all(roots.map((root) => mkdir(join(root, 'one'), { recursive: true })))
    return roots
  }

  it('are waited for below one controller before the next is looked at, and are all removed', async () => {
    const roots = await controllersWith(['cpu', 'memory', 'pids'])
    const [first = '', ...others] = roots.map((root) => join(root, 'one'))
    // What the kernel still clears away keeps a cgroup, as a file keeps a folder.
    await writeFile(join(first, 'busy'), '')
    const removal = removeCgroups('one', 60_000, [join(first, '../../absent'), ...roots])
    // Turns enough for whoever does not wait.
    for (let turn = 0; turn < 50; turn += 1) await writeFile(join(first, 'busy'), `${turn}`)
    expect(others.map((folder) => existsSync(folder))).toEqual([true, true])
    await rm(join(first, 'busy'))
    expect(await removal).toEqual([])
    expect([first, ...others].map((folder) => existsSync(folder))).toEqual([false, false, false])
  })

  it('that are still there when the time is over are named, and the others removed', async () => {
    const roots = await controllersWith(['cpu', 'memory'])
    const [stuck = '', other = ''] = roots.map((root) => join(root, 'one'))
    await writeFile(join(stuck, 'busy'), '')
    expect(await removeCgroups('one', 0, roots)).toEqual([stuck])
    expect(existsSync(other)).toBe(false)
  })
})
