import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import { type ChoiceParts, chooseDriver } from '../../../../src/sandbox/containers/choose-driver.ts'
import { sandboxOptions } from '../../../../src/sandbox/options.ts'
import { verifies } from '../../../support/verifies.ts'

const binary = '/opt/runsc'
const own = ['--network=none', '--platform=systrap', '--host-uds=none', '--host-fifo=none', '--cpu-num-from-quota']
const facts = {
  image: { id: 'sha256:1', environment: [] },
  runtimes: { 'sallyport-runsc': { path: binary, arguments: [...own, '--systrap-disable-fast-path'] } },
  security: ['name=seccomp,profile=builtin', 'name=apparmor'],
}
const registered = (path: string, further: readonly string[] = []) => ({
  ...facts,
  runtimes: { 'sallyport-runsc': { path, arguments: [...own, ...further] } },
})
const machine: ChoiceParts = {
  isRoot: true,
  canMakeCgroups: async () => true,
  installedRunsc: async () => binary,
  daemonFacts: async () => facts,
  isUnpacked: async () => true,
}

const choose = (parts: Partial<ChoiceParts> = {}, settings: object = {}) =>
  chooseDriver(sandboxOptions.parse(settings), { ...machine, ...parts })

describe('the driver that auto stands for', () => {
  it('is runsc where each of its walls stands and the image lies unpacked', async () => {
    expect(await choose()).toEqual({
      driver: 'runsc',
      reason: 'its walls stand here, and it starts sandboxes from a checkpoint',
    })
  })

  it.each<[string, Partial<ChoiceParts>, object, string]>([
    ['without root', { isRoot: false }, {}, 'only root gets limits by the kernel and checkpoints from it'],
    [
      'without cgroups',
      { canMakeCgroups: async () => false },
      {},
      'no cgroups for memory, processes and processors can be made here',
    ],
    ['with a socket of its own', {}, { docker_socket: '/run/other.sock' }, 'sandbox.docker_socket is set'],
    ['with a runtime of its own', {}, { runtime: 'hardened-runsc' }, 'sandbox.runtime is set'],
    ['without snapshots', {}, { snapshots: false }, 'sandbox.snapshots is off'],
    [
      'without the image unpacked',
      { isUnpacked: async () => false },
      {},
      'the image is not unpacked yet, which "sallyport doctor --fix" does',
    ],
    [
      'with no such runtime',
      { daemonFacts: async () => ({ ...facts, runtimes: {} }) },
      {},
      'Docker has no runtime called "sallyport-runsc"',
    ],
    [
      'with another binary',
      { daemonFacts: async () => registered('/usr/bin/runsc') },
      {},
      'Docker runs another binary, /usr/bin/runsc',
    ],
    [
      'with a wall among its arguments',
      { daemonFacts: async () => registered(binary, ['--oci-seccomp']) },
      {},
      'Docker gives gVisor --oci-seccomp, which it would lack',
    ],
    [
      'in user namespaces of its own',
      { daemonFacts: async () => ({ ...facts, security: ['name=seccomp', 'name=userns'] }) },
      {},
      'Docker puts userns around sandboxes, which they would lack',
    ],
    [
      'where nothing answers',
      { daemonFacts: () => Promise.reject(new ServiceError('sandbox-unavailable', 'Docker does not answer')) },
      {},
      'Docker does not answer',
    ],
    [
      'where gVisor was not installed',
      { installedRunsc: () => Promise.reject(new ServiceError('sandbox-unavailable', 'set-up has not installed it')) },
      {},
      'set-up has not installed it',
    ],
  ])('is docker %s, and says why', async (_, parts, settings, why) => {
    verifies('driver.auto', 'security.no-wall-lost')
    expect(await choose(parts, settings)).toEqual({ driver: 'docker', reason: `runsc was not taken: ${why}` })
  })

  it('is runsc with the binary that the configuration names for it, whatever Docker runs', async () => {
    const parts = { installedRunsc: async () => '/opt/mine', daemonFacts: async () => facts }
    expect(await choose(parts, { runsc_path: '/opt/mine' })).toMatchObject({ driver: 'runsc' })
  })

  it('asks for nothing costly where something cheap speaks against it', async () => {
    const asked: string[] = []
    await choose({
      isRoot: false,
      canMakeCgroups: async () => asked.push('cgroups') > 0,
      daemonFacts: async () => (asked.push('daemon'), facts),
    })
    expect(asked).toEqual([])
  })
})
