import { setImmediate as turnOver } from 'node:timers/promises'
import { SaxesParser } from 'saxes'
import { UnreadableWorkbook } from './workbook.ts'

export interface XmlHandler {
  /** `name` is without its prefix. */
  open(name: string, attributes: Readonly<Record<string, string>>): void
  close(name: string): void
  text(text: string): void
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/**
 * Reads a document piece by piece, and lets others have their turn between two. Throws an UnreadableWorkbook for what is not
 * well-formed, says an encoding of its own or declares a type, which can define texts that stand nowhere.
 */
export async function readXml(pieces: AsyncIterable<string>, handler: XmlHandler): Promise<void> {
  const parser = new SaxesParser({ xmlns: false })
  const refuse = (why: string) => (): never => {
    throw new UnreadableWorkbook(why)
  }
  parser.on('error', refuse('a part of it is no well-formed XML'))
  parser.on('doctype', refuse('a part of it declares a type of document'))
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) refuse('a part of it is not in UTF-8')()
  })
  parser.on('opentag', ({ name, attributes }) => handler.open(localName(name), attributes))
  parser.on('closetag', ({ name }) => handler.close(localName(name)))
  parser.on('text', (text) => handler.text(text))
  parser.on('cdata', (text) => handler.text(text))
  for await (const piece of pieces) {
    parser.write(piece)
    await turnOver()
  }
  parser.close()
}
