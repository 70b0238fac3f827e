import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kubernetesVersion, missingPrograms, programsFolder } from '../../../../setup/kubernetes/programs.mjs'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

describe('the programs of a cluster', () => {
  it('are all missing in an empty folder, but for what this machine has installed', () => {
    const missing = missingPrograms(temporaryFolder('sallyport-programs-'))
    expect(missing).toEqual(expect.arrayContaining(['kube-apiserver', 'kubelet', 'kubectl', 'pause', 'shim']))
  })

  it('are there once each has been put in place', () => {
    const folder = temporaryFolder('sallyport-programs-')
    for (const name of missingPrograms(folder)) writeFileSync(join(folder, name), '')
    const packages = {
      'etcd-server': 'usr/bin/etcd',
      containerd: 'usr/bin/containerd',
      'containernetworking-plugins': 'usr/lib/cni/ptp',
    }
    for (const [name, path] of Object.entries(packages)) {
      const place = join(folder, 'debian', name, path)
      mkdirSync(join(place, '..'), { recursive: true })
      writeFileSync(place, '')
    }
    expect(missingPrograms(folder)).toEqual([])
  })

  it('are kept by what they are made from, of one release of Kubernetes', () => {
    expect(programsFolder()).toMatch(/\/kubernetes-[0-9a-f]{16}$/)
    expect(kubernetesVersion()).toMatch(/^v1\.\d+\.\d+$/)
  })
})
