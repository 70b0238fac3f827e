import { describe, expect, it } from 'vitest'
import { entropy, findAssignments } from '../../../../src/filters/secrets/assignments.ts'
import { verifies } from '../../../support/verifies.ts'

const random = 'a8f3kq92mz71xw'
const values = (text: string) => findAssignments(text).map(({ start, end, score }) => [text.slice(start, end), score])

describe('a value that is given to the name of a secret', () => {
  it.each([
    'password', 'passwd', 'passphrase', 'pwd', 'PASSWORD', 'db_password', 'my-pwd',
  ])('is a password behind %s', (name) => {
    for (const sign of ['=', ': ', ' = ', ' := ', ' => ', '="', "': '", '`: `']) {
      expect(values(`x ${name}${sign}hunter22; y`)).toEqual([['hunter22', 0.75]])
    }
  }) // prettier-ignore

  it.each([
    'secret', 'secret_key', 'secretkey', 'api_key', 'api-key', 'apikey', 'API_KEY', 'access_token', 'auth_token', 'private_key',
    'encryption_key', 'signing_secret', 'client_secret', 'account_key', 'token', 'credential', 'credentials',
  ])('is one behind %s where it is random', (name) => {
    expect(values(`x ${name}=${random}, y`)).toEqual([[random, 0.7]])
    expect(values(`${name}: "${random}"`)).toEqual([[random, 0.7]])
    expect(values(`x ${name}=hunter22, y`)).toEqual([])
  }) // prettier-ignore

  it.each([
    ['another name', `name=${random}`],
    ['a name that goes on in front', `xtoken=${random}`],
    ['no sign', `the token ${random}`],
    ['a comparison', `token == ${random}`],
    ['too many blanks', `token =    ${random}`],
    ['five characters', 'password=hun22'],
  ])('is none behind %s', (_what, text) => {
    expect(values(text)).toEqual([])
  })
})

describe('a value that stands for a secret', () => {
  it.each([
    '********', 'xxxxxxxx', '••••••', '........', '------', '______',
    '<PASSWORD>', '<your', '[PASSWORD]', '[your', '${PASSWORD}', '$PASSWORD_1', '%PASSWORD%', '{{password}}',
    'your_password_1', 'your-key-123', 'changeme', 'example-password-1', 'example', 'string', 'number', 'required', 'optional', 'redacted', 'hidden',
    'undefined', 'process.env.PASSWORD_1', 'os.environ["P_1"]', 'os.getenv(1)', 'getenv("P_1")', 'config.password_1', 'settings.P_1', 'self.password_1',
    'get_password(',
  ])('is none: %s', (value) => {
    expect(values(`password=${value}`)).toEqual([])
    expect(values(`password: ${value.toUpperCase()}`)).toEqual([])
  }) // prettier-ignore

  it.each(['changeme1', 'xxxx-1xx', 'a********', 'my-config.x', 'required1', 'not-null', 'nullify-1', 'text-1'])(
    'is one where more than the placeholder stands there: %s',
    (value) => {
      expect(values(`password=${value}`)).toEqual([[value, 0.75]])
    },
  )
})

describe('a password that somebody chose', () => {
  it.each([
    ['a digit', 'hunter2', true],
    ['a sign', 'hunter!x', true],
    ['a sign at its end alone', 'hunter!', false],
    ['a question mark at its end', 'hunter?', false],
    ['a point at its end', 'hunter.', false],
    ['a point inside', 'hunter.com', false],
    ['letters alone', 'password', false],
    ['letters beyond ASCII', 'pässwört', true],
    ['capitals alone', 'HunterTwo', false],
    ['digits alone', '123456', true],
  ])('has %s: %s is %s', (_what, value, isOne) => {
    expect(values(`password: ${value}`)).toEqual(isOne ? [[value, 0.75]] : [])
  })
})

describe('a random value', () => {
  it.each([
    ['twelve characters of two sorts', 'a8f3kq92mz71', true],
    ['eleven characters', 'a8f3kq92mz7', false],
    ['letters of one case', 'abcdefghijklmnop', false],
    ['24 letters of one case', 'qwertyuiopasdfghjklzxcvb', true],
    ['23 letters of one case', 'qwertyuiopasdfghjklzxcv', false],
    ['letters of both cases', 'qWeRtYuIoPaS', true],
    ['letters and signs', 'qw+er-ty/ui*', true],
    ['few characters again and again', 'a1a1a1a1a1a1a1a1a1a1a1a1', false],
    ['eight characters twice', 'abcdefg1abcdefg1', true],
  ])('has %s: %s is %s', (_what, value, isOne) => {
    expect(values(`token=${value}`)).toEqual(isOne ? [[value, 0.7]] : [])
  })

  it.each([
    ['', 0],
    ['aaaa', 0],
    ['abab', 1],
    ['abcd', 2],
    ['abcdefgh', 3],
    ['aab', 0.918],
  ])('%j has %d bits a character', (text, bits) => {
    expect(entropy(text)).toBeCloseTo(bits, 3)
  })
})

