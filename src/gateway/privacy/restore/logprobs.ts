import type { Document } from '../mask/documents.ts'
import type { JsonNode } from '../../../text/json-tree.ts'

/**
 * Takes what an answer says of its letters one by one out of it, wherever it stands: a value that was withheld from a text
 * could be read there.
 */
export function withholdLogprobs(document: Document, node: JsonNode = document.root): void {
  if (node.kind === 'list') for (const element of node.elements) withholdLogprobs(document, element)
  if (node.kind !== 'object') return
  for (const { name, value } of node.members) {
    if (name !== 'logprobs') withholdLogprobs(document, value)
    else if (value.kind === 'object') document.replace(value, 'null')
    else if (value.kind === 'list') document.replace(value, '[]')
  }
}

/** May the text of an event say anything of its letters? */
export const hasLogprobs = (event: string): boolean => event.includes('"logprobs"')
