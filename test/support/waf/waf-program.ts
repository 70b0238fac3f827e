import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { installInTurn } from '../databases/install-in-turn.ts'

export const wafFolder = resolve(import.meta.dirname, '../../../deploy/waf')

const cache = process.getuid?.() === 0 ? '/var/cache/sallyport-tests' : join(homedir(), '.cache/sallyport-tests')

const ruleSet = 'github.com/corazawaf/coraza-coreruleset/v4'

/** Longer than a build of all its modules takes on a slow machine. */
const patience = 900_000

/** The proxy of deploy/waf and the tests of the rule set that it is built with; else why they are not to be had. */
export type WafProgram = { readonly path: string; readonly ruleTests: string } | { readonly missing: string }

/** The proxy as its sources are now, built by this machine's Go, once for each state of them, outside the checkout. */
export function wafProgram(): WafProgram {
  const go = ['go', '/usr/local/go/bin/go'].find((name) => spawnSync(name, ['version']).status === 0)
  if (go === undefined) return { missing: 'there is no Go to build it with' }
  const run = (...words: readonly string[]) =>
    spawnSync(go, words, {
      cwd: wafFolder,
      encoding: 'utf8',
      timeout: patience,
      env: { ...process.env, CGO_ENABLED: '0' },
    })
  const path = join(cache, `waf-static-${digestOfSources()}`)
  return installInTurn(cache, () => {
    if (!existsSync(path)) {
      mkdirSync(cache, { recursive: true })
      const built = run('build', '-buildvcs=false', '-tags', 'no_fs_access', '-trimpath', '-o', `${path}.building`, '.')
      if (built.status !== 0) return { missing: `it could not be built: ${built.stderr.trim().slice(-300)}` }
      renameSync(`${path}.building`, path)
    }
    // The program may be there from another time, whose modules were kept elsewhere.
    const fetched = run('mod', 'download', ruleSet)
    if (fetched.status !== 0) return { missing: `its modules are not there: ${fetched.stderr.trim().slice(-300)}` }
    const listed = run('list', '-m', '-f', '{{.Dir}}', ruleSet)
    if (listed.stdout.trim() === '')
      return { missing: `its modules are not there: ${listed.stderr.trim().slice(-300)}` }
    return { path, ruleTests: join(listed.stdout.trim(), 'tests') }
  })
}

function digestOfSources(): string {
  const hash = createHash('sha256')
  const sources = readdirSync(wafFolder).filter((name) => /\.go$|^go\.(?:mod|sum)$/.test(name))
  for (const name of sources.toSorted()) hash.update(name).update(readFileSync(join(wafFolder, name)))
  return hash.digest('hex').slice(0, 16)
}
