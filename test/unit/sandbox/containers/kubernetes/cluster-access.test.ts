import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openClusterAccess } from '../../../../../src/sandbox/containers/kubernetes/cluster-access.ts'
import { writeKubeconfig } from '../../../../support/sandbox/kubernetes-sandbox.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'

const server = 'https://kubernetes.default.svc'
const base64 = (text: string) => Buffer.from(text).toString('base64')

function file(given: { cluster?: object; user?: object; context?: object; current?: string } = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': given.current ?? 'here',
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', namespace: 'n', ...given.context } }],
    clusters: [
      {
        name: 'c',
        cluster: {
          server: 'https://cluster.example:6443',
          'certificate-authority-data': base64('CA'),
          ...given.cluster,
        },
      },
    ],
    users: [{ name: 'u', user: given.user ?? { token: 'secret' } }],
  })
}

const open = (content: string, context: string | null = null) =>
  openClusterAccess({ kubeconfig: writeKubeconfig(content), server, context })

describe('a kubeconfig', () => {
  it('names address, trust and credentials, in itself or in files beside it', async () => {
    const access = await open(file())
    expect([access.server.href, access.tls, await access.token(), access.namespace]).toEqual([
      'https://cluster.example:6443/',
      { ca: 'CA' },
      'secret',
      'n',
    ])
    const cluster = {
      'certificate-authority-data': undefined,
      'certificate-authority': 'ca.crt',
      'tls-server-name': 's',
    }
    const user = { 'client-certificate': 'c.crt', 'client-key-data': base64('KEY'), tokenFile: 'token' }
    const path = writeKubeconfig(file({ cluster, user }))
    for (const name of ['ca.crt', 'c.crt', 'token']) writeFileSync(join(dirname(path), name), `${name}\n`)
    const beside = await openClusterAccess({ kubeconfig: path, server, context: null })
    expect(beside.tls).toEqual({ ca: 'ca.crt\n', cert: 'c.crt\n', key: 'KEY', servername: 's' })
    expect(await beside.token()).toBe('token')
    writeFileSync(join(dirname(path), 'token'), 'renewed')
    expect(await beside.token()).toBe('renewed')
  })

  it('is read again for its token once it was written anew, and keeps the last while it is half written', async () => {
    const path = writeKubeconfig(file())
    const access = await openClusterAccess({ kubeconfig: path, server, context: null })
    let seconds = 1
    const write = (content: string) => {
      writeFileSync(path, content)
      // Two writes may be of one moment.
      utimesSync(path, seconds, seconds)
      seconds += 1
    }
    expect(await access.token()).toBe('secret')
    write(file({ user: { token: 'renewed' } }))
    expect(await access.token()).toBe('renewed')
    write('{')
    expect(await access.token()).toBe('renewed')
    write(file({ user: { token: 'again' } }))
    expect(await access.token()).toBe('again')
  })

  it.each([
    ['no context of the name', file({ current: 'there' }), 'it has no context "there"'],
    ['no cluster', file({ context: { cluster: 'x' } }), 'it has no cluster "x"'],
    ['no user', file({ context: { user: 'x' } }), 'it has no user "x"'],
    ['trust without proof', file({ cluster: { 'insecure-skip-tls-verify': true } }), 'insecure-skip-tls-verify'],
    ['an address without TLS', file({ cluster: { server: 'http://cluster.example' } }), 'is not https'],
    ['a proxy', file({ cluster: { 'proxy-url': 'http://p' } }), 'proxy-url is not heeded'],
    ['a program for credentials', file({ user: { exec: { command: 'x' } } }), 'starts a program'],
    ['a plug-in for credentials', file({ user: { 'auth-provider': { name: 'x' } } }), 'auth-provider'],
    ['no credentials', file({ user: {} }), 'has neither a token nor a certificate'],
    ['a password', file({ user: { username: 'x', password: 'y' } }), 'a user name and a password'],
    ['no YAML', '{', 'it is no kubeconfig (it is no YAML)'],
    ['something else', 'clusters: 7', 'it is no kubeconfig (clusters)'],
  ])('is refused with %s, and says what to do', async (_what, content, message) => {
    const refusal = await open(content).catch((thrown: unknown) => thrown as Error)
    expect(refusal).toMatchObject({ code: 'invalid-config', message: expect.stringContaining(message) })
    expect(refusal).toHaveProperty('advice', expect.stringMatching(/\w/))
  })

  it('that is not there is named', async () => {
    await expect(openClusterAccess({ kubeconfig: '/nowhere/config', server, context: null })).rejects.toThrow(
      '/nowhere/config',
    )
  })

  it('keeps its tokens to itself in what it is refused with', async () => {
    const refusal = await open(file({ cluster: { server: 7 } })).catch((thrown: unknown) => thrown as Error)
    expect(JSON.stringify([refusal, (refusal as Error).message, (refusal as Error).cause])).not.toContain('secret')
  })
})

describe('the credentials of a Pod', () => {
  it('are read where Kubernetes puts them, the token anew each time', async () => {
    const folder = join(temporaryFolder('account'), 'serviceaccount')
    mkdirSync(folder)
    for (const name of ['ca.crt', 'namespace', 'token']) writeFileSync(join(folder, name), `${name}\n`)
    const access = await openClusterAccess({ kubeconfig: null, server, context: null, accountFolder: folder })
    expect([access.server.href, access.tls.ca, access.namespace]).toEqual([
      'https://kubernetes.default.svc/',
      'ca.crt\n',
      'namespace',
    ])
    expect(await access.token()).toBe('token')
    writeFileSync(join(folder, 'token'), 'second')
    expect(await access.token()).toBe('second')
  })

  it('are missed by name where the process has none, and are sent over TLS alone', async () => {
    const nowhere = { kubeconfig: null, context: null, accountFolder: '/nowhere' }
    await expect(openClusterAccess({ ...nowhere, server })).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('/nowhere/ca.crt of a Pod cannot be read'),
      advice: expect.stringContaining('sandbox.kubernetes.kubeconfig'),
    })
    const folder = temporaryFolder('account')
    for (const name of ['ca.crt', 'namespace', 'token']) writeFileSync(join(folder, name), `${name}\n`)
    const plain = openClusterAccess({ ...nowhere, accountFolder: folder, server: 'http://kubernetes.default.svc' })
    await expect(plain).rejects.toThrow('is not https')
  })
})
