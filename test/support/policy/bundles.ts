import { gzipSync } from 'node:zlib'

/** Packs files as a bundle is packed: a gzipped tar with absolute names. */
export function packBundle(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const bytes = Buffer.from(content)
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write(bytes.length.toString(8).padStart(11, '0'), 124)
    header.write('0', 156)
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
  })
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}
