import type { IncomingMessage } from 'node:http'

/** The address of a request up to its query, as it was written: no escape is read. */
export function pathOf({ url = '' }: Pick<IncomingMessage, 'url'>): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}
