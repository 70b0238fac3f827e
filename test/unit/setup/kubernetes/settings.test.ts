import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RUNTIME_ARGUMENTS } from '../../../../setup/daemon-settings.mjs'
import {
  containerdSettings,
  kubeletSettings,
  runscSettings,
  shimWrapper,
} from '../../../../setup/kubernetes/settings.mjs'
import { NODE } from '../../../../setup/kubernetes/places.mjs'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/** The wrapper before a shim that prints this and fails where it is told to, with a `mount` that writes down its words. */
function wrapped(options: { readonly uidMap: string | null; readonly bareAddress: boolean }, prints: string) {
  const folder = temporaryFolder('sallyport-shim-')
  const program = (name: string, text: string) => {
    const path = join(folder, name)
    writeFileSync(path, `#!/bin/sh\n${text}\n`)
    chmodSync(path, 0o755)
    return path
  }
  program('mount', `echo "$2 $3" > ${join(folder, 'mounted')}; echo $PPID >> ${join(folder, 'mounted')}`)
  const shim = program('shim', `echo $$ > ${join(folder, 'pid')}; cat; printf %s '${prints}'; [ "$1" != -fail ]`)
  const path = program('wrapper', shimWrapper({ ...options, shim }).replace('#!/bin/sh\n', ''))
  return (...words: string[]) => {
    const { stdout, status } = spawnSync(path, words, {
      encoding: 'utf8',
      input: '',
      env: { PATH: `${folder}:/usr/bin:/bin` },
    })
    const read = spawnSync('cat', [join(folder, 'mounted'), join(folder, 'pid')], { encoding: 'utf8' }).stdout
    return { stdout, status, mounted: read.trim().split('\n') }
  }
}

const json = '{"version":2,"address":"unix:///run/s/1","protocol":"ttrpc"}'

describe('what stands in front of gVisor’s shim', () => {
  it('gives containerd before 1.7 the bare address of the shim, and passes all else on as it is', () => {
    const run = wrapped({ uidMap: null, bareAddress: true }, json)
    expect(run('-id', 'a', 'start')).toMatchObject({ stdout: 'unix:///run/s/1', status: 0 })
    expect(run('-id', 'a', 'delete')).toMatchObject({ stdout: json, status: 0 })
  })

  it('gives a later one what the shim says', () => {
    expect(wrapped({ uidMap: null, bareAddress: false }, json)('start')).toMatchObject({ stdout: json, status: 0 })
  })

  it.each([true, false])('fails where the shim fails (bare address: %s)', (bareAddress) => {
    expect(wrapped({ uidMap: null, bareAddress }, json)('-fail', 'start').status).toBe(1)
  })

  it.each([true, false])(
    'covers the map of users of the process that becomes the shim (bare address: %s)',
    (bareAddress) => {
      const run = wrapped({ uidMap: '/map', bareAddress }, json)
      const [mount = '', parent, shim] = run('-id', 'a', 'start').mounted
      expect(mount).toBe(`/map /proc/${parent}/uid_map`)
      expect(shim).toBe(parent)
    },
  )

  it.each([true, false])('covers nothing where it only deletes (bare address: %s)', (bareAddress) => {
    expect(wrapped({ uidMap: '/map', bareAddress }, json)('delete').mounted).toHaveLength(1)
  })
})

describe('settings of a node', () => {
  it('give gVisor no network, and the arguments it has with Docker', () => {
    const settings = runscSettings(RUNTIME_ARGUMENTS, 'none')
    expect(settings).toContain('"network" = "none"\n')
    expect(settings).toContain('"cpu-num-from-quota" = "true"\n')
    expect(settings.match(/ = /g)).toHaveLength(RUNTIME_ARGUMENTS.length + 1)
    expect(runscSettings(RUNTIME_ARGUMENTS, 'sandbox')).toContain('"network" = "sandbox"\n')
  })

  it('pass the hints of a pod on to gVisor, but for the handler that is to lack them', () => {
    const [, ...handlers] = containerdSettings('/cni').split(/runtimes\.(?=[\w-]+\]\n)/)
    const hinted = handlers
      .filter((text) => text.includes('pod_annotations = ["dev.gvisor.*"]'))
      .map((text) => text.split(']')[0])
    expect(hinted).toEqual(['runsc', 'runsc-network'])
  })

  it('let nobody without a certificate ask the kubelet, which listens on the node’s address alone', () => {
    const settings = JSON.parse(kubeletSettings({ etcd: 1, peer: 2, api: 3, kubelet: 4, health: 5 })) as object
    expect(settings).toMatchObject({
      address: NODE,
      port: 4,
      readOnlyPort: 0,
      authentication: { anonymous: { enabled: false } },
      authorization: { mode: 'Webhook' },
    })
  })
})
