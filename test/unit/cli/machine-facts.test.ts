import { describe, expect, it } from 'vitest'
import { machineProbes, type MachineFacts } from '../../../src/cli/machine-facts.ts'
import { verifies } from '../../support/verifies.ts'

const never = new AbortController().signal

describe('doctor', () => {
  const facts: MachineFacts = {
    docker: { address: '/var/run/docker.sock', answers: true, problem: '', version: '27' },
    gvisor: { runtime: 'sallyport-runsc', registered: true, asWanted: true, path: '/x/runsc', version: 'release-1' },
    image: { tag: 'sallyport-python:1', id: 'sha256:1', bytes: 1_100_000_000 },
    disk: { path: '/var/lib/docker', free: 9e9 },
  }
  const judge = async (changes: Partial<MachineFacts>) => {
    const probes = machineProbes(async () => ({ ...facts, ...changes }), 'machine')
    const results = await Promise.all(
      probes.map(async (probe) => {
        const { passed, detail, fix } = await probe.run(never)
        return { name: probe.name, passed, detail, fix }
      }),
    )
    return results
      .filter(({ passed }) => !passed)
      .map(({ name, detail, fix }) => ({ name, detail, fixed: fix !== null }))
  }

  it('finds nothing on a machine that has everything', async () => {
    expect(await judge({})).toEqual([])
  })

  it.each([
    ['Docker answers', { docker: { ...facts.docker, answers: false } }],
    ['gVisor is registered', { gvisor: { ...facts.gvisor, registered: false, path: null } }],
    ['gVisor is registered', { gvisor: { ...facts.gvisor, asWanted: false } }],
    ['gVisor is registered', { gvisor: { ...facts.gvisor, version: null } }],
    ['Sandbox image', { image: { ...facts.image, id: null } }],
    ['Disk', { disk: { ...facts.disk, free: 1000 } }],
  ])('names a failure of "%s" with what mends it', async (name, changes) => {
    verifies('doctor.fixes')
    expect(await judge(changes)).toEqual([{ name, detail: expect.any(String), fixed: true }])
  })

  it('fails each part when the set-up cannot be asked, and asks once', async () => {
    let asked = 0
    const probes = machineProbes(async () => {
      asked += 1
      throw new Error('no such file')
    }, 'machine')
    const results = await Promise.all(probes.map((probe) => probe.run(never)))
    expect(results.every(({ passed }) => !passed)).toBe(true)
    expect(asked).toBe(1)
  })

  it('asks for no Docker and no gVisor of a machine whose sandboxes a cluster has', () => {
    expect(machineProbes(async () => facts, 'cluster').map(({ name }) => name)).toEqual(['Disk'])
  })
})
