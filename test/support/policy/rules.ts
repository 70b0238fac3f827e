import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { temporaryFolder } from '../temporary-folder.ts'
import { opaBinary } from './opa-binary.ts'

const root = resolve(import.meta.dirname, '../../..')
const opa = opaBinary()

/** Why there is no OPA here, for the title of what is skipped; null where there is one. */
export const noOpa = 'missing' in opa ? opa.missing : null

/** The program; only where `noOpa` is null. */
export const opaProgram = 'path' in opa ? opa.path : 'opa'

/** A folder of the rules in the repository with these files in place of theirs, or beside them. */
export function rulesWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder('policy-')
  cpSync(join(root, 'policies'), folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** Builds a folder of rules as an operator does; the path of the bundle. Throws what OPA says of rules that are none. */
export function buildBundle(folder: string, target: 'wasm' | 'rego' = 'wasm'): string {
  const bundle = join(temporaryFolder('policy-'), 'bundle.tar.gz')
  const environment = { ...process.env, OPA: opaProgram, TARGET: target }
  const options = { cwd: root, encoding: 'utf8', env: environment } as const
  const { status, stderr } = spawnSync(join(root, 'policies/build.sh'), [folder, bundle], options)
  if (status !== 0) throw new Error(stderr)
  return bundle
}

/** The bytes of the bundle that a folder of rules makes. */
export const bundleOf = (folder: string): Buffer => readFileSync(buildBundle(folder))
