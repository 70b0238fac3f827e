import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { SANDBOXES, SERVICE } from '../../../setup/kubernetes/objects.mjs'
import { loadConfig } from '../../../src/config/load.ts'
import { driverRights } from '../../../src/sandbox/containers/kubernetes/rights.ts'
import { verifies } from '../../support/verifies.ts'

const deploy = resolve(import.meta.dirname, '../../../deploy/kubernetes')

interface Container {
  readonly name: string
  readonly resources?: { readonly limits?: Readonly<Record<string, unknown>> }
  readonly securityContext?: Readonly<Record<string, unknown>>
}

interface PodSpec {
  readonly containers: readonly Container[]
  readonly securityContext?: Readonly<Record<string, unknown>>
  readonly serviceAccountName?: string
  readonly terminationGracePeriodSeconds?: number
}

interface Manifest {
  readonly apiVersion?: unknown
  readonly kind?: unknown
  readonly metadata?: {
    readonly name?: unknown
    readonly namespace?: unknown
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly rules?: readonly {
    readonly apiGroups: readonly string[]
    readonly resources: readonly string[]
    readonly verbs: readonly string[]
  }[]
  readonly spec?: PodSpec & { readonly template?: { readonly spec: PodSpec } }
}

const isSettings = (name: string) => name === 'config.yaml' || name === 'kustomization.yaml'
const folders = ['sandboxes', 'service']
const files = [
  ...folders.flatMap((folder) => readdirSync(join(deploy, folder)).map((name) => join(folder, name))),
  'probe.yaml',
]
const manifests = files
  .filter((path) => !isSettings(path.split('/').at(-1) ?? ''))
  .flatMap((path) =>
    parseAllDocuments(readFileSync(join(deploy, path), 'utf8')).map((document) => ({
      path,
      errors: document.errors,
      manifest: document.toJS() as Manifest,
    })),
  )

/** What a pod of this manifest would be; null where none comes of it. */
const podOf = ({ kind, spec }: Manifest) => (kind === 'Pod' ? spec : spec?.template?.spec) ?? null

describe('the manifests of deploy/kubernetes', () => {
  it.each(folders)('in %s are those of its kustomization', (folder) => {
    verifies('kubernetes.resources')
    const { resources } = parse(readFileSync(join(deploy, folder, 'kustomization.yaml'), 'utf8')) as {
      resources: string[]
    }
    expect(resources.toSorted()).toEqual(
      readdirSync(join(deploy, folder))
        .filter((name) => !isSettings(name))
        .toSorted(),
    )
  })

  it.each(manifests)('in $path say what they are, and are called something', ({ manifest, errors }) => {
    expect(errors).toEqual([])
    expect(manifest).toMatchObject({ apiVersion: expect.any(String) as string, kind: expect.any(String) as string })
    expect(manifest.metadata?.name).toMatch(/^[a-z][a-z0-9-]*$/)
  })

  it('have a user, a limit of memory and a root that cannot be written in each container', () => {
    verifies('kubernetes.resources')
    const pods = manifests.flatMap(({ path, manifest }) => {
      const pod = podOf(manifest)
      return pod === null ? [] : [{ path, pod }]
    })
    expect(pods.map(({ path }) => path)).toEqual(['service/replicas.yaml', 'probe.yaml'])
    for (const { path, pod } of pods)
      for (const { name, resources, securityContext } of pod.containers) {
        const context = { ...pod.securityContext, ...securityContext }
        expect({ path, name, ...context }).toMatchObject({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
        })
        expect(context['runAsUser']).toBeGreaterThan(0)
        expect(resources?.limits).toHaveProperty('memory')
      }
  })

  it('enforce Pod Security in both namespaces', () => {
    const namespaces = manifests.filter(({ manifest }) => manifest.kind === 'Namespace')
    expect(namespaces.map(({ manifest }) => manifest.metadata?.name)).toEqual([SERVICE, SANDBOXES])
    for (const { manifest } of namespaces)
      expect(manifest.metadata?.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' })
  })

  it('give the service the rights that its driver asks for, to list events, and no others', () => {
    const given = manifests.flatMap(({ manifest }) => manifest.rules ?? [])
    const wanted = driverRights.map(({ group, verbs, ...what }) => ({
      apiGroups: [group],
      resources: ['subresource' in what ? `${what.resource}/${what.subresource}` : what.resource],
      verbs: verbs.toSorted(),
    }))
    const events = { apiGroups: [''], resources: ['events'], verbs: ['list'] }
    const sorted = given.map(({ apiGroups, resources, verbs }) => ({ apiGroups, resources, verbs: verbs.toSorted() }))
    expect(sorted).toEqual(expect.arrayContaining([...wanted, events]))
    expect(sorted).toHaveLength(wanted.length + 1)
  })

  it('have a configuration that is valid, in the namespaces they make, and give its drain the time it takes', () => {
    verifies('kubernetes.service')
    const { config } = loadConfig({
      variables: { HOME: '/nowhere', STORAGE_URL: 'postgresql://sallyport@storage.example/sallyport' },
      workingDirectory: '/',
      flags: {},
      file: join(deploy, 'service/config.yaml'),
    })
    expect(config.sandbox).toMatchObject({
      driver: 'kubernetes',
      kubernetes: { namespace: SANDBOXES, kubeconfig: null },
    })
    const classes = manifests.flatMap(({ manifest: { kind, metadata } }) =>
      kind === 'RuntimeClass' ? [metadata?.name] : [],
    )
    expect(classes).toEqual([config.sandbox.kubernetes.runtime_class])
    const replicas = manifests.find(({ manifest }) => manifest.kind === 'StatefulSet')?.manifest
    const grace = (replicas?.spec?.template?.spec.terminationGracePeriodSeconds ?? 0) * 1_000
    expect(grace).toBeGreaterThan(config.http.drain_grace_ms + config.http.drain_ms)
    expect(replicas?.spec?.template?.spec.serviceAccountName).toBe('sallyport')
  })

  it('give no right by a wildcard, and none to read secrets, logs or nodes', () => {
    const rules = manifests.flatMap(({ manifest }) => manifest.rules ?? [])
    expect(rules.length).toBeGreaterThan(2)
    for (const { apiGroups, resources, verbs } of rules) {
      expect([...apiGroups, ...resources, ...verbs]).not.toContain('*')
      for (const resource of resources)
        expect(resource).not.toMatch(/^(?:secrets|nodes|serviceaccounts)|\/(?:log|proxy|token|attach)$/)
    }
  })
})
