// What this machine needs to reach its package mirrors, gathered for the image's build stages: certificates, proxies, apt and pip settings.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { aptNetworkSettings, debianMirrors } from './apt.mjs'

const BUNDLE_VARIABLES = ['PIP_CERT', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS']
const SYSTEM_BUNDLE = '/etc/ssl/certs/ca-certificates.crt'
const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY']

/** pip settings that say where packages come from; the wheels themselves are checked by hash whatever these say. */
const PIP_KEYS = ['index-url', 'extra-index-url', 'trusted-host', 'proxy', 'timeout', 'retries']

/**
 * All certificates this machine trusts, the system's and those named by the environment; '' when it has none.
 * @param {NodeJS.ProcessEnv} [environment]
 */
export function certificateBundle(environment = process.env) {
  const files = [SYSTEM_BUNDLE, ...BUNDLE_VARIABLES.map((name) => environment[name] ?? '')]
  const texts = files.filter((file) => file !== '' && existsSync(file)).map((file) => readFileSync(file, 'utf8').trim())
  const byDigest = new Map(texts.map((text) => [createHash('sha256').update(text).digest('hex'), text]))
  return [...byDigest.values()].map((text) => `${text}\n`).join('')
}

/**
 * pip's settings as an ini file for the build, from this machine's files and PIP_* variables (which win, as with pip).
 * @param {{ texts?: string[], environment?: NodeJS.ProcessEnv, bundle?: boolean }} [options]
 */
export function pipSettings({ texts = pipFiles(), environment = process.env, bundle = true } = {}) {
  /** @type {Map<string, string>} */
  const values = new Map()
  for (const text of texts) for (const [key, value] of iniValues(text)) values.set(key, value)
  for (const key of PIP_KEYS) {
    const value = environment[`PIP_${key === 'timeout' ? 'DEFAULT_TIMEOUT' : key.toUpperCase().replaceAll('-', '_')}`]
    if (value) values.set(key, value)
  }
  const lines = PIP_KEYS.filter((key) => values.has(key)).map((key) => `${key} = ${values.get(key)}`)
  if (bundle) lines.push('cert = /build-host/ca.crt')
  return ['[global]', ...lines, ''].join('\n')
}

function pipFiles() {
  const named = process.env.PIP_CONFIG_FILE
  const files = [
    '/etc/xdg/pip/pip.conf',
    '/etc/pip.conf',
    join(homedir(), '.pip/pip.conf'),
    join(homedir(), '.config/pip/pip.conf'),
  ]
  return [...files, ...(named ? [named] : [])]
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
}

/**
 * The wanted keys of the sections [global] and [install]; a value may go on over indented lines.
 * @param {string} text
 * @returns {[string, string][]}
 */
function iniValues(text) {
  /** @type {[string, string][]} */
  const found = []
  let wanted = false
  for (const line of text.split('\n')) {
    const section = /^\[(\w+)\]/.exec(line)
    const pair = /^([\w-]+)\s*[=:]\s*(.*)$/.exec(line)
    if (section) wanted = section[1] === 'global' || section[1] === 'install'
    else if (pair && wanted) found.push([(pair[1] ?? '').replaceAll('_', '-'), (pair[2] ?? '').trim()])
    else if (/^\s+\S/.test(line) && wanted) {
      const last = found.at(-1)
      if (last) last[1] = `${last[1]} ${line.trim()}`.trim()
    }
  }
  return found.filter(([key]) => PIP_KEYS.includes(key))
}

/**
 * Debian's sources for a suite, in the format of debian.sources.
 * @param {string} suite
 * @param {{ main: string, security: string }} mirrors
 */
function debianSources(suite, mirrors) {
  const signed = 'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg'
  const stanza = (/** @type {string} */ uri, /** @type {string} */ suites) =>
    `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\n${signed}\n`
  return `${stanza(mirrors.main, `${suite} ${suite}-updates`)}\n${stanza(mirrors.security, `${suite}-security`)}`
}

/**
 * Writes the folder `build-host` that the Dockerfile's first stage copies and its last sheds.
 * @param {string} folder
 * @param {string} suite
 */
export function writeBuildHost(folder, suite) {
  mkdirSync(folder, { recursive: true })
  const bundle = certificateBundle()
  writeFileSync(join(folder, 'ca.crt'), bundle)
  writeFileSync(join(folder, 'pip.conf'), pipSettings({ bundle: bundle !== '' }))
  writeFileSync(join(folder, 'debian.sources'), debianSources(suite, debianMirrors()))
  writeFileSync(join(folder, 'apt.conf'), aptNetworkSettings())
}

/**
 * Build arguments that carry the proxies; Docker keeps these names out of the image's history.
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {string[]}
 */
export function proxyArguments(environment = process.env) {
  const names = PROXY_VARIABLES.flatMap((name) => [name, name.toLowerCase()])
  return names.flatMap((name) => (environment[name] ? ['--build-arg', name] : []))
}
