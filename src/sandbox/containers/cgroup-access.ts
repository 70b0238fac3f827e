import { access, constants, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const controllers = ['memory', 'pids', 'cpu'] as const

/** May this process make cgroups right below the root of each controller that limits a sandbox? */
export async function canMakeCgroups(mountsFile = '/proc/self/mounts'): Promise<boolean> {
  const mounts = (await readFile(mountsFile, 'utf8').catch(() => '')).split('\n').map((line) => {
    const [, point = '', type = '', flags = ''] = line.split(' ')
    return { point, type, flags: flags.split(',') }
  })
  const points = controllers.map(
    (name) => mounts.find(({ type, flags }) => type === 'cgroup' && flags.includes(name))?.point,
  )
  if (points.every((point) => point !== undefined)) return isWritable(points)
  const unified = mounts.find(({ type }) => type === 'cgroup2')?.point
  if (unified === undefined) return false
  const offered = (await readFile(join(unified, 'cgroup.controllers'), 'utf8').catch(() => '')).trim().split(' ')
  return controllers.every((name) => offered.includes(name)) && isWritable([unified])
}

async function isWritable(folders: readonly string[]): Promise<boolean> {
  return Promise.all(folders.map((folder) => access(folder, constants.W_OK))).then(
    () => true,
    () => false,
  )
}
