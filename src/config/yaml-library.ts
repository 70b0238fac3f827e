import { createRequire } from 'node:module'
import type * as Library from 'yaml'

const require = createRequire(import.meta.url)
let library: typeof Library | null = null

/** The reader of YAML, which is loaded with the first text that needs one: most commands have no file to read. */
export function yaml(): typeof Library {
  library ??= require('yaml') as typeof Library
  return library
}
