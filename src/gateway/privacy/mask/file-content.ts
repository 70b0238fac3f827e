import type { JsonObjectNode } from '../../../text/json-tree.ts'
import type { Document } from './documents.ts'
import { fileTextOf, untypedFileTextOf, type FileText } from './file-texts.ts'

interface FilePlace {
  readonly document: Document
  /** What the content is a member of: other members say what it is. */
  readonly owner: JsonObjectNode | null
  /** Does a file stand there, of whatever kind, and not a picture, a sound or a film? */
  readonly isFile: boolean
}

/** What a file's content is: a text as it stands, the address of a file, an encoded text, or null for anything else. */
export function fileContentOf(
  content: string,
  { document, owner, isFile }: FilePlace,
): FileText | 'plain' | 'address' | null {
  const sibling = (name: string): string | null => {
    const value = owner?.members.find((member) => member.name === name)?.value
    return value?.kind === 'string' ? document.stringAt(value) : null
  }
  if (sibling('type') === 'text') return 'plain'
  if (/^\s*[a-z][a-z0-9+.-]*:\/\//i.test(content)) return 'address'
  const mediaType = sibling('media_type') ?? sibling('mime_type')
  const hasNoType = isFile && mediaType === null && !/^\s*data:/i.test(content)
  return hasNoType ? untypedFileTextOf(content) : fileTextOf(content, mediaType)
}

const dataAddress = /^\s*data:[\w.+-]{1,60}\/[\w.+-]{1,80}(?:;[\w.+-]{1,40}=[\w.+-]{1,80}){0,4}(?:;base64)?,/i

/** Does a text begin as a file in its address does? Where files are expected, what follows is nobody's words. */
export const isDataAddress = (text: string): boolean => dataAddress.test(text)

const encodedAddress = /^\s*data:[^,\s]*;base64,[\w+/=-]*\s*$/i

/** Is all of a text a file in its address, wherever it stands? What only begins like one can say anything behind it. */
export const isWhollyDataAddress = (text: string): boolean => isDataAddress(text) && encodedAddress.test(text)

/** Shorter runs of letters are read as what they are. */
const encodedForm = /^[\w+/\s-]{64,}={0,2}\s*$/

export const isEncoded = (text: string): boolean => encodedForm.test(text)
