import { describe, expect, it } from 'vitest'
import { withoutCluster } from '../../../support/kubernetes/without-cluster.ts'
import { verifies } from '../../../support/verifies.ts'

const cold = { root: true, missing: ['kubelet', 'etcd-server'] }
const warm = { root: true, missing: [] }

describe('tests on a cluster', () => {
  it.each([
    ['where its programs are kept', {}, warm],
    ['where they are to be built', { SALLYPORT_KUBERNETES: '1' }, cold],
    ['in the lane', { SALLYPORT_KUBERNETES: 'from-nothing' }, cold],
  ])('are run %s', (_where, environment, facts) => {
    verifies('kubernetes.left-out')
    expect(withoutCluster(environment, () => facts)).toBeNull()
  })

  it.each([
    ['programs are missing', {}, cold, /^kubelet, etcd-server would have to be built .*SALLYPORT_KUBERNETES=1 builds$/],
    ['nobody is root', {}, { ...warm, root: false }, /takes root/],
    ['they are switched off', { SALLYPORT_KUBERNETES: '0' }, warm, /SALLYPORT_KUBERNETES is 0/],
  ])('are left out where %s, which is said', (_why, environment, facts, said) => {
    verifies('kubernetes.left-out')
    expect(withoutCluster(environment, () => facts)).toMatch(said)
  })
})
