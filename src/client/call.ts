/** One request, as an operation makes it. */
export interface Call {
  readonly method: string
  /** Below the address of the service. */
  readonly path: string
  readonly query?: object
  /** Sent as JSON. */
  readonly body?: object
  /** Sent as `multipart/form-data`; members that are undefined are left out. */
  readonly form?: object
  /** Does the service do it once, however often it is asked with one key? */
  readonly isIdempotent?: boolean
}

export interface StreamCall extends Call {
  /** The data of the last event of a whole stream, or the `type` in it. */
  readonly last: string
}

/**
 * A part of a path. An address gives `.` and `..` a meaning that no id has: such a call would reach another route.
 * @throws TypeError
 */
export function segment(id: string): string {
  if (typeof id !== 'string' || id === '' || id === '.' || id === '..') {
    throw new TypeError(`${JSON.stringify(id)} is no id.`)
  }
  return encodeURIComponent(id)
}

/** The members under the names that they have in a form. */
export function renamed(members: object, names: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [names[name] ?? name, value]))
}

/** The address of a call, below that of the service. */
export function addressOf(baseUrl: string, { path, query = {} }: Call): string {
  const url = new URL(`${baseUrl}${path}`)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value))
  }
  return url.href
}

/** A body and its type, made anew for each attempt. */
export function payloadOf({ body, form }: Call): {
  readonly body: string | FormData | null
  readonly type: string | null
} {
  if (form !== undefined) {
    const made = new FormData()
    for (const [name, value] of Object.entries(form)) {
      if (value instanceof Blob) made.append(name, value)
      else if (value !== undefined && value !== null) made.append(name, String(value))
    }
    return { body: made, type: null }
  }
  return body === undefined ? { body: null, type: null } : { body: JSON.stringify(body), type: 'application/json' }
}
