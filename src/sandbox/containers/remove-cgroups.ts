import { readdir, readFile, rmdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { killCgroup, looks, pauseAfter, readNow } from './cgroup.ts'

function cgroupRoots(): readonly string[] {
  return (readNow('/proc/self/mounts') ?? '')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type = '']) => type === 'cgroup' || type === 'cgroup2')
    .map(([, point = '']) => point)
}

/**
 * Ends what runs in the cgroups at `path` below every controller's root and removes them. Returns those that are still
 * there after `milliseconds`; what was not there is fine. A process leaves all its cgroups at once, so that those of one
 * controller are waited for before the next is looked at.
 */
export async function removeCgroups(
  path: string,
  milliseconds: number,
  roots: readonly string[] = cgroupRoots(),
): Promise<readonly string[]> {
  const deadline = performance.now() + milliseconds
  const left: string[] = []
  for (const root of roots) {
    if (!(await removeCgroup(join(root, path), deadline))) left.push(join(root, path))
  }
  return left
}

/**
 * Removes the cgroups right below `path` that hold no process and have not changed for `milliseconds`. The kernel
 * itself refuses to remove one that is in use.
 */
export async function removeEmptyCgroups(path: string, milliseconds: number): Promise<void> {
  for (const root of cgroupRoots()) {
    const parent = join(root, path)
    for (const name of await readdir(parent).catch(() => [])) {
      const found = await stat(join(parent, name)).catch(() => null)
      if (found?.isDirectory() !== true || found.ctimeMs > Date.now() - milliseconds) continue
      await rmdir(join(parent, name)).catch(() => {})
    }
  }
}

/** False where it is still there at the deadline, which is on the clock of `performance`. */
async function removeCgroup(folder: string, deadline: number): Promise<boolean> {
  const begun = performance.now()
  for (;;) {
    const left = Math.max(deadline - performance.now(), looks.least)
    await killCgroup({ memory: folder, pids: folder, cpu: folder, version: 2 }, left)
    const code = await rmdir(folder).then(
      () => 'ENOENT',
      (thrown: unknown) => (thrown as NodeJS.ErrnoException).code,
    )
    if (code === 'ENOENT') return true
    // Busy while the last process is being cleared away by the kernel.
    if (performance.now() > deadline) return false
    await sleep(pauseAfter(begun))
  }
}

async function pidsByArgument(word: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((_, index) => texts[index]?.split('\0').includes(word)).map(Number)
}

/** SIGKILL to every process on the host that has `word` among its arguments. */
export async function killByArgument(word: string): Promise<void> {
  for (const pid of await pidsByArgument(word)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone by itself.
    }
  }
}

/**
 * Ends these processes, and removes those of their cgroups that are named after `word`. Returns the cgroups that are
 * still there.
 */
export async function clearByArgument(word: string, milliseconds: number): Promise<readonly string[]> {
  const pids = await pidsByArgument(word)
  const memberships = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')))
  const paths = memberships
    .flatMap((text) => text.split('\n'))
    .map((line) => line.split(':').slice(2).join(':'))
    .filter((path) => basename(path).includes(word))
  await killByArgument(word)
  return (await Promise.all([...new Set(paths)].map((path) => removeCgroups(path, milliseconds)))).flat()
}
