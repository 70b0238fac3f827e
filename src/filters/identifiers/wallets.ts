import { createHash } from 'node:crypto'
import { wordsOf, type Recognizer } from './recognizer.ts'

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest()

/** Base58Check: the last four of 25 bytes are the beginning of the double SHA-256 of the rest. */
export function passesBase58Check(value: string): boolean {
  let number = 0n
  for (const character of value) {
    const at = alphabet.indexOf(character)
    if (at < 0) return false
    number = number * 58n + BigInt(at)
  }
  const hex = number.toString(16).padStart(50, '0')
  if (hex.length !== 50) return false
  const bytes = Buffer.from(hex, 'hex')
  return digest(digest(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21))
}

const words = wordsOf('wallet', 'bitcoin', 'btc', 'ethereum', 'eth', 'address', 'crypto')

/** Addresses of Bitcoin and Ethereum. */
export const wallets: readonly Recognizer[] = [
  {
    category: 'pii/crypto-wallet',
    opens: 'digit',
    shape: /[13][1-9A-HJ-NP-Za-km-z]{25,34}/y,
    words,
    score: 0.9,
    namedScore: 0.97,
    passes: passesBase58Check,
  },
  {
    category: 'pii/crypto-wallet',
    opens: 'letter',
    shape: /bc1[02-9ac-hj-np-z]{38,59}/y,
    words,
    score: 0.9,
    namedScore: 0.97,
  },
  {
    category: 'pii/crypto-wallet',
    opens: 'digit',
    shape: /0x[\da-fA-F]{40}/y,
    words,
    score: 0.6,
    namedScore: 0.95,
    passes: (value) => new Set(value.toLowerCase()).size > 6,
  },
]
