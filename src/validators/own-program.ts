import type { Vetted } from '../core/vetted.ts'
import { vet } from './vet.ts'

/**
 * A program of Sallyport's own for a sandbox. Its type lets only a text through that is written out in this source, so
 * nothing that arrived at run time can become one; what such a program works on comes as files.
 */
export function ownPython<const Text extends string>(text: string extends Text ? never : Text): Vetted<'python'> {
  return vet('python', text, {})
}
