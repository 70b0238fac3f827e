import { join } from 'node:path'
import { createImages, type Images } from '../../../src/databases/pglite/images.ts'

/** Prepared databases shared by all tests of this checkout: building one takes seconds, so it is done once. */
export function testImages(): Images {
  return createImages({ directory: join(import.meta.dirname, '../../../node_modules/.cache/sallyport-test-images') })
}
