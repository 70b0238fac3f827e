import { describe, expect, it } from 'vitest'
import { ociConfig } from '../../../../../src/sandbox/containers/runsc/oci-config.ts'
import { oddLimits as limits } from '../../../../support/sandbox/odd-limits.ts'
import { verifies } from '../../../../support/verifies.ts'

const options = { rootFolder: '/images/1/rootfs', hostname: 'sbx-0123456789abcdef', environment: ['HOME=/tmp'], limits }

const capabilities = ['CAP_SETUID', 'CAP_SETGID', 'CAP_KILL']
const writable = ['rw', 'nosuid', 'nodev', 'noexec']
const closed = ['nosuid', 'noexec', 'nodev']

const isolated = {
  ociVersion: '1.2.0',
  hostname: 'sbx-0123456789abcdef',
  process: {
    terminal: false,
    user: { uid: 1000, gid: 1000, additionalGids: [1001] },
    args: '/usr/bin/python3 -I -S -B -u /opt/sallyport/supervisor/main.py --spawn self --threads 1'.split(' '),
    env: ['HOME=/tmp'],
    cwd: '/tmp',
    capabilities: {
      bounding: capabilities,
      effective: capabilities,
      permitted: capabilities,
      inheritable: capabilities,
      ambient: capabilities,
    },
    rlimits: [
      { type: 'RLIMIT_CORE', soft: 0, hard: 0 },
      { type: 'RLIMIT_NOFILE', soft: 40, hard: 40 },
      { type: 'RLIMIT_FSIZE', soft: 50, hard: 50 },
    ],
    noNewPrivileges: true,
    oomScoreAdj: 500,
  },
  root: { path: '/images/1/rootfs', readonly: true },
  mounts: [
    { destination: '/proc', type: 'proc', source: 'proc', options: closed },
    { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'strictatime', 'mode=755', 'size=64k'] },
    { destination: '/sys', type: 'sysfs', source: 'sysfs', options: [...closed, 'ro'] },
    { destination: '/dev/shm', type: 'tmpfs', source: 'tmpfs', options: [...writable, 'size=16384k', 'mode=1777'] },
    {
      destination: '/tmp',
      type: 'tmpfs',
      source: 'tmpfs',
      options: [...writable, 'size=2k', 'mode=1770', 'uid=1001', 'gid=1001'],
    },
    {
      destination: '/mnt/data',
      type: 'tmpfs',
      source: 'tmpfs',
      options: [...writable, 'size=5k', 'mode=2770', 'uid=1001', 'gid=1001'],
    },
    {
      destination: '/run/sallyport',
      type: 'tmpfs',
      source: 'tmpfs',
      options: [...writable, 'size=1024k', 'mode=0711', 'uid=1000', 'gid=1000'],
    },
  ],
  linux: {
    namespaces: [{ type: 'pid' }, { type: 'network' }, { type: 'ipc' }, { type: 'uts' }, { type: 'mount' }],
    maskedPaths: ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/proc/sched_debug', '/sys/firmware'],
    readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
  },
}

describe('a bundle of runsc', () => {
  it('isolates with every item, and has nothing else', () => {
    verifies('security.unprivileged')
    expect(ociConfig({ ...options, cgroupPath: '/sallyport/sbx-0123456789abcdef' })).toStrictEqual({
      ...isolated,
      linux: {
        ...isolated.linux,
        cgroupsPath: '/sallyport/sbx-0123456789abcdef',
        resources: {
          memory: { limit: 5_000_000, swap: 5_000_000 },
          pids: { limit: 300 },
          cpu: { quota: 150_000, period: 100_000 },
          devices: [{ allow: false, access: 'rwm' }],
        },
      },
    })
  })

  it('gives a sandbox that nobody waits for a share of the processors, and changes nothing else', () => {
    const cgroupPath = '/sallyport/sbx-0123456789abcdef'
    const usual = ociConfig({ ...options, cgroupPath }) as { readonly linux: { readonly resources: object } }
    expect(ociConfig({ ...options, cgroupPath, processorShares: 32 })).toStrictEqual({
      ...usual,
      linux: {
        ...usual.linux,
        resources: { ...usual.linux.resources, cpu: { quota: 150_000, period: 100_000, shares: 32 } },
      },
    })
  })

  it('names no cgroup on a host without them', () => {
    expect(ociConfig({ ...options, cgroupPath: null })).toStrictEqual(isolated)
  })
})
