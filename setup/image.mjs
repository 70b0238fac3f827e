// The sandbox image: found by its tag, or built from sandbox-images/python.
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { aptNetworkSettings, installPackages, suiteSources } from './apt.mjs'
import { proxyArguments, writeBuildHost } from './build-host.mjs'
import { localImage } from './docker-api.mjs'
import { IMAGE_FOLDER, IMAGE_NAME, imageIngredients, imageTag } from './image-tag.mjs'
import { ask, findProgram, isRoot, runShown, say, showProgress, SetupError } from './shell.mjs'
import { logFile } from './state.mjs'

/** Bytes an image may have before the set-up complains: it is copied to every host that runs sandboxes. */
export const IMAGE_LIMIT = 1_300_000_000

/** Seconds in which a registry must begin to answer, else the base is made here. */
const REGISTRY_PATIENCE = 8

/** The distribution that images are made from: a reference by digest, and its name. */
export const BASE = JSON.parse(readFileSync(join(IMAGE_FOLDER, 'base.json'), 'utf8'))
const OWN_BASE = `sallyport-base:${BASE.suite}`

/** The docker client's path; the daemon may be there without it. */
function client() {
  const path = findProgram('docker')
  if (path === null)
    throw new SetupError(
      'The Docker daemon answers, but its command-line client is not installed.',
      'Install the docker client (Debian: docker-cli or docker.io), then run this again.',
    )
  return path
}

/**
 * Makes sure that the image for this checkout's files is there.
 * @returns {Promise<{ tag: string, id: string }>}
 */
export async function ensureImage() {
  const tag = imageTag()
  if ((await localImage(tag)) === null) await buildImage(tag)
  const image = await localImage(tag)
  if (image === null)
    throw new SetupError(
      `Docker built ${tag}, and yet does not have it.`,
      'Look at `docker images`, then run this again.',
    )
  if (image.bytes > IMAGE_LIMIT)
    say(`  ! ${tag} is ${(image.bytes / 1e9).toFixed(2)} GB, above the ${IMAGE_LIMIT / 1e9} GB it should stay under`)
  return { tag, id: image.id }
}

/** @param {string} tag */
async function buildImage(tag) {
  const base = await ensureBase()
  const context = mkdtempSync(join(tmpdir(), 'sallyport-image-'))
  try {
    for (const path of imageIngredients()) {
      mkdirSync(dirname(join(context, path)), { recursive: true })
      cpSync(join(IMAGE_FOLDER, path), join(context, path))
    }
    writeBuildHost(join(context, 'build-host'), BASE.suite)
    await buildWithDocker({
      title: `build the sandbox image ${tag} (two or three minutes the first time)`,
      tag,
      base,
      kind: 'python',
      context,
    })
  } finally {
    rmSync(context, { recursive: true, force: true })
  }
  removeOldTags(tag)
}

/**
 * Builds what a folder with a Dockerfile describes. Rejects with SetupError.
 * @param {{ title: string, tag: string, base: string, kind: string, context: string }} options `kind`: what its label
 *   `sallyport.image` says; `context`: the folder
 */
export async function buildWithDocker({ title, tag, base, kind, context }) {
  const modern = ask(client(), ['buildx', 'version']).ok
  const given = [...proxyArguments(), '--build-arg', `BASE=${base}`]
  const named = ['--tag', tag, '--label', `sallyport.image=${kind}`]
  // The default builder sees local images; others work in a container of their own.
  const environment = {
    ...process.env,
    DOCKER_BUILDKIT: modern ? '1' : '0',
    BUILDX_BUILDER: 'default',
    BUILDKIT_PROGRESS: 'plain',
  }
  await runShown(title, [client(), 'build', '--force-rm', '--network', 'host', ...given, ...named, context], {
    log: logFile(kind === 'python' ? 'image' : `${kind}-image`),
    environment,
    seconds: 3600,
    advice: 'Its message stands above; most often a package mirror or PyPI could not be reached.',
  })
}

/**
 * A reference to the base image: the pinned one where a registry gives it, else one made from Debian's packages.
 * @returns {Promise<string>}
 */
