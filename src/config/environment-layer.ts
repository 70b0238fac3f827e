import { readRegularFileSync } from '../files/regular-file.ts'
import type { Variables } from './environment.ts'
import { formatPath, type Leaf } from './schema-paths.ts'
import { flatten, type Origin, type Problem, type Setting } from './settings.ts'
import { suggest } from './suggest.ts'
import { unitNote } from './units.ts'
import { yaml } from './yaml-library.ts'

const prefix = 'SALLYPORT_'

/**
 * Variables with this prefix that are not settings: the path of the file, a caller's key, and those of docker-compose
 * and the tests.
 */
const reserved = new Set([
  'SALLYPORT_CONFIG',
  'SALLYPORT_KEY',
  'SALLYPORT_READER_PASSWORD',
  'SALLYPORT_DATA',
  'SALLYPORT_KUBERNETES',
])
const reservedPrefixes = ['SALLYPORT_SETUP_', 'SALLYPORT_TEST_']

/** `model.base_url` → `SALLYPORT_MODEL_BASE_URL`. */
export function variableName(path: readonly string[]): string {
  return prefix + path.join('_').toUpperCase()
}

interface Layer {
  readonly settings: readonly Setting[]
  readonly problems: readonly Problem[]
}

/** A text as the leaf wants it. Lists may be written with commas; numbers, booleans and maps are read as YAML. */
function readValue(leaf: Leaf, text: string): unknown {
  if (leaf.kind === 'text') return text
  if (leaf.kind === 'list' && !text.trimStart().startsWith('[')) {
    return text.split(',').map((item) => item.trim())
  }
  return yaml().parse(text)
}

/**
 * Settings given by environment variables. `SALLYPORT_<SECTION>_<KEY>` sets a value (two underscores between section
 * and key are accepted too), `…_FILE` names a file that holds it. An unknown variable is an error, never ignored.
 */
export function environmentLayer(variables: Variables, leaves: readonly Leaf[]): Layer {
  const byName = new Map(leaves.map((leaf) => [variableName(leaf.path), leaf]))
  const settings: Setting[] = []
  const problems: Problem[] = []
  for (const [name, text] of Object.entries(variables)) {
    if (text === undefined || !name.startsWith(prefix) || isReserved(name)) continue
    const origin: Origin = { kind: 'environment', where: name, line: null, column: null }
    const from = { origin, indirect: true }
    const plain = name.replaceAll(/_{2,}/g, '_')
    const leaf = byName.get(plain)
    const fileLeaf = plain.endsWith('_FILE') ? byName.get(plain.slice(0, -'_FILE'.length)) : undefined
    try {
      if (leaf !== undefined) settings.push(...flatten(leaf.path, readValue(leaf, text), from))
      else if (fileLeaf === undefined) problems.push(unknown(name, plain, leaves))
      else settings.push(...flatten(fileLeaf.path, readValue(fileLeaf, readSecretFile(text)), from))
    } catch (error) {
      const path = formatPath((leaf ?? fileLeaf)?.path ?? [])
      problems.push({
        origin,
        message: `${path} cannot be read: ${error instanceof Error ? error.message : 'unknown'}`,
      })
    }
  }
  return { settings, problems }
}

const secretLimit = { bytes: 1_048_576, setting: null }

/** The text of a file that holds one value; a line break at its end is not part of it. */
export function readSecretFile(path: string): string {
  const text = readRegularFileSync(path, secretLimit)
    .toString('utf8')
    .replace(/\r?\n$/, '')
  if (text === '') throw new Error(`the file ${path} is empty`)
  return text
}

function isReserved(name: string): boolean {
  return reserved.has(name) || reservedPrefixes.some((start) => name.startsWith(start))
}

/** The variable of the section that the name begins with, the innermost one, whose key is most likely meant. */
function suggestInSection(plain: string, leaves: readonly Leaf[]): string | null {
  const sections = leaves.map(({ path }) => path.slice(0, -1)).filter((path) => plain.startsWith(start(path)))
  const [section] = sections.toSorted((left, right) => right.length - left.length)
  if (section === undefined || section.length === 0) return null
  const keys = leaves
    .filter(({ path }) => start(path.slice(0, -1)) === start(section))
    .map(({ path }) => path.at(-1) ?? '')
  const near = suggest(plain.slice(start(section).length).toLowerCase(), keys)
  return near === null ? null : variableName([...section, near])
}

function start(section: readonly string[]): string {
  return `${variableName(section)}_`
}

function unknown(name: string, plain: string, leaves: readonly Leaf[]): Problem {
  const near =
    suggestInSection(plain, leaves) ??
    suggest(
      plain,
      leaves.map((leaf) => variableName(leaf.path)),
    )
  const hint =
    near === null
      ? '"sallyport config show --origin" lists every setting'
      : `did you mean ${near}${unitNote(plain, near)}?`
  return {
    origin: { kind: 'environment', where: name, line: null, column: null },
    message: `no setting has this name; ${hint}`,
  }
}
