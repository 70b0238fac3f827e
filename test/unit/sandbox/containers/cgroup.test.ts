import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  cgroupPaths,
  cgroupsAt,
  killCgroup,
  limitProcessors,
  readAppliedLimits,
  readEvidence,
  weighAsUsed,
  type CgroupPaths,
} from '../../../../src/sandbox/containers/cgroup.ts'
import { createLimits, limitShortfalls } from '../../../../src/sandbox/limits.ts'
import { sandboxLimitOptions } from '../../../../src/sandbox/options.ts'
import { verifies } from '../../../support/verifies.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const version1Mounts = [
  'cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0',
  'cgroup /sys/fs/cgroup/pids cgroup rw,relatime,pids 0 0',
  'cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0',
  'cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0',
].join('\n')

async function folderWith(version: 1 | 2, files: Readonly<Record<string, string>>): Promise<CgroupPaths> {
  const folder = temporaryFolder('sallyport-cgroup-')
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)))
  return { memory: folder, pids: folder, cpu: folder, version }
}

describe('cgroups of a process', () => {
  it('are found per controller on version 1', () => {
    const membership = '8:pids:/docker/abc\n4:memory:/docker/abc\n1:cpu,cpuacct:/docker/abc\n0::/'
    expect(cgroupPaths(membership, version1Mounts)).toEqual({
      memory: '/sys/fs/cgroup/memory/docker/abc',
      pids: '/sys/fs/cgroup/pids/docker/abc',
      cpu: '/sys/fs/cgroup/cpu,cpuacct/docker/abc',
      version: 1,
    })
  })

  it('are found in one place on version 2', () => {
    const found = cgroupPaths('0::/system.slice/docker-abc.scope\n', 'cgroup2 /sys/fs/cgroup cgroup2 rw 0 0')
    expect(found).toMatchObject({ memory: '/sys/fs/cgroup/system.slice/docker-abc.scope', version: 2 })
  })

  it('are known before it is there, by their path below the root of each controller', () => {
    expect(cgroupsAt('/sallyport/sbx-1', version1Mounts)).toEqual({
      memory: '/sys/fs/cgroup/memory/sallyport/sbx-1',
      pids: '/sys/fs/cgroup/pids/sallyport/sbx-1',
      cpu: '/sys/fs/cgroup/cpu,cpuacct/sallyport/sbx-1',
      version: 1,
    })
    const unified = 'cgroup2 /sys/fs/cgroup cgroup2 rw 0 0'
    expect(cgroupsAt('/sallyport/sbx-1', unified)).toMatchObject({ cpu: '/sys/fs/cgroup/sallyport/sbx-1', version: 2 })
    expect(cgroupsAt('/sallyport/sbx-1', '')).toBeNull()
  })

  it('are never taken from the root, whose limits are not those of a sandbox', () => {
    expect(cgroupPaths('8:pids:/\n4:memory:/\n1:cpu:/\n0::/', version1Mounts)).toBeNull()
  })
})

describe('applied limits', () => {
  it('are read from version 1 files', async () => {
    const paths = await folderWith(1, {
      'memory.limit_in_bytes': '1048576\n',
      'memory.memsw.limit_in_bytes': '1048576\n',
      'pids.max': '64\n',
      'cpu.cfs_quota_us': '150000\n',
      'cpu.cfs_period_us': '100000\n',
    })
    expect(await readAppliedLimits(paths)).toEqual({
      sandboxMemoryBytes: 1048576,
      memoryAndSwapBytes: 1048576,
      hostTasks: 64,
      cpus: 1.5,
    })
  })

  it('are read from version 2 files, swap counted on top', async () => {
    const paths = await folderWith(2, {
      'memory.max': '1048576\n',
      'memory.swap.max': '0\n',
      'pids.max': 'max\n',
      'cpu.max': '50000 100000\n',
    })
    expect(await readAppliedLimits(paths)).toEqual({
      sandboxMemoryBytes: 1048576,
      memoryAndSwapBytes: 1048576,
      hostTasks: null,
      cpus: 0.5,
    })
  })

  it('take "no limit" for none', async () => {
    const paths = await folderWith(1, { 'memory.limit_in_bytes': '9223372036854771712', 'cpu.cfs_quota_us': '-1' })
    expect(await readAppliedLimits(paths)).toMatchObject({ sandboxMemoryBytes: null, cpus: null })
  })

  it('that did not take are each named', () => {
    verifies('sandbox.limits-read-back')
    const limits = createLimits(sandboxLimitOptions.parse({}))
    const none = { sandboxMemoryBytes: null, memoryAndSwapBytes: null, hostTasks: null, cpus: null }
    expect(limitShortfalls(limits, none).join('\n')).toMatch(/memory[^]*host tasks[^]*processors/)
    const whole = {
      sandboxMemoryBytes: limits.sandboxMemoryBytes,
      memoryAndSwapBytes: limits.sandboxMemoryBytes,
      hostTasks: limits.hostTasks,
      cpus: limits.cpus,
    }
    expect(limitShortfalls(limits, whole)).toEqual([])
    expect(limitShortfalls(limits, { ...whole, memoryAndSwapBytes: Infinity })).toHaveLength(1)
  })
})