describe('what programs write behind the name of a secret', () => {
  it.each([
    'setCredentials(credentials: ChannelCredentials): void;',
    'private_key: _ALLOWED_PRIVATE_KEY_TYPES,',
    'private_key: "_EllipticCurvePrivateKey",',
    'privateKey: rsa.RSAPrivateKey, f_priv',
    'private_key: ed25519.Ed25519PrivateKey,',
    'privateKey: NodeJS.ArrayBufferView): void;',
    'password: typing.Optional[bytes]',
    'passphrase: string|Buffer|null;',
    'password: Uint8Array,',
    'passphrase: (Optional) the password',
    'token: Keyword.Reserved if prev_was_colon',
    'password = get_auth_from_url(proxy)',
    'self._authkey = process.AuthenticationString(authkey)',
    'passwd = utf8_to_utf16_dup(v);',
    'const secretKey = this.#reader.int32()',
    'apiKey = this._options.apiKey;',
    'secret = this._client.webhookSecret, tolerance',
    'key_password=key_password,',
    'username, password = url_user_password',
    'password = auth[2]',
    'my $pwd = CPAN::anycwd();',
    'passphrase = _ffi.NULL',
    'password => !this.form.is_valid',
    'access_token={access_token!r}&scope',
    'print(f"password={password!r}")',
    ':type passphrase: :py:data:`bytes`',
    'const GATEWAY_API_KEY = "LANGSMITH_GATEWAY_API_KEY";',
    "const X509_SUBJECT_TOKEN = 'urn:ietf:params:oauth:token-type:x509';",
    "credentials: 'same-origin-with-redirects'",
    'SAFE_ACCESS_TOKEN = /^[A-Za-z0-9._~+/-]+=*$/u;',
    "PWD: '/home/nodeuser/project/node'",
    'PWD=~/projects/db-1 make',
    '"confirm_password": "confirm-password"',
    'token: https://tools.ietf.org/html/rfc6749#section-3.2',
  ])('is none: %s', (text) => {
    verifies('secrets.technical')
    expect(values(text)).toEqual([])
  })

  it.each([
    ['DB_PASSWORD=S3cure-and-Long', 'S3cure-and-Long'],
    ['export API_KEY=abcd1234efgh5678', 'abcd1234efgh5678'],
    ['api_key: 9f86d081884c7d659a2feaa0c55ad015', '9f86d081884c7d659a2feaa0c55ad015'],
    ['"client_secret": "qwKJDnsZlPOaXmvTgHyB"', 'qwKJDnsZlPOaXmvTgHyB'],
    ["password: 'Tr0ub4dor&3'", 'Tr0ub4dor&3'],
    ['password: Summer2024!', 'Summer2024!'],
    ['password = "correct-horse-battery-staple"', 'correct-horse-battery-staple'],
    ['password: P@ss(w0rd', 'P@ss(w0rd'],
    ['passwd: !Passw0rd', '!Passw0rd'],
    ['jwt_secret=my-super-secret-2024', 'my-super-secret-2024'],
    ['token=Buffer|a8f3kq92mz71xw', 'Buffer|a8f3kq92mz71xw'],
    ['password="Hunter22&x=1"', 'Hunter22&x=1'],
    ["password='Hunter22&x=1'", 'Hunter22&x=1'],
    ['password=Hunter22&x=1', 'Hunter22'],
    ['password="Hunter22&x=1', 'Hunter22'],
    ['token=45ghiukldjahdnhzdauz&hint=refresh', '45ghiukldjahdnhzdauz'],
    ['?access_token=h480djs93hd8&state=1', 'h480djs93hd8'],
    ['encryption_key: "bXlzZWNyZXRrZXkxMjM0NTY3ODkw=="', 'bXlzZWNyZXRrZXkxMjM0NTY3ODkw=='],
    ['token: 3f2b8c1e-9a4d-4b7c-8e21-0d5f6a7b8c9d', '3f2b8c1e-9a4d-4b7c-8e21-0d5f6a7b8c9d'],
  ])('is one where it is written out: %s', (text, secret) => {
    expect(values(text).map(([value]) => value)).toEqual([secret])
  })

  it('is read on behind the end of a parameter', () => {
    expect(values(`token=${random}&client_secret=${random}x&a=b`).map(([value]) => value)).toEqual([
      random,
      `${random}x`,
    ])
  })
})

it('each of several is found at its own place', () => {
  const text = `password=hunter22 and token=${random}`
  expect(findAssignments(text)).toEqual([
    { start: 9, end: 17, category: 'secret/assignment', score: 0.75 },
    { start: 28, end: 42, category: 'secret/assignment', score: 0.7 },
  ])
})
