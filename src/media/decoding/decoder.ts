import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { existsSync, lstatSync } from 'node:fs'
import { ServiceError } from '../../core/errors.ts'
import { KillableProcess } from '../../processes/killable-process.ts'
import { siblingModule } from '../../processes/sibling-module.ts'
import { behindWall } from '../../processes/wall.ts'
import type { DecodeReply, DecodeRequest } from './messages.ts'

/** The decoder did not answer: `late` it was killed at its deadline, `lost` it ended, by its memory or a fault of its own. */
export type DecodeOutcome = DecodeReply | { readonly kind: 'late' } | { readonly kind: 'lost' }

class LateError extends Error {}

const openMilliseconds = 30_000
const heapMegabytes = 64
/** What the engine asks for at its start and hardly touches, most of it room for compiled code. */
const engineMegabytes = 704
const wallAdvice =
  'Pictures are decoded behind user namespaces alone: install util-linux, and let this user make namespaces ' +
  '(kernel.apparmor_restrict_unprivileged_userns, user.max_user_namespaces, seccomp of a container).'
const never = new AbortController().signal

/** What the child reads of this installation: its own code, how that is to be read, and the library. */
const packages = ['sharp', '@img', 'detect-libc', 'semver']

export interface DecoderOptions {
  /** Longest time for one picture. */
  readonly deadlineMilliseconds: number
  /** Memory of the process beside what its engine asks for at the start: the picture, its pixels and the library. */
  readonly memoryMegabytes: number
}

/** One process behind a wall that decodes one picture at a time, and is killed and replaced where it does not answer. */
export class Decoder implements AsyncDisposable {
  readonly #process: KillableProcess
  readonly #deadlineMilliseconds: number
  #pictures = 0

  constructor({ deadlineMilliseconds, memoryMegabytes }: DecoderOptions) {
    this.#deadlineMilliseconds = deadlineMilliseconds
    const readable = readableFiles()
    this.#process = new KillableProcess({
      script: siblingModule(import.meta.url, './decoder-process'),
      name: 'the decoder of pictures',
      open: async () => null,
      openMilliseconds,
      faults: {
        aborted: ({ reason }) => reason as Error,
        late: () => new LateError(),
        failed: (failure) => new ServiceError('internal', `the decoder of pictures failed: ${String(failure)}`),
        unavailable: 'sandbox-unavailable',
      },
      heapMegabytes,
      maximumMegabytes: memoryMegabytes,
      wall: (command) => behindWall(command, { readable, memoryMegabytes: engineMegabytes + memoryMegabytes }),
    })
  }

  /** How many pictures were given to it. */
  get pictures(): number {
    return this.#pictures
  }

  /** Starts the process unless it runs. Rejects with `sandbox-unavailable` where this machine gives it no wall. */
  async warm(signal: AbortSignal): Promise<void> {
    try {
      await this.#process.warm(signal)
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'sandbox-unavailable') throw error
      throw new ServiceError(error.code, error.message, { advice: wallAdvice, cause: error })
    }
  }

  /** Decodes one picture; it is not to be asked again before it has answered. */
  async decode(request: DecodeRequest): Promise<DecodeOutcome> {
    this.#pictures += 1
    await this.warm(never)
    try {
      const limits = { signal: never, timeoutMilliseconds: this.#deadlineMilliseconds }
      return (await this.#process.call('decode', request, limits)) as DecodeReply
    } catch (error) {
      if (error instanceof LateError) return { kind: 'late' }
      if (error instanceof ServiceError && error.code === 'sandbox-unavailable') return { kind: 'lost' }
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]()
  }
}

function readableFiles(): readonly string[] {
  const source = dirname(import.meta.dirname)
  const library = dirname(dirname(dirname(fileURLToPath(import.meta.resolve('sharp')))))
  return [
    process.execPath,
    nearestPackage(source),
    source,
    join(dirname(source), 'processes'),
    ...packages.map((name) => join(library, name)).filter((path) => existsSync(path)),
    ...linksTo(source),
  ]
}

/** Where packages are looked for from a folder, as far as that is a link: the way to the library leads through it. */
function linksTo(folder: string): readonly string[] {
  const path = join(folder, 'node_modules')
  const own = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? [path] : []
  return dirname(folder) === folder ? own : [...own, ...linksTo(dirname(folder))]
}

/** The file that says which language the modules below it are in. */
function nearestPackage(folder: string): string {
  const path = join(folder, 'package.json')
  return existsSync(path) || dirname(folder) === folder ? path : nearestPackage(dirname(folder))
}
