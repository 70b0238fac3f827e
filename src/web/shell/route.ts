/** A place in the app, as the fragment of the address names it: `#/ask/conv_1?turn=2`. A fragment is never sent anywhere. */
export interface Route {
  /** Decoded parts: `['ask', 'conv_1']`; never empty. */
  readonly path: readonly [string, ...string[]]
  readonly query: URLSearchParams
}

/** Reads a fragment; what is none of ours is the start page. */
export function parseFragment(fragment: string, start: string): Route {
  const [path = '', query = ''] = fragment.replace(/^#\/?/, '').split('?', 2)
  const [first = start, ...rest] = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
  return { path: [first, ...rest], query: new URLSearchParams(query) }
}

/** The fragment of a place: `('ask', id)` is `#/ask/…`. */
export function linkTo(path: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(query).toString()
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
