// The machine's facts, gathered without changing anything: what the set-up plans from and what `sallyport doctor` shows.
import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { runscVersion, isAtLeast, PIN } from '../runsc/install.mjs'
import { isOurRuntime, RUNTIME } from './daemon-settings.mjs'
import { daemonFacts, dockerEndpoint, localImage } from './docker-api.mjs'
import { imageTag } from './image-tag.mjs'
import { findProgram, isRoot } from './shell.mjs'
import { readState, stateFolder } from './state.mjs'
import { traceRelayFacts } from './trace-relay.mjs'

/** Bytes that must be free where Docker keeps images, before the image is built. */
export const DISK_NEEDED = 6_000_000_000

/**
 * @typedef {object} Facts
 * @property {boolean} root
 * @property {{ address: string, local: boolean, installed: boolean, client: boolean, answers: boolean, refused: boolean, problem: string, version: string, cgroup: string, driver: string, id: string }} docker
 * @property {{ runtime: string, registered: boolean, asWanted: boolean, path: string | null, version: string | null, others: string[] }} gvisor `others`: paths of further runsc that Docker knows
 * @property {{ tag: string, id: string | null, bytes: number | null, unpacked: boolean }} image `unpacked`: its files lie ready for sandboxes without Docker; only root has those
 * @property {{ key: string, held: boolean }} proof whether gVisor was seen at work since boot with this daemon, runtime and image
 * @property {{ built: boolean, buildable: boolean }} relay the program that reads traces of sandboxes (docs/detection.md)
 * @property {{ path: string, free: number }} disk bytes where Docker keeps images
 */

/** @returns {Promise<Facts>} */
export async function gatherFacts() {
  const daemon = await daemonFacts()
  const tag = imageTag()
  const image = daemon.answers ? await localImage(tag) : null
  const runtime = daemon.runtimes[RUNTIME]
  const path = runtime?.path ?? null
  const endpoint = dockerEndpoint()
  const key = proofKey({ daemon: daemon.id, runtime, image: image?.id ?? '' })
  return {
    root: isRoot(),
    docker: {
      address: endpoint.address,
      local: endpoint.local,
      installed: findProgram('dockerd') !== null,
      client: findProgram('docker') !== null,
      answers: daemon.answers,
      refused: daemon.refused,
      problem: daemon.problem,
      version: daemon.version,
      cgroup: daemon.cgroup,
      driver: daemon.driver,
      id: daemon.id,
    },
    gvisor: {
      runtime: RUNTIME,
      registered: path !== null,
      asWanted: isOurRuntime(runtime),
      path,
      version: knownVersion(path, key),
      others: Object.entries(daemon.runtimes).flatMap(([name, other]) =>
        name !== RUNTIME && String(other?.path ?? '').endsWith('runsc') ? [other.path] : [],
      ),
    },
    image: { tag, id: image?.id ?? null, bytes: image?.bytes ?? null, unpacked: isUnpacked(image?.id) },
    proof: { key, held: image !== null && readState().proof === key },
    relay: traceRelayFacts(),
    disk: freeSpace(daemon.root || '/var/lib/docker'),
  }
}

/**
 * The version of the registered binary; remembered while boot, daemon and the binary's own size and time stay the same.
 * @param {string | null} path
 * @param {string} key
 */
function knownVersion(path, key) {
  if (path === null) return null
  const state = readState()
  if (state.proof === key && state.runsc?.path === path) return state.runsc.version
  return runscVersion(path)
}

/**
 * Names a boot, daemon, runtime, binary and image: when any of them changes, gVisor has to be proven again.
 * @param {{ daemon: string, runtime: any, image: string }} what
 */
function proofKey({ daemon, runtime, image }) {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  const binary = fileMark(runtime?.path)
  return createHash('sha256')
    .update(JSON.stringify([boot, daemon, runtime ?? null, binary, image]))
    .digest('hex')
    .slice(0, 32)
}

/** @param {string | undefined} path */
function fileMark(path) {
  try {
    const { size, mtimeMs, ino } = statSync(path ?? '')
    return [size, mtimeMs, ino]
  } catch {
    return null
  }
}

/** @param {string | undefined} id */
function isUnpacked(id) {
  return id !== undefined && existsSync(join(stateFolder(), 'runsc', 'images', id.replace('sha256:', ''), 'rootfs'))
}

/** @param {string} folder */
function freeSpace(folder) {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = statfsSync(path)
      return { path, free: bavail * bsize }
    } catch {
      if (path === '/') return { path, free: 0 }
    }
  }
}

/**
 * Whether the registered runsc may be used: there, runnable, with our arguments, not too old.
 * @param {Facts['gvisor']} gvisor
 */
export const isRuntimeReady = (gvisor) =>
  gvisor.asWanted && gvisor.version !== null && isAtLeast(gvisor.version, PIN.acceptable)
