import { join } from 'node:path'
import type { StorageConfig } from './options.ts'

/** Where the embedded storage of a configuration is. */
export function storagePath({ storage, state_directory: folder }: StorageConfig): string {
  return storage.path ?? join(folder, 'sallyport.db')
}
