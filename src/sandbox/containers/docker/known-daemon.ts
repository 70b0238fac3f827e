import { readFile } from 'node:fs/promises'
import type { ImageSource } from '../../driver.ts'
import { startTicksOf } from '../../../processes/process-identity.ts'
import { fileMark, type ProofRecords } from '../proof-records.ts'
import type { JsonValue } from '../../../core/json.ts'
import { daemonFacts, type DaemonFacts } from './daemon-facts-shape.ts'

/** Where the parts of a daemon that its packages set up lie; what is elsewhere is asked each time. */
const usualPlaces = {
  socket: '/var/run/docker.sock',
  pid: '/var/run/docker.pid',
  settings: '/etc/docker/daemon.json',
}

interface KnownDaemonOptions {
  readonly socketPath: string
  /** A tag that names the image's content. */
  readonly image: string
  /** Null for an image whose tag may name another one tomorrow: the daemon is asked each time. */
  readonly records: ProofRecords | null
  readonly places?: typeof usualPlaces
  readonly read?: (socketPath: string, image: string) => Promise<DaemonFacts>
}

/** The daemon, which is asked once for as long as it runs under the same settings. */
export interface KnownDaemon {
  /** Rejects with `sandbox-unavailable` and advice where the daemon or the image is not there. */
  readonly facts: () => Promise<DaemonFacts>
  readonly source: ImageSource
}

/** The client is loaded only where the daemon has to be asked: it is a fifth of all modules of a command. */
export function createKnownDaemon(options: KnownDaemonOptions): KnownDaemon {
  const { socketPath, image, records, places = usualPlaces } = options
  const read = options.read ?? (async (...given) => (await import('./daemon-facts.ts')).readDaemonFacts(...given))
  const name = `docker ${socketPath} ${image}`
  const facts = async (): Promise<DaemonFacts> => {
    // Taken before the daemon is asked: one that started meanwhile is another.
    const mark = await daemonMark(socketPath, places)
    const known = mark === null ? null : await records?.recall(name, mark, daemonFacts)
    if (known) return known
    const found = await read(socketPath, image)
    if (mark !== null) await records?.keep(name, mark, found)
    return found
  }
  return {
    facts,
    source: {
      identify: async () => (await facts()).image,
      unpack: async (folder, signal) => {
        const { createDockerImageSource } = await import('./image-source.ts')
        await createDockerImageSource({ socketPath, image }).unpack(folder, signal)
      },
    },
  }
}

/** Names the running daemon, its socket and its settings; null where they cannot all be named. */
async function daemonMark(socketPath: string, places: typeof usualPlaces): Promise<JsonValue | null> {
  if (socketPath !== places.socket) return null
  try {
    const pid = Number((await readFile(places.pid, 'utf8')).trim())
    if (!Number.isSafeInteger(pid)) return null
    const [ticks, words, socket, settings] = await Promise.all([
      startTicksOf(pid),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      fileMark(socketPath),
      fileMark(places.settings),
    ])
    // Its settings are then in a file that is not looked at here.
    if (ticks === null || socket === null || words.includes('--config-file')) return null
    return { pid, ticks, words, socket, settings }
  } catch {
    return null
  }
}
