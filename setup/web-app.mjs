// The web app, built of its sources by Vite into build/web: again whenever they have changed. An installed package brings it along.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { PROJECT, projectNode } from './packages.mjs'
import { runShown, SetupError } from './shell.mjs'
import { logFile, withLock } from './state.mjs'

/** Where the service of a checkout looks for it. */
export const WEB_APP = join(PROJECT, 'build', 'web')

const SOURCES = join('src', 'web')

/** What else decides how the app comes out. */
const SETTINGS = ['package-lock.json', 'vite.config.ts', 'setup/web-app.mjs']

/**
 * Why the app has to be built, or null where it is there as its sources have it, or where there are no sources.
 * @param {{ project?: string, folder?: string }} [places]
 * @returns {string | null}
 */
export function webAppProblem({ project = PROJECT, folder = WEB_APP } = {}) {
  if (!existsSync(join(project, SOURCES))) return null
  if (!existsSync(join(folder, 'index.html'))) return 'it has not been built'
  return readable(digestFile(folder)) === sourcesDigest(project) ? null : 'its sources have changed'
}

/** @param {string} folder */
const digestFile = (folder) => join(folder, '.vite', 'sources')

/**
 * Identifies the sources and the settings by their names and contents.
 * @param {string} project
 */
function sourcesDigest(project) {
  const below = readdirSync(join(project, SOURCES), { recursive: true, withFileTypes: true })
  const files = below.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const hash = createHash('sha256')
  for (const path of [...files.sort(), ...SETTINGS.map((name) => join(project, name))]) {
    hash.update(`${path.slice(project.length)}\0${readable(path) ?? ''}\0`)
  }
  return hash.digest('hex')
}

/**
 * Builds the app where it has to be, once at a time for each checkout. It takes the place of the former one when it is whole.
 * Rejects with SetupError.
 */
export async function ensureWebApp() {
  if (webAppProblem() === null) return
  const name = `web-${createHash('sha256').update(PROJECT).digest('hex').slice(0, 12)}`
  await withLock(name, async () => {
    if (webAppProblem() !== null) await buildWebApp(WEB_APP)
  })
}

/**
 * @param {string} folder where it is to lie
 */
async function buildWebApp(folder) {
  const digest = sourcesDigest(PROJECT)
  const made = `${folder}.${process.pid}.new`
  try {
    const vite = join(PROJECT, 'node_modules', 'vite', 'bin', 'vite.js')
    await runShown(
      'build the web app',
      [projectNode() ?? process.execPath, vite, 'build', '--config', join(PROJECT, 'vite.config.ts'), '--outDir', made],
      { log: logFile('web-app'), folder: PROJECT, seconds: 300, advice: 'Its message stands above.' },
    )
    await compressFiles(made)
    writeFileSync(digestFile(made), digest)
    const former = `${folder}.${process.pid}.former`
    if (existsSync(folder)) renameSync(folder, former)
    renameSync(made, folder)
    rmSync(former, { recursive: true, force: true })
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

const COMPRESSED = new Set(['.js', '.css', '.svg'])

/**
 * Puts a `.br` and a `.gz` beside each file that gets smaller by it, so that the service never compresses them itself.
 * @param {string} folder
 */
async function compressFiles(folder) {
  const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)]
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && COMPRESSED.has(extname(entry.name)))
  await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      const content = await readFile(path)
      const forms = /** @type {const} */ ([
        ['.br', await brotli(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } })],
        ['.gz', await zip(content, { level: 9 })],
      ])
      for (const [ending, form] of forms) if (form.length < content.length) await writeFile(path + ending, form)
    }),
  )
}

/** @param {string} path */
function readable(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

// `npm run build` has it built into the package.
if (realpathSync(process.argv[1] ?? '.') === import.meta.filename) {
  try {
    await buildWebApp(resolve(process.argv[2] ?? WEB_APP))
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`✖ ${error.message}\n  → ${error.advice}\n`)
    process.exitCode = 1
  }
}
