/** What of the reader's sentences is for whoever writes programs, and what a person can do instead: say it in the question. */
const inWords: readonly (readonly [RegExp, string])[] = [
  [/; set decimal or thousands\b/g, '. Say in your question which, such as "the comma is the decimal mark"'],
  [/; set thousands\b/g, '. Say in your question whether they do'],
  [/; set date_format\b/g, '. Say in your question which, such as "the day comes first"'],
  [/ \(date_format [^)]*\)/g, ''],
  [/; set header to false if it is a row\b/g, '. If it is a row, say in your question that the file has no header'],
  [/: FILE#SHEET or the setting sheet reads another\b/g, '. To have another one read, name it in your question'],
  [/; set types to double if they are numbers\b/g, '. If they are numbers, say so in your question'],
  [
    /; if (that means|these mean) missing, set null_values\b/g,
    '. If $1 that nothing is known, say so in your question',
  ],
  [
    /; set encoding \([^)]*\)/g,
    '. Say in your question how it was written, such as "it is in Windows-1252", as older programs of Windows write',
  ],
]

/** A sentence of the reader on how a file was read, for somebody who has no settings to set. */
export function noteInWords(note: string): string {
  const said = inWords.reduce((text, [pattern, words]) => text.replace(pattern, words), note)
  if (!/\b(?:set|setting) [a-z_]+\b/.test(said)) return said
  return `${said} (the model can, where your question asks for it)`
}
