// Why there may be no cluster for tests on a machine, or not this one.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isRoot, SetupError } from '../shell.mjs'
import { KUBELET_MARK, KUBELET_ROOT, mountedPlaces } from './places.mjs'

/**
 * What a machine is, as far as it decides whether a cluster may be made or removed on it.
 * @typedef {object} Machine
 * @property {string} platform
 * @property {boolean} root
 * @property {boolean} pods there are control groups of pods, whoever made them
 * @property {{ isOurs: boolean, isEmpty: boolean, isMounted: boolean }} kubelet the folder of the kubelet; one that is not there is empty
 */

/** @returns {Machine} */
function thisMachine() {
  const isEmpty = !existsSync(KUBELET_ROOT) || readdirSync(KUBELET_ROOT).length === 0
  const groups = '/sys/fs/cgroup'
  const places = [groups, ...(existsSync(groups) ? readdirSync(groups).map((name) => join(groups, name)) : [])]
  const pods = places.some((place) => existsSync(join(place, 'kubepods')))
  const isMounted = process.platform === 'linux' && mountedPlaces().includes(KUBELET_ROOT)
  const kubelet = { isOurs: existsSync(KUBELET_MARK), isEmpty, isMounted }
  return { platform: process.platform, root: isRoot(), pods, kubelet }
}

/** Throws where this machine is no place for a cluster of ours. @param {Machine} [machine] */
export function mayWorkHere({ platform, root, pods, kubelet } = thisMachine()) {
  if (platform !== 'linux' || !root)
    throw new SetupError('A cluster for tests needs Linux and root: it starts containers.', 'Run this as root.')
  if (!kubelet.isOurs && !kubelet.isEmpty)
    throw new SetupError(
      `${KUBELET_ROOT} is of another kubelet, and gVisor's shim knows no other folder.`,
      'Run this on a machine that is no node of a cluster.',
    )
  // What is mounted there before our mark stands in it is somebody else's, and the removal of a cluster unmounts all there is.
  if (!kubelet.isOurs && kubelet.isMounted)
    throw new SetupError(
      `Something is mounted at ${KUBELET_ROOT}, which the removal of a cluster would unmount.`,
      'Unmount it first, or run this on another machine.',
    )
  // A kubelet may have its folder elsewhere; the control groups of pods have one place, and all in them would be ended.
  if (!kubelet.isOurs && pods)
    throw new SetupError(
      'This machine has pods of another kubelet.',
      'Run this on a machine that is no node of a cluster.',
    )
}

/**
 * Throws where the cluster of this machine was made of other programs than those of this checkout: what of it ended would
 * be started again in another version.
 * @param {Pick<import('./places.mjs').Cluster, 'programs'>} cluster
 * @param {string} programs the folder of those of this checkout
 */
export function isOfThesePrograms({ programs: has }, programs) {
  if (has === programs) return
  throw new SetupError(
    `The cluster of this machine is made of the programs in ${has}, and this checkout has those in ${programs}.`,
    'Remove it (npm run kubernetes -- down), then run this again.',
  )
}
