import { fileLimitsOf } from '../../../src/sessions/file-desk.ts'
import { fileOptions, type FileOptions } from '../../../src/sessions/options.ts'
import { openStorage, type OpenedStorage } from '../../../src/storage/open-storage.ts'
import type { ResponseHistory } from '../../../src/surfaces/openai/responses/own-responses.ts'
import type { HttpServerOptions } from '../../../src/surfaces/server.ts'
import { keptHistory as historyOver } from '../history/kept-history.ts'
import { embeddedStorage } from './admin-service.ts'

export interface KeptHistory extends AsyncDisposable {
  readonly history: ResponseHistory
  readonly served: HttpServerOptions['history']
  readonly storage: OpenedStorage
}

/** Conversations and files in an embedded storage of its own. */
export async function keptHistory(options: Partial<FileOptions> = {}): Promise<KeptHistory> {
  const storage = await openStorage(embeddedStorage(), { for: 'service' })
  const { conversations, files, served } = historyOver(storage, { options })
  return {
    storage,
    served,
    history: { conversations, files, limits: fileLimitsOf(fileOptions.parse(options)) },
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  }
}
