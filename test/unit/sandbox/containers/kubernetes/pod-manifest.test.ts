import { describe, expect, it } from 'vitest'
import { podManifest } from '../../../../../src/sandbox/containers/kubernetes/pod-manifest.ts'
import { createLimits } from '../../../../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../../../../src/sandbox/options.ts'
import { podSettings } from '../../../../support/sandbox/kubernetes-sandbox.ts'

interface Manifest {
  readonly metadata: { readonly labels: Record<string, string>; readonly annotations: Record<string, string> }
  readonly spec: {
    readonly volumes: readonly { readonly name: string }[]
    readonly containers: readonly {
      readonly securityContext: object
      readonly resources: Record<'limits' | 'requests', { readonly cpu: string; readonly memory: string }>
      readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
      readonly command: readonly string[]
      readonly terminationMessagePath: string
    }[]
  }
}

const limits = createLimits(sandboxOptions.parse({ limits: { cpus: 1.5 } }).limits)
const owner = { pid: 7, startTicks: '8', bootId: 'b', pidNamespace: 'pid:[4026531836]', engine: 'e' }
const manifest = podManifest(
  { id: 'sbx-0123456789abcdef', owner, limits, lease: { name: 'l', uid: 'u' } },
  podSettings,
) as Manifest

describe('the Pod of a sandbox', () => {
  it('holds code by every member that a Pod has for it', () => {
    expect(manifest.spec).toMatchObject({
      runtimeClassName: 'gvisor',
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      hostNetwork: false,
      shareProcessNamespace: true,
      dnsPolicy: 'None',
      activeDeadlineSeconds: 86_400,
      terminationGracePeriodSeconds: 1,
      securityContext: { runAsNonRoot: true, supplementalGroups: [1001], seccompProfile: { type: 'RuntimeDefault' } },
    })
    for (const [index, uid] of [1000, 1001].entries()) {
      expect(manifest.spec.containers[index]?.securityContext).toEqual({
        runAsUser: uid,
        runAsGroup: uid,
        privileged: false,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
    }
  })

  it('shares its limits between its containers, and asks for less', () => {
    const all = manifest.spec.containers.map(({ resources }) => resources)
    const sum = (kind: 'limits' | 'requests', name: 'cpu' | 'memory') =>
      all.reduce((total, each) => total + Number.parseInt(each[kind][name], 10), 0)
    expect(sum('limits', 'memory')).toBe(limits.sandboxMemoryBytes)
    expect(sum('limits', 'cpu')).toBe(1500)
    expect(sum('requests', 'memory')).toBe(podSettings.requestedMemoryBytes)
    expect(sum('requests', 'cpu')).toBe(100)
  })

  it('has four folders in memory, the same in both, each with its size, owner and mode', () => {
    const folders = ['/dev/shm', '/tmp', '/mnt/data', '/run/sallyport']
    for (const { volumeMounts } of manifest.spec.containers) {
      expect(volumeMounts.map(({ mountPath }) => mountPath)).toEqual(folders)
    }
    const hint = (name: string) => manifest.metadata.annotations[`dev.gvisor.spec.mount.${name}`]
    expect(hint('mnt-data.options')).toBe(`rw,size=${limits.dataBytes / 1024}k,mode=2770,uid=1001,gid=1001`)
    expect(hint('dev-shm.options')).toBe('rw,size=16384k,mode=1777')
    expect([hint('tmp.share'), hint('tmp.type')]).toEqual(['pod', 'tmpfs'])
    expect(manifest.spec.volumes.map(({ name }) => `${name}.options`).every((name) => hint(name) !== undefined)).toBe(
      true,
    )
  })

  it('has its limits of processes in both first programs, and keeps what ends them where code cannot write', () => {
    for (const { command, terminationMessagePath } of manifest.spec.containers) {
      const told = command.filter((_, index) => command[index - 1] === '--limit')
      expect(told).toEqual(['core=0', `nofile=${limits.openFiles}`, `fsize=${limits.fileBytes}`])
      expect(terminationMessagePath).toBe('/root/end')
    }
  })

  it('names its owner where any letter may stand, and has labels that are legal', () => {
    expect(manifest.metadata.annotations['sallyport.owner-namespace']).toBe('pid:[4026531836]')
    for (const value of Object.values(manifest.metadata.labels))
      expect(value).toMatch(/^[A-Za-z0-9][-\w.]{0,61}[A-Za-z0-9]$|^\w$/)
  })
})
