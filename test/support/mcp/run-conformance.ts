import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { temporaryFolder } from '../temporary-folder.ts'

const program = resolve(import.meta.dirname, '../../../node_modules/@modelcontextprotocol/conformance/dist/index.js')

export interface ConformanceReport {
  /** How it ended: 0 where every scored check passed. */
  readonly code: number
  readonly text: string
  /** Scenarios that count, as the summary says it: `ping: 2 passed, 0 failed`. */
  readonly scored: readonly string[]
  /** Checks that failed, each as `scenario: check: message`. */
  readonly failures: readonly string[]
}

/** Runs the conformance suite against a server: what a revision requires, or some scenarios at its wire. */
export async function runConformance(
  url: string,
  what: { readonly requirements: string } | { readonly scenario: string; readonly revision: string },
): Promise<ConformanceReport> {
  const folder = temporaryFolder('conformance-')
  const chosen =
    'requirements' in what
      ? ['--requirements', what.requirements]
      : ['--scenario', what.scenario, '--spec-version', what.revision]
  const { code, text } = await run([program, 'server', '--url', url, ...chosen, '-o', folder])
  const checks = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('checks.json'))
  const failures: string[] = []
  for (const path of checks) {
    const found = JSON.parse(await readFile(join(folder, path), 'utf8')) as readonly Check[]
    const scenario = path.replace(/^server-|-\d{4}-.*$/g, '')
    for (const { id, status, errorMessage } of found) {
      if (status === 'FAILURE') failures.push(`${scenario}: ${id}: ${errorMessage ?? ''}`)
    }
  }
  return { code, text, failures, scored: scoredIn(text) }
}

function scoredIn(text: string): readonly string[] {
  const [, summary = ''] = text.split('=== SUMMARY ===')
  const [all = '', others = ''] = summary.split('\nNot scored for')
  const unscored = new Set(Array.from(others.matchAll(/[✓✗] (\S+) \(/g), ([, name]) => name))
  return Array.from(all.matchAll(/[✓✗] (\S+): (.*)/g), ([, name = '', counts = '']) => [name, counts] as const)
    .filter(([name]) => !unscored.has(name))
    .map(([name, counts]) => `${name}: ${counts}`)
}

interface Check {
  readonly id: string
  readonly status: string
  readonly errorMessage?: string
}

function run(words: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((done) => {
    execFile(process.execPath, words, { maxBuffer: 64 * 1024 * 1024 }, (error, out, said) => {
      done({ code: error === null ? 0 : Number(error.code ?? 1), text: `${out}\n${said}` })
    })
  })
}
