import { signal, type ReadonlySignal } from '@preact/signals'
import type { StoredFile } from '../../../../client/generated/files.ts'

/** Files of a conversation at most; its container begins with so many. */
const mostFiles = 20
/** Uploads at a time: a small file need not wait for a large one, and a connection is shared by two at most. */
const mostAtATime = 2

/** A file that is on its way, or waits for its turn. */
export interface Upload {
  /** What it will be called; in the sandbox, too. */
  readonly name: string
  /** Of its bytes that are sent, 0 to 1. */
  readonly sent: number
  readonly cancel: () => void
}

export interface SendOptions {
  /** What it is to be called. */
  readonly name: string
  readonly signal: AbortSignal
  /** Told of the share that is sent, 0 to 1. */
  readonly onProgress: (sent: number) => void
}

interface UploadsParts {
  readonly send: (file: File, options: SendOptions) => Promise<StoredFile>
  /** Names of the files that were taken before. */
  readonly names: () => readonly string[]
  readonly add: (file: StoredFile) => void
}

/** Files on their way to the service, for one conversation: some at a time, each of which can be ended. */
export class FileUploads {
  readonly #parts: UploadsParts
  readonly #going = signal<readonly Upload[]>([])
  readonly #said = signal<readonly string[]>([])
  readonly #faults = signal<readonly unknown[]>([])
  readonly #waiting: (() => Promise<void>)[] = []
  #working = 0

  constructor(parts: UploadsParts) {
    this.#parts = parts
  }

  get going(): ReadonlySignal<readonly Upload[]> {
    return this.#going
  }

  /** What was not taken, or is called otherwise, for the person who chose it. */
  get said(): ReadonlySignal<readonly string[]> {
    return this.#said
  }

  get faults(): ReadonlySignal<readonly unknown[]> {
    return this.#faults
  }

  dismiss(): void {
    this.#said.value = []
    this.#faults.value = []
  }

  /**
   * Sends them. One whose name is taken gets a free one, since the second of a name would be in the place of the first; more than there is room
   * for are not taken. Both is said. `known`: further names that programs find. `note`: said with it.
   */
  take(files: readonly File[], known: readonly string[], note: string | null = null): void {
    const before = [...this.#parts.names(), ...this.#going.value.map(({ name }) => name)]
    const room = Math.max(0, mostFiles - before.length)
    const used = new Set([...before, ...known])
    const said: string[] = note === null ? [] : [note]
    this.#faults.value = []
    for (const file of files.slice(0, room)) {
      const name = freeName(file.name, used)
      used.add(name)
      if (name !== file.name) said.push(`There is a "${file.name}" already: this one is called "${name}".`)
      this.#enqueue(file, name)
    }
    const left = files.slice(room).map(({ name }) => name)
    if (left.length > 0)
      said.push(
        `A conversation takes ${mostFiles} files. Not taken: ${left.join(', ')}. Leave some out, or put them into one.`,
      )
    this.#said.value = said
    this.#next()
  }

  #enqueue(file: File, name: string): void {
    const abort = new AbortController()
    const over = (): void => {
      this.#going.value = this.#going.value.filter((each) => each.name !== name)
    }
    const cancel = (): void => {
      abort.abort()
      over()
    }
    const onProgress = (sent: number): void => {
      this.#going.value = this.#going.value.map((each) => (each.name === name ? { ...each, sent } : each))
    }
    this.#going.value = [...this.#going.value, { name, sent: 0, cancel }]
    this.#waiting.push(async () => {
      if (abort.signal.aborted) return
      try {
        const stored = await this.#parts.send(file, { name, signal: abort.signal, onProgress })
        if (!abort.signal.aborted) this.#parts.add(stored)
      } catch (problem) {
        if (!abort.signal.aborted) this.#faults.value = [...this.#faults.value, problem]
      }
      if (!abort.signal.aborted) over()
    })
  }

  #next(): void {
    while (this.#working < mostAtATime) {
      const work = this.#waiting.shift()
      if (work === undefined) return
      this.#working += 1
      void work().finally(() => {
        this.#working -= 1
        this.#next()
      })
    }
  }
}

/** `sales.csv`, or `sales (2).csv` where that is taken. */
export function freeName(name: string, used: ReadonlySet<string>): string {
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  let free = name
  for (let number = 2; used.has(free); number += 1) free = `${stem} (${number})${ending}`
  return free
}
