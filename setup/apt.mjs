// Debian's package manager on this machine: what it can install, and through which mirror and settings it reaches the network.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask, findProgram, runShown, SetupError } from './shell.mjs'
import { logFile } from './state.mjs'

/**
 * Installs Debian packages, quietly, without what they merely recommend. Names apt does not know are left out when optional.
 * @param {string[]} packages
 * @param {{ optional?: string[] }} [options]
 */
export async function installPackages(packages, { optional = [] } = {}) {
  const apt = findProgram('apt-get')
  if (apt === null)
    throw new SetupError(
      `This machine has no apt-get, so ${packages.join(', ')} cannot be installed here.`,
      `Install ${packages.join(', ')} with this system's own package manager, then run this again.`,
    )
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  await runShown('refresh the list of Debian packages', [apt, 'update', '-q'], {
    log: logFile('apt-update'),
    environment,
    seconds: 300,
  })
  const wanted = [...packages, ...optional.filter(isInstallable)]
  await runShown(`install ${wanted.join(', ')}`, [apt, 'install', '-q', '-y', '--no-install-recommends', ...wanted], {
    log: logFile('apt-install'),
    environment,
    advice: 'Repair apt (its message stands above), then run this again.',
  })
}

/** @param {string} name */
function isInstallable(name) {
  const policy = ask('apt-cache', ['policy', name], { environment: { ...process.env, LC_ALL: 'C' } })
  return /Candidate: (?!\(none\))/.test(policy.output)
}

const DEFAULT_MIRRORS = { main: 'http://deb.debian.org/debian', security: 'http://deb.debian.org/debian-security' }

/**
 * The Debian mirrors this machine's apt uses, for building the image from the same place; Debian's own where it uses none.
 * @param {string} [folder] apt's settings
 * @returns {{ main: string, security: string }}
 */
export function debianMirrors(folder = '/etc/apt') {
  const found = { ...DEFAULT_MIRRORS }
  for (const { uri, suites } of aptEntries(folder)) {
    if (!/^https?:\/\//.test(uri)) continue
    const address = uri.replace(/\/+$/, '')
    if (suites.some((suite) => /^(bookworm|trixie|forky|sid|stable|testing)-security$/.test(suite)))
      found.security = address
    else if (
      address.endsWith('debian') &&
      suites.some((suite) => /^(bookworm|trixie|forky|sid|stable|testing)$/.test(suite))
    )
      found.main = address
  }
  return found
}

/**
 * @param {string} folder
 * @returns {{ uri: string, suites: string[] }[]}
 */
function aptEntries(folder) {
  const parts = listing(join(folder, 'sources.list.d'))
  return [join(folder, 'sources.list'), ...parts.map((name) => join(folder, 'sources.list.d', name))].flatMap(
    (path) => {
      const text = readable(path)
      return path.endsWith('.sources') ? stanzas(text) : oneLiners(text)
    },
  )
}

/** @param {string} text */
function stanzas(text) {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (/** @type {string} */ name) =>
      new RegExp(`^${name}:[ \\t]*(.*)$`, 'mi').exec(stanza)?.[1]?.trim().split(/\s+/) ?? []
    if (field('Enabled')[0] === 'no' || !field('Types').includes('deb')) return []
    return field('URIs').map((uri) => ({ uri, suites: field('Suites') }))
  })
}

/** @param {string} text */
function oneLiners(text) {
  return text.split('\n').flatMap((line) => {
    const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line.trim())
    return match?.[1] && match[2] ? [{ uri: match[1], suites: [match[2]] }] : []
  })
}

/** @param {string} path */
function readable(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** @param {string} path */
function listing(path) {
  try {
    return readdirSync(path)
      .filter((name) => /\.(list|sources)$/.test(name))
      .sort()
  } catch {
    return []
  }
}

/**
 * The source lines for another Debian suite on this machine's mirrors.
 * @param {string} suite
 * @param {{ main: string, security: string }} [mirrors]
 * @returns {string[]}
 */
export function suiteSources(suite, mirrors = debianMirrors()) {
  return [
    `deb ${mirrors.main} ${suite} main`,
    `deb ${mirrors.main} ${suite}-updates main`,
    `deb ${mirrors.security} ${suite}-security main`,
  ]
}

/**
 * Lines of apt configuration that other apts need to reach the same mirrors: proxies, and leave to use an archived mirror's old dates.
 * @param {string} [dump] what `apt-config dump` prints
 * @returns {string}
 */
export function aptNetworkSettings(dump = ask('apt-config', ['dump']).output) {
  const wanted =
    /^Acquire::(?:https?::(?:Proxy|Timeout|[\w.-]+::Proxy)|Check-Valid-Until|Check-Date|Retries|ForceIPv[46])\b/i
  return dump
    .split('\n')
    .filter((line) => wanted.test(line))
    .map((line) => `${line}\n`)
    .join('')
}
