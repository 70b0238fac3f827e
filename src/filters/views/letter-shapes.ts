/**
 * Letters that are drawn like one of ASCII, by that letter: of the other alphabets, of phonetics, small capitals, and letters
 * with a stroke or a hook, which no decomposition takes off. What Unicode decomposes is not listed. Sources: the code charts
 * of Unicode, where each stands by its shape.
 */
const shapes: Readonly<Record<string, string>> = {
  a: 'ɑɐᴀαаⱥ∂ªል', b: 'ƀɓʙвьƅЪᏏᖯβвƃ₿', c: 'ƈȼɔᴄсςϲⅽ¢ⲥ©ʗ', d: 'đɖɗᴅԁⅾᏧðժ', e: 'ɛəǝᴇеєϵεҽ℮€ⲉꬲ', f: 'ƒꜰғẝϝք', g: 'ɡɢǥɠցԍᶃ', h: 'ħɦʜнһհᏂηℏ',
  i: 'ɩɪıιіꙇⵏ¡', j: 'ʝɉјϳյⱼ', k: 'ƙκкᴋқҝⱪⲕ', l: 'łɫɭʟŀӏⅼւℓ', m: 'ɱᴍмⅿ', n: 'ɲɳɴηոпռŋ', o: 'øɵᴏоοօσⲟ०๐໐٥ဝ°ჿ', p: 'ƥᴘрρϸᑭþ', q: 'ɋʠԛգզ', r: 'ɍɽɾʀгяᴦꭇ',
  s: 'ʂꜱѕςꮪ§ƽ', t: 'ŧƭʈᴛтτե†', u: 'ʉʊᴜυսцʋմ', v: 'ʌᴠνѵⅴט√', w: 'ɯᴡшωԝաѡⱳ', x: 'хχⅹ×ӿ', y: 'ƴɏʏуγүყ¥ʎ', z: 'ƶȥᴢʐզ',
  A: 'ᎪᗅΑАɅΔⲀ', B: 'ᏴᗷΒВɃⲂ', C: 'ᏟСϹↃⲤ', D: 'ᎠᗞĐÐ', E: 'ᎬΕЕΞⲈ', F: 'ᖴϜ', G: 'ᏀԌᏳ', H: 'ᎻΗНҢⲎ', I: 'ΙІӀᎥⲒ', J: 'ᎫЈ', K: 'ᏦΚКҜᏥⲔ', L: 'ᏞᒪŁⳐ', M: 'ᎷΜМϺⲘ', N: 'ΝИⲚ', O: 'ΟОØՕⲞ', P: 'ᏢΡРⲢ',
  Q: 'Ԛ', R: 'ᎡᖇЯᏒᎱ', S: 'ՏЅᏚᎦ', T: 'ᎢΤТŦⲦ', U: 'ՍᑌɄ', V: 'ᏙѴᏤ', W: 'ᎳԜШᏔ', X: 'ΧХⲬ', Y: 'ΥҮᎩⲨ', Z: 'ᏃΖⲌ',
} // prettier-ignore

const byShape = new Map<string, string>()
for (const [letter, drawn] of Object.entries(shapes)) {
  for (const character of drawn) if (!byShape.has(character)) byShape.set(character, letter)
}
// Letters on a square or in a black circle, and those of flags, stand in the order of the alphabet.
for (const first of [0x1f130, 0x1f150, 0x1f170, 0x1f1e6]) {
  for (let index = 0; index < 26; index += 1) {
    byShape.set(String.fromCodePoint(first + index), String.fromCharCode(65 + index))
  }
}

/** The letter of ASCII that a character, or its capital, is drawn like; undefined where it is like none. */
export function letterLike(character: string): string | undefined {
  return byShape.get(character) ?? byShape.get(character.toUpperCase())?.toLowerCase()
}
