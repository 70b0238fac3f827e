import { ServiceError } from '../core/errors.ts'
import type { CheckPicture } from './check-pictures.ts'
import { readDataUrl } from './contract/base64.ts'
import type { FoundPicture } from './contract/find-pictures.ts'
import { parseAsWritten } from './contract/parse-as-written.ts'
import { placeOfPath } from './contract/schemas.ts'

/** What stands in a value in the place of a picture after it was looked at. */
export interface CheckedPicture {
  readonly path: FoundPicture['path']
  /** As it was written before: base64, or a data: URL. */
  readonly text: string
}

/**
 * Looks at the pictures of a value that is as its schema says, and gives the texts that are sent instead of them. Rejects as
 * `checkPicture` does.
 */
export async function checkPicturesOf(
  found: readonly FoundPicture[],
  checkPicture: CheckPicture,
): Promise<readonly CheckedPicture[]> {
  const checked: CheckedPicture[] = []
  // One after the other: what they have room for is what the others have left.
  for (const { path, text, rule } of found) {
    const url = rule.written === 'data-url' ? readDataUrl(text) : null
    const { type, bytes } = await checkPicture({
      bytes: Buffer.from(url?.base64 ?? text, 'base64'),
      types: rule.types,
      declaredType: url?.type ?? null,
      parameter: `body${placeOfPath(path)}`,
    })
    const base64 = bytes.toString('base64')
    checked.push({ path, text: url === null ? base64 : `data:${type};base64,${base64}` })
  }
  return checked
}

/** Puts something into the place of each picture of a value. */
export function putPictures(
  value: unknown,
  pictures: readonly CheckedPicture[],
  put: (text: string) => unknown,
): unknown {
  // The value itself may be a picture, so that it needs a place, too.
  const root = { value }
  for (const { path, text } of pictures) {
    const places = ['value', ...path]
    const last = places.pop() ?? ''
    let holder: Record<string | number, unknown> = root
    for (const step of places) holder = holder[step] as Record<string | number, unknown>
    holder[last] = put(text)
  }
  return root.value
}

const decoder = new TextDecoder()

/** JSON with other texts in the places of its pictures, without white space; numbers stay as they were written. */
export function writeJsonWith(bytes: Buffer, pictures: readonly CheckedPicture[]): Buffer {
  const value = parseAsWritten(decoder.decode(bytes))
  return Buffer.from(JSON.stringify(putPictures(value, pictures, (text) => text)))
}

/** What is sent would not be as the document says. */
export function pictureFault(fault: { readonly place: string; readonly reason: string }): ServiceError {
  const parameter = `body${fault.place}`
  return new ServiceError('invalid-request', `${parameter} ${fault.reason}, after its picture was drawn anew.`, {
    parameter,
  })
}
