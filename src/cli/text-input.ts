import { ServiceError } from '../core/errors.ts'
import { invalidFile, readRegularFile } from '../files/regular-file.ts'
import type { CommandContext } from './context.ts'
import { readBytes } from './standard-input.ts'

/** 32 MiB: what is looked through in a few seconds. */
const longestText = 33_554_432

/**
 * The text of a file, or of standard input for `-` and for none. Whoever changes a text and prints it must have read all
 * of it: what is no UTF-8 is refused, with the place.
 */
export async function readWholeText({ terminal }: CommandContext, file: string | undefined): Promise<string> {
  if (file === undefined && !terminal.inputIsPiped) {
    throw new ServiceError('invalid-request', 'There is no text.', {
      advice: 'Name a file, or give the text on standard input.',
    })
  }
  if (file === undefined || file === '-') {
    return decode(await readBytes(terminal.input, longestText), 'standard input')
  }
  return decode(await readRegularFile(file, { bytes: longestText, setting: null }), file)
}

function decode(bytes: Buffer, name: string): string {
  const zero = bytes.indexOf(0)
  if (zero >= 0) {
    throw invalidFile(name, `it is no text: byte ${zero + 1} is zero`, {
      advice: 'Give a text in UTF-8; UTF-16 can be converted by: iconv -f UTF-16 -t UTF-8',
    })
  }
  const text = bytes.toString('utf8')
  const kept = Buffer.from(text)
  if (kept.equals(bytes)) return text
  const at = bytes.findIndex((byte, index) => byte !== kept[index])
  throw invalidFile(name, `it is not UTF-8: byte ${at + 1} belongs to no character`, {
    advice: 'Convert it first, like: iconv -f LATIN1 -t UTF-8',
  })
}
