import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { installInTurn } from '../databases/install-in-turn.ts'

/** The version that the bundle in the repository is built with. */
export const opaVersion = '1.22.4'

const cache = process.getuid?.() === 0 ? '/var/cache/sallyport-tests' : join(homedir(), '.cache/sallyport-tests')

/** Longer than a build of all its modules takes on a slow machine. */
const patience = 900_000

/** OPA, where it is to be had: its path; else why not, for people. */
export type OpaBinary = { readonly path: string } | { readonly missing: string }

/**
 * OPA of exactly this version: the one on this machine's path, or one that is built from its Go module once, outside the
 * checkout, by this machine's Go.
 */
export function opaBinary(): OpaBinary {
  if (isFit('opa')) return { path: 'opa' }
  const folder = join(cache, `opa-${opaVersion}`)
  const path = join(folder, 'opa')
  return installInTurn(cache, () => {
    if (existsSync(path)) return { path }
    const go = ['go', '/usr/local/go/bin/go'].find((name) => spawnSync(name, ['version']).status === 0)
    if (go === undefined) return { missing: `OPA ${opaVersion} is not installed, and there is no Go to build it with` }
    mkdirSync(folder, { recursive: true })
    const environment = { ...process.env, GOBIN: join(folder, 'built'), GOFLAGS: '-trimpath' }
    const module = `github.com/open-policy-agent/opa@v${opaVersion}`
    const built = spawnSync(go, ['install', module], { encoding: 'utf8', env: environment, timeout: patience })
    if (built.status !== 0)
      return { missing: `OPA ${opaVersion} could not be built: ${built.stderr.trim().slice(-300)}` }
    renameSync(join(folder, 'built/opa'), path)
    return { path }
  })
}

function isFit(program: string): boolean {
  const said = spawnSync(program, ['version'], { encoding: 'utf8' })
  return said.status === 0 && said.stdout.includes(`Version: ${opaVersion}\n`)
}
