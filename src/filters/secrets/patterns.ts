/** A shape of secret. Where the pattern has a group named `secret`, only that part is one. */
export interface SecretPattern {
  readonly category: string
  readonly pattern: RegExp
  readonly score: number
  /** Of what the pattern takes: is it what documents write in the place of a secret? */
  readonly isExample?: (found: string, after: string) => boolean
}

/** Names that nobody can have, for documents (https://www.rfc-editor.org/rfc/rfc2606, https://www.rfc-editor.org/rfc/rfc6761). */
const host = /^[\w.[\]-]*?(?:(?:^|\.)example(?:\.(?:com|net|org))?|\.(?:test|invalid))(?![\w.-])/i
const wordsForPassword = /^(?:pass(?:word|wd|phrase)?|pwd|secret)$/i
const wordsForName = /:\/\/\W?(?:user(?:name|id)?|login|name)$/i
const shortestSecret = 4

/** `user:password@`, one character, and a few of them before a host that nobody can have. */
function isExampleOfAddress(found: string, after: string): boolean {
  const at = found.indexOf(':', found.indexOf('://') + 3)
  const secret = found.slice(at + 1, found.lastIndexOf('@'))
  const isWord = wordsForPassword.test(secret)
  const isReserved = host.test(found.slice(found.lastIndexOf('@') + 1) + after)
  return (
    secret.length === 1 ||
    (isWord && wordsForName.test(found.slice(0, at))) ||
    (isReserved && (isWord || secret.length < shortestSecret))
  )
}

// Shapes as their issuers document them; each takes its token to the end, never a part of a longer one.
export const secretPatterns: readonly SecretPattern[] = [
  {
    category: 'secret/private-key',
    // Where the end line is missing, the rest of the text is taken for the key. The line alone, in the quotes of a program
    // that looks for it, is none.
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----(?!(?:\\[nr]|\s){0,4}["'`](?![^]{0,80}?[A-Za-z0-9+/]{32}))[^]*?(?:-----END [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    score: 0.99,
  },
  {
    category: 'secret/openai-key',
    pattern: /(?<![\w-])sk-(?:proj-|svcacct-|admin-|ant-|or-)?[\w-]{20,}/g,
    score: 0.95,
  },
  { category: 'secret/sallyport-key', pattern: /(?<![\w-])sp-[\w-]{32,}/g, score: 0.95 },
  {
    category: 'secret/aws-key-id',
    pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
    score: 0.95,
  },
  {
    category: 'secret/aws-secret-key',
    pattern: /aws.{0,24}(?:secret|key).{0,12}?[=:]\s{0,3}["']?(?<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/])/gi,
    score: 0.9,
  },
  {
    category: 'secret/github-token',
    pattern: /(?<![\w-])(?:gh[pousr]_[A-Za-z0-9]{30}|github_pat_\w{40})[\w-]*/g,
    score: 0.97,
  },
  { category: 'secret/gitlab-token', pattern: /(?<![\w-])gl(?:pat|ptt|dt|rt)-[\w-]{20,}/g, score: 0.95 },
  { category: 'secret/slack-token', pattern: /(?<![\w-])xox[abeoprs]-[A-Za-z0-9-]{11,}/g, score: 0.97 },
  {
    category: 'secret/slack-webhook',
    pattern: /https:\/\/hooks\.slack\.com\/(?:services|workflows)\/[\w/+-]{20,}/g,
    score: 0.95,
  },
  { category: 'secret/google-key', pattern: /(?<![\w-])AIza[\w-]{35}(?![\w-])/g, score: 0.95 },
  { category: 'secret/google-token', pattern: /(?<![\w-])(?:ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,})/g, score: 0.95 },
  {
    category: 'secret/stripe-key',
    pattern: /(?<![\w-])(?:sk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{20}[\w-]*/g,
    score: 0.95,
  },
  { category: 'secret/npm-token', pattern: /(?<![\w-])npm_[A-Za-z0-9]{36}(?![\w-])/g, score: 0.95 },
  { category: 'secret/huggingface-token', pattern: /(?<![\w-])hf_[A-Za-z0-9]{30}[\w-]*/g, score: 0.95 },
  { category: 'secret/pypi-token', pattern: /(?<![\w-])pypi-[\w-]{50,}/g, score: 0.95 },
  { category: 'secret/sendgrid-key', pattern: /(?<![\w-])SG\.[\w-]{16,}\.[\w-]{16,}/g, score: 0.95 },
  {
    category: 'secret/jwt',
    pattern: /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)*/g,
    score: 0.95,
  },
  {
    category: 'secret/connection-string',
    pattern: /:\/\/[^\s:/@'"<>]{0,100}:(?<secret>[^\s@/'"<>]{1,200})@[\w.[\]-]/gi,
    score: 0.95,
    isExample: isExampleOfAddress,
  },
  {
    category: 'secret/bearer-token',
    pattern: /(?:authorization\W{1,6}(?:bearer|basic|token)|bearer)\s{1,4}(?<secret>[\w.~+/-]{16,}={0,2})/gi,
    score: 0.85,
  },
]