export async function ensureBase() {
  for (const reference of [BASE.image, OWN_BASE]) if ((await localImage(reference)) !== null) return reference
  if (await pull(BASE.image)) return BASE.image
  say('  – no container registry gives the base image: making it from Debian’s packages')
  if (findProgram('mmdebstrap') === null) {
    if (!isRoot())
      throw new SetupError(
        'Building the base image needs the package mmdebstrap.',
        'As root: apt-get install mmdebstrap debian-archive-keyring',
      )
    await installPackages(['mmdebstrap', 'debian-archive-keyring'])
  }
  await makeBase()
  return OWN_BASE
}

async function makeBase() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-base-'))
  const file = join(folder, 'base.tar')
  const keep = [
    '--dpkgopt=path-exclude=/usr/share/man/*',
    '--dpkgopt=path-exclude=/usr/share/doc/*',
    '--dpkgopt=path-exclude=/usr/share/locale/*',
  ]
  const settings = aptNetworkSettings()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `--aptopt=${line}`)
  const keys = '--keyring=/usr/share/keyrings/debian-archive-keyring.gpg'
  const mode = isRoot() ? '--mode=root' : '--mode=unshare'
  try {
    await runShown(
      `make the base image from Debian ${BASE.suite}`,
      [
        findProgram('mmdebstrap') ?? 'mmdebstrap',
        '--variant=apt',
        mode,
        keys,
        ...keep,
        ...settings,
        BASE.suite,
        file,
        ...suiteSources(BASE.suite),
      ],
      {
        log: logFile('base'),
        seconds: 1200,
        advice: 'Its message stands above; most often the Debian mirror could not be reached.',
      },
    )
    await runShown(
      'import the base image',
      [client(), 'import', '--message', `Debian ${BASE.suite} by mmdebstrap`, file, OWN_BASE],
      { log: logFile('base-import') },
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Pulls an image; false when no registry begins to answer in time or it does not have the image.
 * @param {string} reference
 * @returns {Promise<boolean>}
 */
function pull(reference) {
  const progress = showProgress(`pull ${reference.slice(0, 40)}…`)
  const child = spawn(client(), ['pull', reference], { stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((resolve) => {
    const finish = (/** @type {boolean} */ ok) => {
      clearTimeout(patience)
      progress.end(ok)
      resolve(ok)
    }
    const patience = setTimeout(() => child.kill('SIGKILL'), REGISTRY_PATIENCE * 1000)
    child.stdout.on('data', (text) => {
      // The registry answered: from here on the download may take its time.
      clearTimeout(patience)
      progress.line(String(text).trim().split('\n').at(-1))
    })
    child.stderr.on('data', (text) => progress.line(String(text).trim()))
    child.on('error', () => finish(false))
    child.on('close', (status) => finish(status === 0))
  })
}

/**
 * Removes our tags from more than a day ago; Docker itself refuses those that a container uses.
 * @param {string} current
 */
function removeOldTags(current) {
  const listed = ask(client(), ['images', IMAGE_NAME, '--format', '{{.Repository}}:{{.Tag}} {{.CreatedAt}}'])
  for (const line of listed.output.split('\n').filter((text) => text !== '')) {
    const [tag = '', day = '', hour = '', zone = ''] = line.split(' ')
    const age = Date.now() - Date.parse(`${day}T${hour}${zone}`)
    if (tag !== current && age > 86_400_000) ask(client(), ['rmi', tag])
  }
}

/**
 * Runs a container on the registered runtime and reads its kernel log. Resolves when gVisor's kernel wrote it, else throws.
 * @param {string} tag
 * @param {string} runtime
 */
export function proveGvisor(tag, runtime) {
  const walls = [
    '--network=none',
    '--read-only',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    '--memory=256m',
    '--pids-limit=256',
  ]
  const shown = ask(
    client(),
    ['run', '--rm', `--runtime=${runtime}`, '--label=sallyport.proof=1', ...walls, '--entrypoint=/bin/dmesg', tag],
    { seconds: 60 },
  )
  if (shown.ok && shown.output.includes('Starting gVisor')) return
  throw new SetupError(
    `A container on the runtime ${runtime} does not run on gVisor: ${shown.ok ? `its kernel log begins «${shown.output.slice(0, 60)}»` : shown.problem}`,
    `Try by hand: docker run --rm --runtime=${runtime} --network=none --entrypoint=/bin/dmesg ${tag}`,
  )
}
