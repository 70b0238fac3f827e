import { readdir } from 'node:fs/promises'
import type { SandboxDriver } from '../../src/sandbox/driver.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import { createTestDriver, createTestEngine } from '../support/sandbox/docker-sandbox.ts'
import { tracesOf } from '../support/sandbox/host-traces.ts'
import { containersOf } from '../support/sandbox/leftovers.ts'
import { createTestRunscDriver, createTestRunscEngine } from '../support/sandbox/runsc-sandbox.ts'
import { describeLeaks, type LeakSubject } from './leak-suite.ts'

/** SALLYPORT_LEAK_RUNS, …_KILLS and …_SESSIONS ask for more: 2000, 20 and 50 show what a release has to hold. */
const sizes = {
  runs: Number(process.env['SALLYPORT_LEAK_RUNS'] ?? 10),
  kills: Number(process.env['SALLYPORT_LEAK_KILLS'] ?? 5),
  sessions: Number(process.env['SALLYPORT_LEAK_SESSIONS'] ?? 6),
  seed: Number(process.env['SALLYPORT_LEAK_SEED'] ?? 11),
}

/** Cgroups of sandboxes on this host, under either driver. */
async function cgroups(): Promise<string[]> {
  const folders = ['/sys/fs/cgroup/memory/sallyport', '/sys/fs/cgroup/sallyport']
  const names = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])))
  return names.flat().filter((name) => name.startsWith('sbx-'))
}

/** A sandbox is an id, and under Docker a container besides. */
const onThisHost = (driver: SandboxDriver): Omit<LeakSubject, 'name' | 'start' | 'driver'> => ({
  async hostNames(pid) {
    const own = (await driver.list(new AbortController().signal)).filter(({ owner }) => owner.pid === pid)
    return [...own.map(({ id }) => id), ...(await containersOf(pid))]
  },
  tracesOf,
  async groupsOf(names) {
    const wanted = new Set(names)
    return (await cgroups()).filter((name) => wanted.has(name))
  },
  async sweep(engine) {
    return (await engine.sweep(new AbortController().signal)).failed
  },
  left: (look) => look(),
})

const docker = createTestDriver()
const runsc = createTestRunscDriver(sandboxOptions.parse({}))
describeLeaks({ name: 'docker', start: createTestEngine, driver: docker, ...onThisHost(docker) }, sizes)
describeLeaks({ name: 'runsc', start: createTestRunscEngine, driver: runsc, ...onThisHost(runsc) }, sizes)
