import { directionMarks } from './hidden-characters.ts'

const pathBytes = 1024

/** Direction marks make a name read as another: "fdp.exe" shown for "exe.pdf". */
const unreadable = new RegExp(`[\\p{Cc}\\p{Zl}\\p{Zp}${directionMarks}]`, 'u')

/** Why nothing in a sandbox may have a path below `/mnt/data`: half a sentence behind "The path …"; null where it may. */
export function reasonAgainstPath(path: string): string | null {
  if (path === '') return 'is empty'
  if (Buffer.byteLength(path) > pathBytes) return `is longer than ${pathBytes} bytes`
  if (!path.isWellFormed()) return 'is not valid Unicode'
  if (unreadable.test(path)) return 'holds control characters'
  if (path.startsWith('/')) return 'is absolute'
  const parts = path.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'holds "", "." or ".." as a name'
  return parts.some((part) => Buffer.byteLength(part) > 255) ? 'holds a name longer than 255 bytes' : null
}
