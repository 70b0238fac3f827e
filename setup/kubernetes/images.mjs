// Images in the cluster's containerd. None comes from a registry: the pause image is made here, the sandbox image is Docker's.
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask, findProgram, runShown, SetupError } from '../shell.mjs'
import { logFile } from '../state.mjs'
import { CONTAINERD_SOCKET, inCluster } from './places.mjs'
import { debianPlace, programsFolder } from './programs.mjs'
import { PAUSE_IMAGE } from './settings.mjs'

/** Arguments of containerd's own client, which speaks of the images that the kubelet sees. */
const client = () => [
  join(debianPlace('containerd') ?? '', 'ctr'),
  '--address',
  CONTAINERD_SOCKET,
  '--namespace',
  'k8s.io',
]

/** @param {string[]} words */
function ctr(words) {
  const [program = '', ...own] = client()
  return ask(program, [...own, ...words], { seconds: 120 })
}

export const containerdAnswers = () => ctr(['version']).ok

/** Docker gives its images no registry; containerd calls theirs by Docker's. @param {string} tag */
const fullName = (tag) => (tag.split('/')[0]?.includes('.') ? tag : `docker.io/library/${tag}`)

/**
 * Whether containerd has an image under this tag.
 * @param {string} tag
 */
export const hasImage = (tag) => ctr(['images', 'list', '-q', `name==${fullName(tag)}`]).output.trim() !== ''

/**
 * Makes sure that an image of this machine's Docker is there: it is copied where it is not.
 * @param {string} tag
 */
export async function ensureDockerImage(tag) {
  if (hasImage(tag)) return
  const docker = findProgram('docker')
  if (docker === null) throw new SetupError('There is no Docker to take the sandbox image from.', 'Run: npm run set-up')
  // Both ends of the pipe have to be told of: an image that was cut off is none.
  const script = 'set -o pipefail; docker=$1 tag=$2; shift 2; "$docker" save "$tag" | "$@" images import -'
  await runShown(`import ${tag} into containerd`, ['bash', '-c', script, 'import', docker, tag, ...client()], {
    log: logFile('kubernetes-import'),
    seconds: 900,
    advice: 'Its message stands above; most often Docker does not have the image (npm run set-up) or the disk is full.',
  })
}

/** Makes sure that there is an image for the first process of a pod. */
export function ensurePauseImage() {
  if (hasImage(PAUSE_IMAGE)) return
  const work = mkdtempSync(inCluster('pause-'))
  try {
    const at = (/** @type {string} */ name) => join(work, name)
    mkdirSync(at('root'))
    copyFileSync(join(programsFolder(), 'pause'), at('root/pause'))
    archive(at('layer.tar'), at('root'), ['pause'])
    const digest = createHash('sha256')
      .update(readFileSync(at('layer.tar')))
      .digest('hex')
    const settings = { Entrypoint: ['/pause'], User: '65535:65535' }
    const rootfs = { type: 'layers', diff_ids: [`sha256:${digest}`] }
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch
    writeFileSync(at('config.json'), JSON.stringify({ architecture, os: 'linux', config: settings, rootfs }))
    const manifest = [{ Config: 'config.json', RepoTags: [PAUSE_IMAGE], Layers: ['layer.tar'] }]
    writeFileSync(at('manifest.json'), JSON.stringify(manifest))
    archive(at('image.tar'), work, ['manifest.json', 'config.json', 'layer.tar'])
    const imported = ctr(['images', 'import', at('image.tar')])
    if (!imported.ok) throw new SetupError(`The pause image could not be imported: ${imported.problem}`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/**
 * @param {string} file
 * @param {string} folder
 * @param {string[]} names
 */
function archive(file, folder, names) {
  const fixed = ['--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '--mode=755']
  const packed = ask('tar', ['--create', '--file', file, '--directory', folder, ...fixed, ...names])
  if (!packed.ok) throw new SetupError(`tar could not pack the pause image: ${packed.problem}`)
}
