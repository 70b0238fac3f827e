import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { installInTurn } from '../databases/install-in-turn.ts'

const cache = process.getuid?.() === 0 ? '/var/cache/sallyport-tests' : join(homedir(), '.cache/sallyport-tests')

/** Prometheus' tool for rules, where it is to be had: its path; else why not, for people. */
export type Promtool = { readonly path: string } | { readonly missing: string }

/**
 * The promtool of this machine's path, or the one of Debian's package, which is taken out of it and not installed: that
 * would start a server.
 */
export function promtool(): Promtool {
  if (isThere('promtool')) return { path: 'promtool' }
  const path = join(cache, 'prometheus/usr/bin/promtool')
  return installInTurn(cache, () => {
    if (existsSync(path)) return { path }
    mkdirSync(cache, { recursive: true })
    const folder = mkdtempSync(join(cache, 'prometheus-'))
    const run = (program: string, words: readonly string[]) =>
      spawnSync(program, words, { cwd: folder, encoding: 'utf8', timeout: 300_000 })
    if (run('apt-get', ['--version']).status !== 0) {
      return { missing: "promtool is not installed, and there is no apt-get to fetch Debian's package with" }
    }
    if (process.getuid?.() === 0) run('apt-get', ['update', '-qq'])
    const fetched = run('apt-get', ['download', '-qq', 'prometheus'])
    const file = readdirSync(folder).find((name) => name.endsWith('.deb'))
    if (file === undefined)
      return { missing: `Debian's prometheus could not be fetched: ${fetched.stderr.slice(-300)}` }
    run('dpkg-deb', ['-x', file, 'unpacked'])
    renameSync(join(folder, 'unpacked'), join(cache, 'prometheus'))
    return { path }
  })
}

function isThere(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0
}
