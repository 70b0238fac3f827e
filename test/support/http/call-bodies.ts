/** A body made of a valid one: what is wrong with it, and the status that says so. */
export type UnreadableBody = readonly [name: string, body: (valid: object) => string | Buffer, status: number]
/** A body made of a valid one that is read as it is. */
export type OddBody = readonly [name: string, body: (valid: object) => string]

/** A valid body for each route. */
export const validBodies = {
  '/v1/chat/completions': { model: 'gpt-5', messages: [{ role: 'user', content: 'Say something.' }] },
  '/v1/responses': { model: 'gpt-5', input: 'Say something.' },
  '/v1/messages': {
    model: 'claude-sonnet-5',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Say something.' }],
  },
  '/v1/embeddings': { model: 'text-embedding-3-small', input: 'Say something.' },
  '/v1/messages/count_tokens': { model: 'claude-sonnet-5', messages: [{ role: 'user', content: 'Say something.' }] },
} as const

const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

/** Bodies that are read by nobody: what is wrong with each, and the status that says so. */
export const unreadable: readonly UnreadableBody[] = [
  ['nothing', () => '', 400],
  ['half of it', (valid) => JSON.stringify(valid).slice(0, -9), 400],
  ['JSON and more', (valid) => `${JSON.stringify(valid)}{}`, 400],
  ['a list', (valid) => JSON.stringify([valid]), 400],
  ['a text', () => '"gpt-5"', 400],
  ['no model', (valid) => JSON.stringify({ ...valid, model: undefined }), 400],
  ['a number for a model', (valid) => JSON.stringify({ ...valid, model: 7 }), 400],
  ['an empty name of a model', (valid) => JSON.stringify({ ...valid, model: '' }), 400],
  ['two models', (valid) => JSON.stringify(valid).replace('{', '{"model":"gpt-5-other",'), 400],
  [
    'a name twice deep within',
    (valid) => JSON.stringify({ ...valid, x: 0 }).replace('"x":0', '"x":[{"a":1,"\\u0061":2}]'),
    400,
  ],
  ['__proto__ twice', (valid) => JSON.stringify(valid).replace('{', '{"__proto__":{},"__proto__":{},'), 400],
  ['invalid UTF-8', (valid) => Buffer.from(JSON.stringify({ ...valid, x: '\u00ff' }), 'latin1'), 400],
  [
    'a surrogate as bytes',
    (valid) =>
      Buffer.concat([
        Buffer.from(JSON.stringify(valid).slice(0, -1)),
        Buffer.from([0x2c, 0x22, 0x78, 0x22, 0x3a, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d]),
      ]),
    400,
  ],
  ['UTF-16', (valid) => Buffer.from(JSON.stringify(valid), 'utf16le'), 400],
  ['a depth of 10,000', (valid) => JSON.stringify({ ...valid, x: 0 }).replace('"x":0', `"x":${deep(10_000)}`), 400],
  [
    'a depth just beyond the limit',
    (valid) => JSON.stringify({ ...valid, x: 0 }).replace('"x":0', `"x":${deep(128)}`),
    400,
  ],
  ['NaN', (valid) => JSON.stringify({ ...valid, x: 0 }).replace('"x":0', '"x":NaN'), 400],
  ['a model that nobody has', (valid) => JSON.stringify({ ...valid, model: 'no-such-model' }), 404],
]

/** Bodies that are odd and whole: they go up as they are. */
export const odd: readonly OddBody[] = [
  ['numbers beyond 2^53', (valid) => JSON.stringify(valid).replace('{', '{"x":12345678901234567890,')],
  ['1e999', (valid) => JSON.stringify(valid).replace('{', '{"x":1e999,"y":-1e999,"z":1e-999,')],
  [
    '__proto__ and constructor',
    (valid) => JSON.stringify(valid).replace('{', '{"__proto__":{"model":"x","a":1},"constructor":{"prototype":{}},'),
  ],
  ['lone surrogates', (valid) => JSON.stringify(valid).replace('{', String.raw`{"x":"\ud800","y":["\udc00\ud800"],`)],
  ['escapes that need none', (valid) => JSON.stringify(valid).replace('"model"', String.raw`"\u006dodel"`)],
  ['a depth just within the limit', (valid) => JSON.stringify({ ...valid, x: 0 }).replace('"x":0', `"x":${deep(127)}`)],
  ['blanks around everything', (valid) => `\n\t ${JSON.stringify(valid, null, 3)} \r\n`],
]

/** Bodies of the size of the limits, that are read by nobody. */
export const unreadableBySize: readonly UnreadableBody[] = [
  [
    'more than a million values',
    (valid) => JSON.stringify({ ...valid, x: Array.from({ length: 1_000_001 }, () => 0) }),
    400,
  ],
  ['33 MiB', (valid) => JSON.stringify({ ...valid, x: 'x'.repeat(33 * 1_048_576) }), 413],
]

/** Bodies near the size of the limits. */
export const large: readonly OddBody[] = [
  [
    '100,000 parts',
    (valid) =>
      JSON.stringify({
        ...valid,
        extra: Array.from({ length: 100_000 }, (_, index) => ({ type: 'text', text: `${index}` })),
      }),
  ],
  ['31 MiB', (valid) => JSON.stringify({ ...valid, extra: 'x'.repeat(31 * 1_048_576) })],
]
