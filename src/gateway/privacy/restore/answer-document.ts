import { ServiceError } from '../../../core/errors.ts'
import { deepest } from '../../../text/json-tree.ts'
import { Document } from '../mask/documents.ts'

/** JSON that came from an upstream. Throws `model-protocol` for one that is nested so deep that it is not looked at. */
export function answerDocument(json: string): Document {
  const document = documentOf(json)
  if (document !== null) return document
  throw new ServiceError('model-protocol', `The upstream answered JSON that is nested more than ${deepest} deep.`)
}

/** The same; null for one that is nested too deep. */
export function documentOf(json: string): Document | null {
  try {
    return new Document(json)
  } catch (thrown) {
    if (thrown instanceof RangeError) return null
    throw thrown
  }
}
