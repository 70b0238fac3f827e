import type { Readable } from 'node:stream'
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl'
import { UnreadableWorkbook } from './workbook.ts'

/** Of all parts that are read together: a few bytes can be packed that become many. */
const mostUnpackedBytes = 64 * 1_024 * 1_024
const mostEntries = 2_000

/** The parts of a workbook by their names, unpacked piece by piece. */
export class WorkbookParts {
  readonly #zip: ZipFile
  readonly #entries: ReadonlyMap<string, Entry>
  #left = mostUnpackedBytes

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip
    this.#entries = entries
  }

  /** Rejects with an UnreadableWorkbook. */
  static async open(bytes: Buffer): Promise<WorkbookParts> {
    const entries = new Map<string, Entry>()
    try {
      const zip = await fromBufferPromise(bytes, { validateEntrySizes: true, strictFileNames: true })
      if (zip.entryCount > mostEntries) throw new UnreadableWorkbook('it has too many parts')
      for await (const entry of zip.eachEntry()) {
        if (entries.has(entry.fileName)) throw new UnreadableWorkbook('one of its parts is there twice')
        entries.set(entry.fileName, entry)
      }
      return new WorkbookParts(zip, entries)
    } catch (thrown) {
      if (thrown instanceof UnreadableWorkbook) throw thrown
      throw new UnreadableWorkbook('it is no whole archive', { cause: thrown })
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  /** The text of a part in pieces; throws an UnreadableWorkbook for one that is not there, too large or not UTF-8. */
  async *text(name: string): AsyncGenerator<string> {
    const entry = this.#entries.get(name)
    if (entry === undefined) throw new UnreadableWorkbook('a part of it is missing')
    const decoder = new TextDecoder('utf-8', { fatal: true })
    try {
      for await (const chunk of (await this.#zip.openReadStreamPromise(entry)) as Readable & AsyncIterable<Buffer>) {
        this.#left -= chunk.length
        if (this.#left < 0) throw new UnreadableWorkbook('it becomes too large when it is unpacked')
        yield decoder.decode(chunk, { stream: true })
      }
      yield decoder.decode()
    } catch (thrown) {
      if (thrown instanceof UnreadableWorkbook) throw thrown
      throw new UnreadableWorkbook('a part of it cannot be unpacked as text', { cause: thrown })
    }
  }
}
