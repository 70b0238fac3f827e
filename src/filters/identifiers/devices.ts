import { textBefore } from '../text-before.ts'
import { isIPv4, isIPv6 } from 'node:net'
import { passesLuhn } from '../pii/card.ts'
import { wordsOf, type Place, type Recognizer } from './recognizer.ts'

const addressWords = wordsOf('ip', 'ips', 'ipv4', 'ip address', 'ip adresse', 'adresse ip', 'direccion ip', 'host', 'client', 'remote', 'server', 'gateway', 'dns', 'ping', 'ssh', 'subnet', 'addr', 'address', 'from', 'logged in', 'connected', 'connection', 'peer', 'proxy') // prettier-ignore

const versionBefore =
  /(?:(?<![a-z])(?:v|ver|version|versions|release|build|rev|revision|section|chapter|figure|table|rfc|kernel|firmware|sdk|oid)\.?|(?:upgraded?|updated?|bumped?) to|v8(?: is)?(?: at| to)?|[=<>!~]=|[~^@§])[ :="'`(]{0,3}$|(?<![/\w])[a-z]+\/$/i

/** No person's host has it: this network, the host itself, the link, groups, masks and whole networks (RFC 6890). */
function isHost(value: string): boolean {
  const [first = 0, , , last = 0] = value.split('.').map(Number)
  return isIPv4(value) && first > 0 && first !== 127 && first < 224 && last > 0 && !value.startsWith('169.254.')
}

/** A drawing writes its numbers without a blank between them: `2.83-2.12 3.51.98.32`. */
const fractionBefore = /(?<![:\d])\d*\.\d+[ ,-]$/

const isVersion = (text: string, start: number) => versionBefore.test(textBefore(text, start, 16))

/** Four small numbers are as often a version or a section as an address, and object identifiers begin with 1 and 2. */
function isUnlikeVersion(value: string): boolean {
  return value.split('.').some((octet) => Number(octet) >= 32) && !/^(?:\d\.\d|2\.16)\./.test(value)
}

/** Six pairs that are not the beginning, the middle or the end of a longer row of pairs. */
function isSixPairs(value: string, { text, start, end }: Place): boolean {
  const isRow =
    /[\dA-Fa-f]{2}[:-]$/.test(textBefore(text, start, 3)) || /^[:-][\dA-Fa-f]{2}/.test(text.slice(end, end + 3))
  return !isRow && new Set(value.replace(/[:.-]/g, '').toLowerCase()).size > 2
}

const vinLetters = 'ABCDEFGHJKLMNPRSTUVWXYZ'
const vinValues = '12345678123457923456789'
const vinValue = (character: string) => Number(vinValues[vinLetters.indexOf(character)] ?? character)

/** Check digit of a vehicle identification number (49 CFR 565.15). */
export function passesVinCheck(value: string): boolean {
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
  const sum = weights.reduce((total, weight, at) => total + weight * vinValue(value.charAt(at)), 0)
  return (sum % 11 === 10 ? 'X' : String(sum % 11)) === value[8]
}

const macWords = wordsOf('mac', 'mac address', 'ethernet', 'hwaddr', 'physical address', 'bssid', 'wlan', 'mac adresse', 'adresse mac', 'direccion mac') // prettier-ignore

/** What is found on a network, a telephone or a car. */
export const devices: readonly Recognizer[] = [
  {
    category: 'pii/ip-address',
    opens: 'digit',
    shape: /(?:\d{1,3}\.){3}\d{1,3}/y,
    words: addressWords,
    score: 0.6,
    namedScore: 0.9,
    passes: (value, { text, start }) =>
      isHost(value) &&
      isUnlikeVersion(value) &&
      !isVersion(text, start) &&
      !fractionBefore.test(textBefore(text, start, 16)),
  },
  {
    category: 'pii/ip-address',
    opens: 'digit',
    shape: /(?:\d{1,3}\.){3}\d{1,3}/y,
    words: addressWords,
    score: 0,
    namedScore: 0.8,
    passes: (value, { text, start }) => isHost(value) && !isVersion(text, start),
  },
  {
    category: 'pii/ip-address',
    opens: 'either',
    // Global, unique local and link-local unicast (RFC 4291, RFC 4193).
    shape: /(?:[23][\da-f]{3}|f[cd][\da-f]{2}|fe[89ab][\da-f])(?::[\da-f]{0,4}){2,7}(?<!:)(?:::)?/iy,
    words: null,
    score: 0.85,
    namedScore: 0.85,
    passes: (value) => isIPv6(value),
  },
  {
    category: 'pii/mac-address',
    opens: 'either',
    shape: /[\da-f]{2}(?:(?::[\da-f]{2}){5}|(?:-[\da-f]{2}){5})/iy,
    words: macWords,
    score: 0.75,
    namedScore: 0.95,
    passes: (value, place) => isSixPairs(value, place) && /[a-f]/i.test(value) && /\d/.test(value),
  },
  {
    category: 'pii/mac-address',
    opens: 'either',
    shape: /[\da-f]{2}(?:(?::[\da-f]{2}){5}|(?:-[\da-f]{2}){5})|[\da-f]{12}|[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}/iy,
    words: macWords,
    score: 0,
    namedScore: 0.9,
    passes: isSixPairs,
  },
  {
    category: 'pii/vehicle-id',
    opens: 'either',
    shape: /[A-HJ-NPR-Z\d]{13}\d{4}/y,
    words: wordsOf('vin', 'vehicle', 'vehicle identification', 'chassis', 'fahrgestellnummer', 'fin', 'fahrzeug', 'numero de chassis', 'bastidor'), // prettier-ignore
    score: 0.5,
    namedScore: 0.9,
    passes: (value) => /[A-Z].*[A-Z]/.test(value) && passesVinCheck(value),
  },
  {
    category: 'pii/vehicle-id',
    opens: 'either',
    // Beyond North America a number has no check digit.
    shape: /[A-HJ-NPR-Z\d]{17}/y,
    words: wordsOf('vin', 'vehicle identification', 'vehicle identification number', 'chassis', 'fahrgestellnummer', 'bastidor'), // prettier-ignore
    score: 0,
    namedScore: 0.8,
    passes: (value) => /[A-Z]/.test(value) && /\d/.test(value),
  },
  {
    category: 'pii/device-id',
    opens: 'digit',
    shape: /\d{15}|\d{2}-\d{6}-\d{6}-\d/y,
    words: wordsOf('imei'),
    score: 0,
    namedScore: 0.9,
    passes: (value) => passesLuhn(value.replaceAll('-', '')),
  },
]
