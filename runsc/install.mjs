// gVisor's runsc, from the first source that works; each checks what it got before it is put in place.
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { suiteSources, aptNetworkSettings } from '../setup/apt.mjs'
import { download } from '../setup/download.mjs'
import { ask, findProgram, Interruption, runShown, say, SetupError } from '../setup/shell.mjs'
import { logFile } from '../setup/state.mjs'

export const PIN = JSON.parse(readFileSync(new URL('version.json', import.meta.url), 'utf8'))

/** Where our copies live, one folder for each version. */
export const LIBRARY = '/usr/local/lib/sallyport'

/** @typedef {{ path: string, version: string, source: string }} Runsc */

/**
 * The day a runsc was made, `YYYYMMDD`, from what `runsc --version` prints or from a version string; null when it has none.
 * @param {string} text
 * @returns {string | null}
 */
export const releaseDay = (text) => /(?<!\d)(20\d{6})(?!\d{7,})/.exec(text)?.[1] ?? null

/**
 * Whether a version is at least as new as a day `YYYYMMDD`; one without a day is not.
 * @param {string} version
 * @param {string} day
 */
export const isAtLeast = (version, day) => (releaseDay(version) ?? '') >= day

/**
 * The version a binary says it has, or null when it does not run here.
 * @param {string} path
 * @returns {string | null}
 */
export function runscVersion(path) {
  const { ok, output } = ask(path, ['--version'], { seconds: 10 })
  return ok ? (/^runsc version (\S+)/m.exec(output)?.[1] ?? null) : null
}

/** Debian's group for those who may administer /usr/local. */
const STAFF = 50

/**
 * Whether only root can change the binary. Docker runs it as root, so a file that somebody else may write is no candidate.
 * @param {string} path
 */
function isRootsOwn(path) {
  let place = realpathSync(path)
  for (;;) {
    const { uid, gid, mode } = statSync(place)
    const groupIsRoots = gid === 0 || gid === STAFF
    if (uid !== 0 || (mode & 0o002 && !(mode & 0o1000)) || (mode & 0o020 && !groupIsRoots)) return false
    if (place === '/') return true
    place = dirname(place)
  }
}

/**
 * An installed runsc new enough, the one Docker already uses first.
 * @param {{ registered?: string[], since?: string }} [options] `registered`: paths that Docker knows
 * @returns {Runsc | null}
 */
export function findInstalled({ registered = [], since = PIN.preferred } = {}) {
  const ours = existsSync(LIBRARY)
    ? readdirSync(LIBRARY)
        .filter((name) => name.startsWith('runsc-'))
        .sort()
        .reverse()
    : []
  const candidates = [...registered, ...ours.map((name) => join(LIBRARY, name, 'runsc')), findProgram('runsc')]
  for (const path of candidates) {
    if (path === null || !path.startsWith('/') || !existsSync(path) || !isRootsOwn(path)) continue
    const version = runscVersion(path)
    if (version !== null && isAtLeast(version, since)) return { path, version, source: 'installed' }
  }
  return null
}

/**
 * Puts a verified binary in place, whole or not at all.
 * @param {string} from
 * @param {string} source
 * @returns {Runsc}
 */
function putInPlace(from, source) {
  chmodSync(from, 0o755)
  const version = runscVersion(from)
  if (version === null || !isAtLeast(version, PIN.acceptable))
    throw new SetupError(`what ${source} gave does not run here, or is older than ${PIN.acceptable}`)
  const folder = join(LIBRARY, `runsc-${version.replaceAll(/[^\w.-]/g, '-')}`)
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const path = join(folder, 'runsc')
  copyFileSync(from, `${path}.new`)
  chmodSync(`${path}.new`, 0o755)
  renameSync(`${path}.new`, path)
  return { path, version, source }
}

/**
 * The SHA-256 of a file, in hex.
 * @param {string} path
 */
export async function sha256(path) {
  const digest = createHash('sha256')
  for await (const part of createReadStream(path)) digest.update(part)
  return digest.digest('hex')
}

/**
 * gVisor's own release, checked against the checksum pinned in version.json.
 * @param {string} folder to work in
 * @param {{ address: string, sha256: string }} [release]
 */
export async function fromReleaseStorage(folder, release = PIN.release) {
  if (process.arch !== 'x64') throw new SetupError(`the pinned release is for x86-64, this machine is ${process.arch}`)
  const file = join(folder, 'runsc-release')
  await download('download runsc from gVisor’s release storage', release.address, file)
  const found = await sha256(file)
  if (found !== release.sha256)
    throw new SetupError(`the downloaded runsc has checksum ${found}, not the pinned ${release.sha256}`)
  return file
}

