import { Option } from 'commander'

/** Asks a service that runs elsewhere, in place of the files of this machine. */
export const serverOption = (): Option =>
  new Option(
    '--server <url>',
    'a running service, by the address of its routes for operators (default: the files here)',
  )

export const keyFileOption = (): Option =>
  new Option('--key-file <file>', 'file with the key for --server (default: the variable SALLYPORT_KEY)')
