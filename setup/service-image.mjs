#!/usr/bin/env node
// `npm run service-image`: the image of the service, of this checkout and the packages it has, without any registry. Its tag is a
// digest of what it is made from, and is all that is printed.
import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeBuildHost } from './build-host.mjs'
import { localImage } from './docker-api.mjs'
import { BASE, buildWithDocker, ensureBase } from './image.mjs'
import { IMAGE_FOLDER } from './image-tag.mjs'
import { PROJECT } from './packages.mjs'
import { ask, Interruption, runShown, say, SetupError } from './shell.mjs'
import { logFile, withLock } from './state.mjs'

export const SERVICE_IMAGE_NAME = 'sallyport'

/** What the package is compiled from. */
const SOURCES = ['src', 'tsconfig.json', 'tsconfig.build.json', 'vite.config.ts']

/** What of the package is in the image: without documentation, clients and what is deployed beside it. */
const PACKED = ['package.json', 'LICENSE', 'dist', 'policies', 'runsc', 'sandbox-images', 'setup']

/** What of it nothing in the image uses, and changes often: the cluster for tests. */
const UNUSED = 'setup/kubernetes'

/** What else decides how the image comes out. */
const SETTINGS = ['package-lock.json', 'deploy/service/Dockerfile']

/**
 * `sallyport:<first 12 hex digits of the SHA-256 over names and bytes of all that the image is made from>`.
 * @param {string} [project]
 * @returns {string}
 */
export function serviceImageTag(project = PROJECT) {
  const digest = createHash('sha256')
  const wanted = [...SOURCES, ...PACKED.filter((name) => name !== 'dist'), ...SETTINGS]
  for (const path of wanted.flatMap((name) => filesOf(project, name)).sort()) {
    const bytes = readFileSync(join(project, path))
    digest.update(`${path}\0${bytes.length}\0`).update(bytes)
  }
  return `${SERVICE_IMAGE_NAME}:${digest.digest('hex').slice(0, 12)}`
}

/**
 * Paths from the project of a file, or of all files of a folder that a run did not leave there.
 * @param {string} project
 * @param {string} name
 */
function filesOf(project, name) {
  if (statSync(join(project, name)).isFile()) return [name]
  const entries = readdirSync(join(project, name), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name: own }) => join(parentPath, own))
  const paths = files.map((path) => path.slice(project.length + 1))
  return paths.filter((path) => !path.startsWith(`${UNUSED}/`) && !path.includes('/__pycache__/'))
}

/**
 * The places in node_modules of the packages that the service needs to run, as package-lock.json has them; those of other
 * platforms are not there.
 * @param {string} lock the text of package-lock.json
 * @returns {string[]} such as `node_modules/pg`
 */
export function packagesToRun(lock) {
  const { packages } = JSON.parse(lock)
  return Object.entries(packages).flatMap(([path, { dev, devOptional, link }]) =>
    path === '' || dev === true || devOptional === true || link === true ? [] : [path],
  )
}

/**
 * Makes sure that Docker has the image of the service for this checkout's files.
 * @returns {Promise<string>} its tag
 */
export async function ensureServiceImage() {
  const tag = serviceImageTag()
  await withLock('service-image', async () => {
    if ((await localImage(tag)) === null) await build(tag)
  })
  return tag
}

/** @param {string} tag */
async function build(tag) {
  const base = await ensureBase()
  const work = mkdtempSync(join(tmpdir(), 'sallyport-service-'))
  try {
    const context = join(work, 'context')
    mkdirSync(join(context, 'package'), { recursive: true })
    const unpacked = await pack(work)
    for (const name of PACKED) cpSync(join(unpacked, name), join(context, 'package', name), { recursive: true })
    rmSync(join(context, 'package', UNUSED), { recursive: true })
    copyPackages(context)
    cpSync(join(PROJECT, 'deploy/service/Dockerfile'), join(context, 'Dockerfile'))
    cpSync(join(IMAGE_FOLDER, 'apply-build-host.sh'), join(context, 'apply-build-host.sh'))
    writeBuildHost(join(context, 'build-host'), BASE.suite)
    await buildWithDocker({ title: `build the image of the service ${tag}`, tag, base, kind: 'service', context })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/**
 * The package as npm packs it, of a copy, so that nothing built before plays a part.
 * @param {string} work
 */
async function pack(work) {
  const copy = join(work, 'checkout')
  mkdirSync(copy)
  const { files } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'))
  const named = files.filter((/** @type {string} */ name) => name !== 'dist' && !name.startsWith('!'))
  for (const name of ['package.json', 'LICENSE', ...SOURCES, ...named])
    cpSync(join(PROJECT, name), join(copy, name), { recursive: true })
  symlinkSync(join(PROJECT, 'node_modules'), join(copy, 'node_modules'))
  await runShown('pack the service', ['npm', 'pack', '--silent', '--pack-destination', work], {
    log: logFile('service-pack'),
    folder: copy,
    advice: 'Its message stands above; npm run check says more where the checkout does not compile.',
  })
  const archive = readdirSync(work).find((name) => name.endsWith('.tgz')) ?? ''
  const unpacked = ask('tar', ['-xzf', join(work, archive), '-C', work])
  if (!unpacked.ok) throw new SetupError(`What npm packed could not be unpacked: ${unpacked.problem}`)
  return join(work, 'package')
}

/** Those that were installed by the lock, without what other packages in them are for. @param {string} context */
function copyPackages(context) {
  for (const path of packagesToRun(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8'))) {
    const from = join(PROJECT, path)
    if (!filesThere(from)) continue
    const own = (/** @type {string} */ source) => !source.slice(from.length).startsWith('/node_modules')
    cpSync(realpathSync(from), join(context, path), {
      recursive: true,
      filter: (source) => own(source.replace(realpathSync(from), from)),
    })
  }
}

/** @param {string} folder */
function filesThere(folder) {
  try {
    return readdirSync(folder).length > 0
  } catch {
    return false
  }
}

if (realpathSync(process.argv[1] ?? '.') === import.meta.filename) {
  try {
    process.stdout.write(`${await ensureServiceImage()}\n`)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(`✖ ${error.message}${error.advice === '' ? '' : `\n  → ${error.advice}`}`)
    process.exitCode = error instanceof Interruption ? error.exitCode : 1
  }
}
