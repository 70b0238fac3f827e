import type { ConversationMessage } from '../../core/request.ts'
import type { KnownAddresses } from '../../filters/links/known-addresses.ts'
import { addressOf } from '../../provenance/address-forms.ts'
import { readTrustedWords, type TrustedWords } from '../../provenance/trusted-words.ts'

/** A link of the web whose host is read alike by every program: no name of a user, no escape, no letter of another script. */
const plainHost = /^(?:https?:\/\/)?([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::\d{1,5})?(?:[/?#]|$)/i
const hostAlone = /^(?:https?:\/\/)?((?:[a-z0-9-]{1,63}\.){1,8}[a-z0-9-]{2,63})\/?$/i

/**
 * What trusted people say of addresses: the person in the messages of this request, without what they quote or paste, the operator in
 * its instructions and by hosts of their own. What a model, a row or a file says of itself counts for nothing.
 */
export function knownAddresses(messages: readonly ConversationMessage[], hosts: readonly string[]): KnownAddresses {
  let read: TrustedWords | null = null
  const words = (): TrustedWords =>
    (read ??= readTrustedWords(messages.flatMap(({ role, content }) => (role === 'assistant' ? [] : [content]))))
  const isAtOwnHost = (address: string): boolean => {
    const host = plainHost.exec(address)?.[1]?.toLowerCase()
    return host !== undefined && hosts.some((own) => isHostOf(host, own))
  }
  return {
    isAtOwnHost,
    isKnown: (address) => {
      // The host that the person has named, and nothing behind it.
      const alone = hostAlone.exec(address)?.[1]
      if (alone !== undefined && words().says(alone)) return true
      return addressOf(address) !== null && words().says(address)
    },
  }
}

function isHostOf(host: string, own: string): boolean {
  return own.startsWith('*.') ? host.endsWith(own.slice(1)) : host === own
}
