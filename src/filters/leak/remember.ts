/** Characters of all that is remembered together. */
const most = 2_000_000
/** What is made takes room by itself, however short the texts are. */
const ofEach = 250

/** What is made of texts, remembered for as long as it is among those used last: most calls begin with the same instructions. */
export function remember<Made>(make: (texts: readonly string[]) => Made): (texts: readonly string[]) => Made {
  const known = new Map<string, Made>()
  let characters = 0
  return (texts) => {
    const key = JSON.stringify(texts)
    const made = known.get(key) ?? make(texts)
    // The one that was used last stands at the end.
    if (known.delete(key)) characters -= key.length + ofEach
    known.set(key, made)
    characters += key.length + ofEach
    for (const oldest of known.keys()) {
      if (characters <= most || known.size === 1) break
      known.delete(oldest)
      characters -= oldest.length + ofEach
    }
    return made
  }
}