describe('evidence', () => {
  it('is read from either version', async () => {
    const one = await folderWith(1, {
      'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
      'pids.events': 'max 3\n',
      'memory.max_usage_in_bytes': '4096\n',
    })
    expect(await readEvidence(one)).toEqual({ oomKills: 2, taskLimitHits: 3, peakMemoryBytes: 4096 })
    const two = await folderWith(2, { 'memory.events': 'low 0\nmax 9\noom 1\noom_kill 1\noom_group_kill 0\n' })
    expect(await readEvidence(two)).toEqual({ oomKills: 1, taskLimitHits: 0, peakMemoryBytes: null })
  })

  it('is null when the cgroup is gone', async () => {
    expect(await readEvidence({ memory: '/nowhere', pids: '/nowhere', cpu: '/nowhere', version: 2 })).toBeNull()
  })
})

describe('the processors of a cgroup', () => {
  it.each([
    [1, { 'cpu.cfs_quota_us': '200000', 'cpu.cfs_period_us': '100000' }],
    [2, { 'cpu.max': '200000 100000' }],
  ] as const)('are limited as it is then read back on version %i', async (version, files) => {
    const paths = await folderWith(version, files)
    expect((await readAppliedLimits(paths)).cpus).toBe(2)
    await limitProcessors(paths, 0.5)
    expect((await readAppliedLimits(paths)).cpus).toBe(0.5)
  })

  it.each([
    [1, 'cpu.shares', '32', '1024'],
    [2, 'cpu.weight', '2', '100'],
  ] as const)(
    'are shared with a sandbox in use as with any other on version %i',
    async (version, file, less, usual) => {
      const paths = await folderWith(version, { [file]: less })
      await weighAsUsed(paths)
      expect(readFileSync(join(paths.cpu, file), 'utf8')).toBe(usual)
    },
  )
})

describe('the processes of a cgroup', () => {
  it('are all killed, also behind one that is gone by itself, and it is told when none runs', async () => {
    const gone = spawn('true')
    await once(gone, 'close')
    const children = Array.from({ length: 4 }, () => spawn('sleep', ['60']))
    const ended = children.map(async (child) => (await once(child, 'close'))[1] as unknown)
    const pids = [gone, ...children, gone].map(({ pid }) => `${pid}\n`).join('')
    const paths = await folderWith(2, { 'cgroup.procs': pids, 'cpu.max': '50000 100000', 'cpu.weight': '2' })
    expect(await killCgroup(paths, 10_000)).toBe(true)
    expect(await Promise.all(ended)).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGKILL'])
    // What has used up its processor time, or has next to none, would not even die.
    expect((await readAppliedLimits(paths)).cpus).toBeNull()
    expect(readFileSync(join(paths.cpu, 'cpu.weight'), 'utf8')).toBe('100')
  })

  it('that still run when the time is over are said', async () => {
    const child = spawn('sleep', ['60'])
    const paths = await folderWith(2, { 'cgroup.procs': `${child.pid}\n` })
    expect(await killCgroup(paths, 0)).toBe(false)
    child.kill('SIGKILL')
    await once(child, 'close')
  })
})
