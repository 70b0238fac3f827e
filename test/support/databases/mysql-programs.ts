import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { aptNetworkSettings, debianMirrors } from '../../../setup/apt.mjs'
import { installInTurn } from './install-in-turn.ts'

// The programs of both vendors' servers: MariaDB from Debian's package, installed; MySQL from the packages of Debian's
// development suite, the only one that has it, unpacked into a folder and run there with the libraries they came with.

export type MysqlVendor = 'mariadb' | 'mysql'

/** How one vendor's server is made and started. */
export interface MysqlPrograms {
  /** The server with what goes before its own options. */
  readonly server: readonly string[]
  /** Makes an empty data folder, where root has no password. */
  install(data: string): readonly string[]
}

const unpacked = '/var/cache/sallyport-tests/mysql'
const mariadb = '/usr/sbin/mariadbd'
const user = process.getuid?.() === 0 ? ['--user=root'] : []
const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
const fetchMilliseconds = 300_000

/** Why no server of this vendor can be started, or null when there is one. */
export function ensureMysql(vendor: MysqlVendor): string | null {
  const ensure = vendor === 'mariadb' ? ensureMariadb : ensureUnpacked
  // Others install nothing.
  return process.getuid?.() === 0 ? installInTurn(dirname(unpacked), ensure) : ensure()
}

export const names: Readonly<Record<MysqlVendor, string>> = { mariadb: 'MariaDB', mysql: 'MySQL' }

export function mysqlPrograms(vendor: MysqlVendor): MysqlPrograms {
  if (vendor === 'mariadb') {
    return {
      server: [mariadb, '--no-defaults', ...user],
      install: (data) => [
        'mariadb-install-db',
        '--no-defaults',
        ...user,
        `--datadir=${data}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ],
    }
  }
  const libraries = join(unpacked, 'usr/lib/x86_64-linux-gnu')
  const own = [`--basedir=${join(unpacked, 'usr')}`, `--lc-messages-dir=${join(unpacked, 'usr/share/mysql')}`]
  const loader = [join(libraries, 'ld-linux-x86-64.so.2'), '--library-path', libraries]
  const server = [...loader, join(unpacked, 'usr/sbin/mysqld'), '--no-defaults', ...user, ...own, '--mysqlx=OFF']
  return { server, install: (data) => [...server, '--initialize-insecure', `--datadir=${data}`] }
}

function ensureMariadb(): string | null {
  if (existsSync(mariadb)) return null
  if (process.getuid?.() !== 0) return "no MariaDB server is installed and only root can install Debian's package"
  // Debian's package would otherwise start a server of its own, where there is something that starts services.
  const policy = '/usr/sbin/policy-rc.d'
  const isOurs = !existsSync(policy)
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  const said = installPackage('mariadb-server')
  if (isOurs) rmSync(policy)
  return existsSync(mariadb) ? null : `apt-get could not install mariadb-server: ${said}`
}

function ensureUnpacked(): string | null {
  if (existsSync(join(unpacked, 'usr/sbin/mysqld'))) return null
  if (process.getuid?.() !== 0) return "it is not installed and only root can unpack Debian's packages"
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'its packages are unpacked on Linux on x64 only'
  if (spawnSync('mmdebstrap', ['--version']).status !== 0) installPackage('mmdebstrap')
  // Made aside: what is there is whole.
  const workshop = mkdtempSync(join(dirname(unpacked), 'fetch-'))
  const folder = join(workshop, 'mysql')
  try {
    const settings = join(workshop, 'apt.conf')
    // An archived mirror's list of this suite is out of date by its own word; its signature is checked all the same.
    writeFileSync(settings, `${aptNetworkSettings()}Acquire::Check-Valid-Until "false";\n`)
    const options = ['--variant=extract', '--mode=root', `--aptopt=${settings}`, '--include=mysql-server-core']
    const keys = '--keyring=/usr/share/keyrings/debian-archive-keyring.gpg'
    const made = spawnSync('mmdebstrap', [...options, keys, 'sid', folder, debianMirrors().main], {
      encoding: 'utf8',
      timeout: fetchMilliseconds,
    })
    if (made.status !== 0) return `mmdebstrap could not unpack mysql-server-core: ${(made.stderr ?? '').slice(-300)}`
    if (!existsSync(unpacked)) renameSync(folder, unpacked)
    return null
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
}

/** What apt-get complained of, for when the program is not there afterwards. */
function installPackage(name: string): string {
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env: quiet })
  const arguments_ = ['install', '-y', '-qq', '--no-install-recommends', name]
  return spawnSync('apt-get', arguments_, { encoding: 'utf8', env: quiet }).stderr.trim().slice(-300)
}
