import { describe, expect, it } from 'vitest'
import { isOfThesePrograms, mayWorkHere } from '../../../../setup/kubernetes/refusals.mjs'
import { verifies } from '../../../support/verifies.ts'

const kubelet = { isOurs: false, isEmpty: true, isMounted: false }
const machine = { platform: 'linux', root: true, pods: false, kubelet }

describe('a cluster for tests', () => {
  it.each([
    ['where there is none', machine],
    ['where it is already', { ...machine, pods: true, kubelet: { isOurs: true, isEmpty: false, isMounted: true } }],
  ])('is made or removed %s', (_where, facts) => {
    expect(() => mayWorkHere(facts)).not.toThrow()
  })

  it.each([
    [
      'on the node of another cluster',
      { ...machine, kubelet: { ...kubelet, isEmpty: false } },
      /is of another kubelet/,
    ],
    [
      'over a disk of somebody else',
      { ...machine, kubelet: { ...kubelet, isMounted: true } },
      /mounted at \/var\/lib\/kubelet/,
    ],
    ['beside pods of a kubelet whose folder is elsewhere', { ...machine, pods: true }, /pods of another kubelet/],
    ['without root', { ...machine, root: false }, /needs Linux and root/],
    ['on another system', { ...machine, platform: 'darwin' }, /needs Linux and root/],
  ])('is neither made nor removed %s, which is said', (_where, facts, said) => {
    verifies('kubernetes.another')
    expect(() => mayWorkHere(facts)).toThrow(said)
  })

  it('is not gone on with by other programs than it was made of', () => {
    expect(() => isOfThesePrograms({ programs: '/kept/a' }, '/kept/a')).not.toThrow()
    expect(() => isOfThesePrograms({ programs: '/kept/a' }, '/kept/b')).toThrow(/\/kept\/a.*\/kept\/b/)
  })
})
