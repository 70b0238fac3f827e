import { hostEndings } from './address-forms.ts'

/** A mail address or a link as people say them: "eve at evil dot com", "evil dot com, slash x". */
const inWords = new RegExp(
  String.raw`(?:(?<![\p{L}\p{N}])[\p{L}\p{N}._+-]{1,64}\s{1,3}at\s{1,3})?(?<![\p{L}\p{N}])[\p{L}\p{N}-]{1,63}(?:\s{1,3}dot\s{1,3}[\p{L}\p{N}-]{1,63}){0,7}\s{1,3}dot\s{1,3}(?:${hostEndings})(?![\p{L}\p{N}])`,
  'giu',
)
/** Behind these somebody is called; elsewhere the same signs are code. */
const calling =
  '(?:write|message|dm|contact|ping|text|reach|follow|add|call|ask|tell|join|find|reply|send|to|at|via|with|is|handle|user|username|nick|telegram|signal|whatsapp|discord|threema|wechat)'
/** A name in a messenger, a mention as its programs write it, and a mail address at a host without points. */
const handles = [
  new RegExp(String.raw`(?<=(?<!\p{L})${calling}[\s:]{1,3})@[\p{L}\p{N}_][\p{L}\p{N}_.-]{1,62}`, 'giu'),
  /(?<![\p{L}\p{N}_@./])@[\p{L}\p{N}_][\p{L}\p{N}_.-]{1,62}(?=\s{1,3}(?:on|at|in)\s{1,3}\p{L})/giu,
  /<[@#!][\p{L}\p{N}_|.-]{2,64}>/giu,
  new RegExp(
    String.raw`(?<=(?<!\p{L})${calling}[\s:]{1,3})[\p{L}\p{N}._%+-]{1,64}@[\p{L}][\p{L}\p{N}-]{1,62}(?![\p{L}\p{N}-]|\.\p{L})`,
    'giu',
  ),
]
/** A number behind a word that makes an account, or somebody to call, of it. */
const numbered =
  /(?<!\p{L})(?:account|acct|a\/c|sort code|routing|iban|bic|swift|wallet|konto(?:nummer)?|blz|compte|cuenta|phone|mobile|whatsapp|telegram|telefon)(?:\s{1,3}(?:number|no\.?|nr\.?|code|is|at|on)){0,3}\s{0,3}[:#]?\s{0,3}((?:\d[\s./-]?){5,34}\d)/giu
const sixFigures = /\d(?:[\s./-]?\d){5}/

/**
 * What in a text leads to somebody without having the form of an address: as it is told on the phone or in a messenger, and figures of accounts. As they stand
 * there; of numbers their figures alone.
 */
export function toldAddressesIn(text: string): readonly string[] {
  const plain = text.normalize('NFKC').replaceAll(/\p{Cf}/gu, '')
  const found = new Set<string>()
  if (/\bdot\b/i.test(plain)) for (const [told] of plain.matchAll(inWords)) found.add(told)
  if (plain.includes('@') || plain.includes('<'))
    for (const pattern of handles) for (const [told] of plain.matchAll(pattern)) found.add(told)
  if (sixFigures.test(plain)) for (const [, figures = ''] of plain.matchAll(numbered)) found.add(figures)
  return [...found]
}
