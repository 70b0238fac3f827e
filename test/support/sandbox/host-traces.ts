import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Docker from 'dockerode'
import { stateFolder } from '../../../setup/state.mjs'
import { dockerSocket } from './docker-sandbox.ts'

/** Where a sandbox is known by its name on the host: cgroups, and what Docker, containerd and runsc keep. */
const places = [
  '/sys/fs/cgroup',
  '/var/lib/docker/containers',
  '/run/containerd/io.containerd.runtime.v2.task',
  '/run/docker',
]
const depth = 5
const runFolder = '/run/sallyport'
const copiesFolder = join(stateFolder(), 'runsc/copies')

async function namesBelow(folder: string, left: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
  if (left === 0) return folders
  return [...folders, ...(await Promise.all(folders.map((path) => namesBelow(path, left - 1)))).flat()]
}

/** Ours, where files count as well: those that runsc keeps of a sandbox, beside bundles and copies of the image. */
async function ownTraces(): Promise<readonly string[]> {
  const kept = await readdir(runFolder, { recursive: true }).catch(() => [])
  const copies = await readdir(copiesFolder).catch(() => [])
  return [...kept.map((name) => join(runFolder, name)), ...copies.map((name) => join(copiesFolder, name))]
}

async function commandLines(): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.map((line) => line.replaceAll('\0', ' '))
}

/** Docker's own ids of the sandboxes of this process; a sandbox of runsc has none. */
export async function containerIds(): Promise<readonly string[]> {
  const filters = { label: [`sallyport.owner-pid=${process.pid}`] }
  const found = await new Docker({ socketPath: dockerSocket }).listContainers({ all: true, filters })
  return found.map((container) => container.Id)
}

/** Every process, cgroup, folder and file of ours on the host that bears one of the names. */
export async function tracesOf(names: Iterable<string>): Promise<readonly string[]> {
  const wanted = [...names]
  const found = [
    ...(await Promise.all(places.map((place) => namesBelow(place, depth)))).flat(),
    ...(await ownTraces()),
    ...(await commandLines()),
  ]
  return found.filter((text) => wanted.some((name) => text.includes(name)))
}
