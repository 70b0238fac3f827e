/** Which addresses an answer may hold as links: what the person and the operator stand for, and nothing that was read. */
export interface KnownAddresses {
  /** Did the person, or the operator in its instructions, write this very address? As it stands in the text. */
  isKnown(address: string): boolean
  /** Is it at a host of the operator's? What is there may be shown without a click. */
  isAtOwnHost(address: string): boolean
}
