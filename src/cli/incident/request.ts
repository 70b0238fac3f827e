/** Whose key a request shows: that of an honest caller, of somebody who signed up to misuse it, of nobody, or none. */
export type ShownKey = 'caller' | 'bot' | 'wrong' | 'none'

/** One HTTP request as its bytes will be, but for where it goes and whose key it shows. */
export interface IncidentRequest {
  readonly method: string
  /** Below the place of the service, with its query. */
  readonly path: string
  readonly key: ShownKey
  /** Lines of the head besides those of connection, key and length. */
  readonly headers: readonly string[]
  readonly body: Buffer
  /** Is the length told as it is? Else `headers` say how the body is framed, or nobody does. */
  readonly tellsLength: boolean
  /** Does the sender stop sending after the body, whatever was told? */
  readonly stops: boolean
}

/** Where requests go. */
export interface Target {
  readonly host: string
  readonly port: number
  /** What stands before each path. */
  readonly base: string
  readonly keys: Readonly<Record<Exclude<ShownKey, 'none'>, string>>
}

/** A request to classify, with what is said otherwise. */
export function classify(
  headers: readonly string[],
  body: Buffer,
  changes: Partial<IncidentRequest> = {},
): IncidentRequest {
  return {
    method: 'POST',
    path: '/classify',
    key: 'bot',
    headers,
    body,
    tellsLength: true,
    stops: false,
    ...changes,
  }
}

/** The head of a request, ready to be sent. */
export function headOf({ method, path, key, headers, body, tellsLength }: IncidentRequest, target: Target): string {
  const lines = [
    `${method} ${target.base}${path} HTTP/1.1`,
    `Host: ${target.host}:${target.port}`,
    'Connection: close',
    ...(key === 'none' ? [] : [`X-API-Key: ${target.keys[key]}`]),
    ...headers,
    ...(tellsLength ? [`Content-Length: ${body.length}`] : []),
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

const boundary = 'part-of-the-incident'

export const formType = `Content-Type: multipart/form-data; boundary=${boundary}`
export const jsonType = 'Content-Type: application/json'

/** One part of a form; a file where it has a type. */
export interface FormPart {
  readonly name: string
  readonly type?: string
  readonly data: Buffer | string
}

/** The body of a form; `ends` false leaves out the line that ends it. */
export function formOf(parts: readonly FormPart[], ends = true): Buffer {
  const pieces = parts.flatMap(({ name, type, data }) => {
    const file = type === undefined ? '' : `; filename="picture"\r\nContent-Type: ${type}`
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`
    return [Buffer.from(head), Buffer.from(data), Buffer.from('\r\n')]
  })
  return Buffer.concat([...pieces, Buffer.from(ends ? `--${boundary}--\r\n` : '')])
}

/** A call in JSON that classifies this picture, with these members besides. */
export function jsonOf(picture: Buffer, others: Readonly<Record<string, unknown>> = {}): Buffer {
  return Buffer.from(JSON.stringify({ image: picture.toString('base64'), ...others }))
}
