// Certificates of the cluster's parts by an authority of its own, and a kubeconfig for each that speaks to the API server.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask, SetupError } from '../shell.mjs'
import { API_SERVICE, inCluster, NODE } from './places.mjs'

/** For as long as anybody keeps a cluster for tests. */
const DAYS = '365'

/**
 * Whose certificates there are: the person (`CN`), the group (`O`) by which Kubernetes gives rights, and the names under
 * which it is reached.
 * @type {Record<string, { subject: string, names?: string }>}
 */
const HOLDERS = {
  etcd: { subject: '/CN=etcd', names: 'IP:127.0.0.1' },
  'api-server': {
    subject: '/CN=kube-apiserver',
    names: `IP:${NODE},IP:${API_SERVICE},DNS:kubernetes.default.svc`,
  },
  'api-server-kubelet': { subject: '/O=system:masters/CN=kube-apiserver-kubelet-client' },
  kubelet: { subject: `/O=system:nodes/CN=system:node:${NODE}`, names: `IP:${NODE}` },
  'controller-manager': { subject: '/CN=system:kube-controller-manager' },
  scheduler: { subject: '/CN=system:kube-scheduler' },
  'kube-proxy': { subject: '/CN=system:kube-proxy' },
  admin: { subject: '/O=system:masters/CN=sallyport-tests' },
}

/** Holders that speak to the API server. */
const CLIENTS = ['kubelet', 'controller-manager', 'scheduler', 'kube-proxy', 'admin']

/** @param {string} name */
export const certificate = (name) => inCluster('keys', `${name}.crt`)
/** @param {string} name */
export const key = (name) => inCluster('keys', `${name}.key`)
/** @param {string} name */
export const kubeconfig = (name) => inCluster(`${name}.kubeconfig`)

/**
 * Makes what is missing of keys and kubeconfigs; all or none, since one half of them does not trust the other.
 * @param {number} port of the API server
 */
export function ensureKeys(port) {
  const folder = inCluster('keys')
  if (!existsSync(folder)) {
    const work = inCluster('keys.new')
    rmSync(work, { recursive: true, force: true })
    mkdirSync(work, { mode: 0o700 })
    makeKeys(work)
    renameSync(work, folder)
  }
  for (const name of CLIENTS)
    writeKubeconfig(name, port, {
      'client-certificate-data': inline(certificate(name)),
      'client-key-data': inline(key(name)),
    })
}

/**
 * Writes the kubeconfig of somebody, whole or not at all.
 * @param {string} name
 * @param {number} port of the API server
 * @param {Record<string, string>} user what shows who it is
 * @param {string} [namespace] where it works unless told otherwise
 */
export function writeKubeconfig(name, port, user, namespace = 'default') {
  const cluster = { server: `https://${NODE}:${port}`, 'certificate-authority-data': inline(certificate('ca')) }
  const whole = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'sallyport-tests', cluster }],
    users: [{ name, user }],
    contexts: [{ name: 'sallyport-tests', context: { cluster: 'sallyport-tests', user: name, namespace } }],
    'current-context': 'sallyport-tests',
  }
  const path = kubeconfig(name)
  writeFileSync(`${path}.new`, `${JSON.stringify(whole, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

/** @param {string} path */
const inline = (path) => readFileSync(path).toString('base64')

/** @param {string} folder */
function makeKeys(folder) {
  const at = (/** @type {string} */ name) => join(folder, name)
  // No settings of this machine: they would add extensions of their own.
  writeFileSync(at('openssl.cnf'), '[req]\ndistinguished_name = subject\n[subject]\n')
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', DAYS]
  const make = (/** @type {string} */ name, /** @type {string} */ subject, /** @type {string[]} */ more) =>
    openssl([
      'req',
      '-x509',
      '-config',
      at('openssl.cnf'),
      ...fresh,
      '-subj',
      subject,
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.crt`),
      ...more,
    ])
  const authority = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign']
  make('ca', '/CN=sallyport-tests', extensions(authority))
  for (const [name, { subject, names }] of Object.entries(HOLDERS)) {
    const uses = names === undefined ? 'clientAuth' : 'serverAuth,clientAuth'
    const own = ['basicConstraints=critical,CA:FALSE', 'keyUsage=critical,digitalSignature', `extendedKeyUsage=${uses}`]
    const named = names === undefined ? [] : [`subjectAltName=${names}`]
    make(name, subject, ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), ...extensions([...own, ...named])])
  }
  openssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', at('accounts.key')])
  openssl(['pkey', '-in', at('accounts.key'), '-pubout', '-out', at('accounts.pub')])
}

/** @param {string[]} wanted */
const extensions = (wanted) => wanted.flatMap((extension) => ['-addext', extension])

/** @param {string[]} words */
function openssl(words) {
  const { ok, problem } = ask('openssl', words)
  if (!ok)
    throw new SetupError(
      `The cluster's certificates could not be made: ${problem}`,
      'Install OpenSSL 3 or later, then run this again.',
    )
}