/**
 * Built from the Go module at its pinned version, which Go checks against its checksum database.
 * @param {string} folder
 */
export async function fromGoModule(folder) {
  const go = findProgram('go')
  if (go === null) throw new SetupError('Go is not installed')
  const { path, version } = PIN.module
  const flags = `-s -w -X gvisor.dev/gvisor/runsc/version.version=${version.replace(/^v/, '')}`
  await runShown(
    'build runsc from the Go module (a minute or two)',
    [go, 'install', '-trimpath', '-ldflags', flags, `${path}@${version}`],
    {
      log: logFile('runsc-go'),
      folder,
      environment: { ...process.env, CGO_ENABLED: '0', GOBIN: folder, GOFLAGS: '-buildvcs=false' },
    },
  )
  return join(folder, 'runsc')
}

/**
 * Debian's package, fetched by an apt that trusts only Debian's archive keys; nothing of the host's package state changes.
 * @param {string} folder
 */
export async function fromDebian(folder) {
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg'
  const apt = findProgram('apt-get')
  if (apt === null || !existsSync(keys)) throw new SetupError(`apt-get or Debian's archive keys (${keys}) are missing`)
  const { suite, package: name } = PIN.debian
  for (const part of ['lists/partial', 'cache/archives/partial', 'empty'])
    mkdirSync(join(folder, part), { recursive: true })
  writeFileSync(
    join(folder, 'sources.list'),
    suiteSources(suite)
      .map((line) => `${line.replace('deb ', `deb [signed-by=${keys}] `)}\n`)
      .join(''),
  )
  writeFileSync(join(folder, 'apt.conf'), aptNetworkSettings())
  writeFileSync(join(folder, 'status'), '')
  const settings = {
    'Dir::Etc::SourceList': join(folder, 'sources.list'),
    'Dir::Etc::SourceParts': join(folder, 'empty'),
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Sandbox::User': 'root',
  }
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])
  const environment = { ...process.env, APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' }
  await runShown(`refresh the list of Debian ${suite}’s packages`, [apt, ...options, 'update'], {
    log: logFile('runsc-debian-update'),
    folder,
    environment,
  })
  await runShown(`download Debian ${suite}’s runsc`, [apt, ...options, 'download', name], {
    log: logFile('runsc-debian'),
    folder,
    environment,
  })
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb'))
  if (archive === undefined) throw new SetupError('apt downloaded no package')
  const unpacked = ask('dpkg-deb', ['-x', join(folder, archive), join(folder, 'unpacked')])
  if (!unpacked.ok) throw new SetupError(`the package could not be unpacked: ${unpacked.problem}`)
  return join(folder, 'unpacked/usr/bin/runsc')
}

/**
 * Why a source gave nothing: what was tried, and the last thing the program said about it.
 * @param {unknown} error
 */
function reasonOf(error) {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n')
  const said = lines.slice(1).findLast((line) => !line.includes('the whole output:'))
  return said === undefined ? (lines[0] ?? '') : `${lines[0]}: ${said.trim()}`
}

/** In order of preference; each gives the path of a verified binary or throws. */
const SOURCES = [
  { name: 'gVisor’s release storage', get: fromReleaseStorage },
  { name: 'the Go module', get: fromGoModule },
  { name: 'Debian trixie', get: fromDebian },
]

/**
 * A runsc that may be used: an installed one, else the first source that gives one. Says why each other did not.
 * @param {{ registered?: string[], sources?: { name: string, get: (folder: string) => Promise<string> }[], installed?: typeof findInstalled }} [options]
 * @returns {Promise<Runsc>}
 */
export async function ensureRunsc({ registered = [], sources = SOURCES, installed = findInstalled } = {}) {
  const found = installed({ registered })
  if (found !== null) return found
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-runsc-'))
  const reasons = []
  try {
    for (const { name, get } of sources) {
      try {
        return putInPlace(await get(folder), name)
      } catch (error) {
        if (error instanceof Interruption) throw error
        const reason = reasonOf(error)
        reasons.push(`${name}: ${reason}`)
        say(`  – ${name}: ${reason}`)
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const older = installed({ registered, since: PIN.acceptable })
  if (older !== null) return older
  throw new SetupError(
    `No runsc could be had:\n${reasons.map((reason) => `    ${reason}`).join('\n')}`,
    'Give this machine a way to one of these sources, or put a runsc on PATH, then run this again.',
  )
}
