import { textBefore } from '../../../text/text-before.ts'

const zone =
  /^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/(?:(?:Argentina|Indiana|Kentucky|North_Dakota)\/)?[A-Z][A-Za-z_-]{1,30}$/
const before = /[A-Za-z_/-]{0,64}$/
const behind = /^[A-Za-z_/-]{0,64}/

/** Is the stretch a part of the name of a time zone (`Europe/Berlin`, of the IANA database)? It is where no person is. */
export function isTimeZone(text: string, start: number, end: number): boolean {
  const inner = text.slice(start, end)
  if (inner.length > 64 || !(inner.includes('/') || text.charAt(start - 1) === '/' || text.charAt(end) === '/'))
    return false
  const [left] = before.exec(textBefore(text, start, 64)) ?? ['']
  const [right] = behind.exec(text.slice(end, end + 64)) ?? ['']
  return zone.test(left + inner + right)
}
