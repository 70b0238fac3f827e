import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { down, status, up } from '../../setup/kubernetes/cluster.mjs'
import { leftovers } from '../../setup/kubernetes/leftovers.mjs'
import { hasLine } from '../../setup/kubernetes/network.mjs'
import { pidOf } from '../../setup/kubernetes/parts.mjs'
import { clusterFolder, inCluster, RUN } from '../../setup/kubernetes/places.mjs'
import { kubectl } from '../support/kubernetes/kubectl.ts'
import { verifies } from '../support/verifies.ts'

const program = resolve(import.meta.dirname, '../../setup/kubernetes.mjs')
const isWanted = process.env['SALLYPORT_KUBERNETES'] === 'from-nothing'

/** Command lines of processes of this machine that name a place of the cluster, or bring an image into it. */
const processes = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
      } catch {
        return []
      }
    })
    .filter((line) => line.includes(clusterFolder()) || line.includes(RUN))

/** What is seen of an `up` that has come so far, in the order in which it comes. */
const moments: readonly (readonly [string, () => boolean])[] = [
  ['it has its folder', () => existsSync(inCluster('cluster.json'))],
  ['it makes its keys', () => existsSync(inCluster('keys.new')) || existsSync(inCluster('keys'))],
  ['it has its network', hasLine],
  ['it has started etcd', () => pidOf('etcd') !== null],
  ['it has started containerd', () => pidOf('containerd') !== null],
  ['it has started the API server', () => pidOf('kube-apiserver') !== null],
  ['it copies the image', () => processes().some((line) => line.includes('images import'))],
  ['it has started the controller manager', () => pidOf('kube-controller-manager') !== null],
  ['it has the account of the service', () => existsSync(inCluster('sallyport.kubeconfig'))],
  ['it has started the kubelet', () => pidOf('kubelet') !== null],
]

/** Ends `npm run kubernetes -- WORD` as soon as something is seen; where it has ended before, that was so. */
async function cutOff(word: string, seen: () => boolean, signal: NodeJS.Signals): Promise<void> {
  const child = spawn(process.execPath, [program, word], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = once(child, 'exit')
  while (child.exitCode === null && child.signalCode === null && !seen()) await sleep(2)
  child.kill(signal)
  await ended
}

describe.skipIf(!isWanted)('a cluster whose making is interrupted', () => {
  // Others of this run find one.
  afterAll(() => up())

  it.each(['SIGKILL', 'SIGINT'] as const)(
    'by %s at each step, again and again, comes to be when it is made once more, and is removed whole',
    async (signal) => {
      verifies('kubernetes.interrupted')
      await down()
      for (const [, seen] of moments) await cutOff('up', seen, signal)
      await up()
      expect(status()).toMatchObject({ ended: [] })
      const accounts = kubectl('service', ['auth', 'can-i', 'create', 'pods'])
      expect(accounts).toMatchObject({ ok: true, stdout: 'yes\n' })
      for (const part of ['kubelet', 'containerd', 'etcd'] as const)
        await cutOff('down', () => pidOf(part) === null, signal)
      await down()
      expect(leftovers()).toEqual([])
      await expect.poll(processes).toEqual([])
    },
  )
})
