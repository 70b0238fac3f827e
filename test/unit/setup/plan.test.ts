import { describe, expect, it } from 'vitest'
import { changesMachine, planSteps, planText, refuseTheImpossible, rootRequest } from '../../../setup/plan.mjs'
import { RUNTIME } from '../../../setup/daemon-settings.mjs'
import type { Facts } from '../../../setup/probe.mjs'
import { verifies } from '../../support/verifies.ts'

const ready: Facts = {
  root: true,
  docker: {
    address: 'unix:///var/run/docker.sock',
    local: true,
    installed: true,
    client: true,
    answers: true,
    refused: false,
    problem: '',
    version: '28.0.0',
    cgroup: '2',
    driver: 'overlay2',
    id: 'daemon',
  },
  gvisor: {
    runtime: RUNTIME,
    registered: true,
    asWanted: true,
    path: '/opt/runsc',
    version: 'release-20260810.0',
    others: [],
  },
  image: { tag: 'sallyport-python:0123456789ab', id: 'sha256:1', bytes: 1e9, unpacked: true },
  proof: { key: 'k', held: true },
  relay: { built: true, buildable: true },
  disk: { path: '/var/lib/docker', free: 50e9 },
}

const bare: Facts = {
  ...ready,
  docker: { ...ready.docker, installed: false, client: false, answers: false, problem: 'connect ENOENT' },
  gvisor: { ...ready.gvisor, registered: false, asWanted: false, path: null, version: null },
  image: { ...ready.image, id: null, bytes: null, unpacked: false },
  proof: { key: 'k', held: false },
}

const ids = (facts: Facts | null, packages: string | null = null) => planSteps({ packages, facts }).map(({ id }) => id)

describe('the plan of a set-up', () => {
  it('is empty when all is in place', () => {
    verifies('setup.nothing-twice')
    expect(ids(ready)).toEqual([])
  })

  it('is everything, in an order that works, on a bare machine', () =>
    expect(ids(bare, 'node_modules is missing')).toEqual([
      'packages',
      'install-docker',
      'start-docker',
      'gvisor',
      'image',
      'proof',
      'unpack',
    ]))

  it('unpacks the image for root, who alone starts sandboxes without Docker, and asks nobody', () => {
    const packed = { ...ready, image: { ...ready.image, unpacked: false } }
    expect(ids(packed)).toEqual(['unpack'])
    expect(ids({ ...packed, root: false })).toEqual([])
    expect(changesMachine(planSteps({ packages: null, facts: packed }))).toBe(false)
  })

  it('builds the relay of traces where there is a Go for it, and asks nobody', () => {
    verifies('detection.relay')
    const unbuilt = { ...ready, relay: { built: false, buildable: true } }
    expect(ids(unbuilt)).toEqual(['relay'])
    expect(changesMachine(planSteps({ packages: null, facts: unbuilt }))).toBe(false)
    expect(ids({ ...ready, relay: { built: false, buildable: false } })).toEqual([])
  })

  it('leaves the sandbox alone when none is wanted', () => expect(ids(null, 'missing')).toEqual(['packages']))

  it('starts an installed engine without installing it again', () =>
    expect(ids({ ...bare, docker: { ...bare.docker, installed: true } })).not.toContain('install-docker'))

  it('replaces a runtime that has lost its arguments', () =>
    expect(ids({ ...ready, gvisor: { ...ready.gvisor, asWanted: false } })).toEqual(['gvisor']))

  it('replaces a runsc that is too old, or whose binary is gone', () => {
    expect(ids({ ...ready, gvisor: { ...ready.gvisor, version: '0.0~20221219.0' } })).toEqual(['gvisor'])
    expect(ids({ ...ready, gvisor: { ...ready.gvisor, version: null } })).toEqual(['gvisor'])
  })

  it('proves gVisor again after a reboot, without a question', () => {
    const steps = planSteps({ packages: null, facts: { ...ready, proof: { key: 'k', held: false } } })
    expect(steps.map(({ id }) => id)).toEqual(['proof'])
    expect(changesMachine(steps)).toBe(false)
  })

  it('says what it will change and why', () => {
    verifies('setup.says-why')
    const text = planText(planSteps({ packages: null, facts: bare }), { root: true })
    expect(text).toContain('package docker.io')
    expect(text).toContain('because: code runs in containers')
    expect(text).not.toContain('needs root')
  })
})

describe('a person without root', () => {
  const steps = planSteps({ packages: null, facts: { ...bare, root: false } })

  it('sees which steps need root', () => {
    const lines = planText(steps, { root: false }).split('\n')
    expect(lines.filter((line) => line.includes('[needs root]'))).toHaveLength(3)
    expect(lines.find((line) => line.includes('sandbox image'))).not.toContain('[needs root]')
  })

  it('is given the one command that root has to run', () => {
    verifies('setup.root-command')
    const request = rootRequest(steps, { node: '/usr/bin/node', script: '/srv/sallyport/setup/run.mjs' })
    expect(request.message).toContain('3 steps need it')
    expect(request.advice).toContain('/usr/bin/node /srv/sallyport/setup/run.mjs setup --yes')
  })
})

describe('what no step can help', () => {
  const refusal = (facts: Facts) => {
    try {
      refuseTheImpossible(facts)
    } catch (error) {
      return error as Error & { advice: string }
    }
    throw new Error('nothing was refused')
  }

  it('is a socket this person may not use', () => {
    const { message, advice } = refusal({ ...bare, docker: { ...bare.docker, refused: true } })
    expect(message).toContain('You may not use the Docker daemon')
    expect(advice).toContain('usermod -aG docker')
  })

  it('is a silent daemon on another machine', () =>
    expect(
      refusal({ ...bare, docker: { ...bare.docker, local: false, address: 'tcp://elsewhere:2375' } }).message,
    ).toContain('tcp://elsewhere:2375'))

  it('is a disk too full for the image', () =>
    expect(refusal({ ...bare, disk: { path: '/var', free: 1e9 } }).message).toContain('Only 1.0 GB are free at /var'))

  it('is not a full disk that already holds the image', () =>
    expect(() => refuseTheImpossible({ ...ready, disk: { path: '/var', free: 1e9 } })).not.toThrow())
})

describe('a browser and the web app', () => {
  const wanted = { packages: null, facts: null, browser: true, web: 'its sources have changed' }

  it('are told with why, and only the browser asks the person', () => {
    const steps = planSteps(wanted)
    expect(steps.map(({ id }) => id)).toEqual(['browser', 'web'])
    expect(planText(steps, { root: false })).toContain('because: its sources have changed')
    expect(changesMachine(steps)).toBe(true)
    expect(changesMachine(planSteps({ ...wanted, browser: false }))).toBe(false)
  })

  it('are named to the root user where a browser is missing', () => {
    const { advice } = rootRequest(planSteps(wanted), { node: 'node', script: 'run.mjs' })
    expect(advice).toContain('node run.mjs setup --yes --browser')
  })
})
