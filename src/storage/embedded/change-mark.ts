import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

const bytes = 8

/**
 * A file of eight random bytes beside a storage, which every process that changes a key writes anew before it says that it
 * has. To read it costs a microsecond: from the memory of the kernel, since it is read all the time. It is a hint only:
 * what it does not tell is found out when the storage itself is asked again.
 */
export class ChangeMark implements Disposable {
  readonly #descriptor: number
  #isOpen = true
  readonly #buffer = Buffer.alloc(bytes)

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    closeSync(openSync(path, 'a', 0o600))
    this.#descriptor = openSync(path, 'r+')
  }

  read(): bigint {
    readSync(this.#descriptor, this.#buffer, 0, bytes, 0)
    return this.#buffer.readBigUInt64LE()
  }

  change(): void {
    writeSync(this.#descriptor, randomBytes(bytes), 0, bytes, 0)
  }

  [Symbol.dispose](): void {
    // The number may be another file's by then.
    if (this.#isOpen) closeSync(this.#descriptor)
    this.#isOpen = false
  }
}
