import type { CommandWords, OptionWords, Shell } from './words.ts'

/** The text that a shell reads to complete what is typed behind `sallyport`. It asks nothing of the program while it is used. */
export function completionScript(shell: Shell, commands: readonly CommandWords[]): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands)
}

/** A text that no shell reads as anything but itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

const named = ({ path }: CommandWords): string => path.join(' ')

const flagsOf = (options: readonly OptionWords[]): readonly string[] => options.flatMap(({ flags }) => flags)

/** Walks the words typed so far: which command they lead to, and whether the last of them is an option that wants a value. */
const walk = (words: string): string => `
  local at='' want='' word
  for word in "\${${words}}"; do
    if [[ $word == '=' ]]; then continue; fi
    if [[ -n $want ]]; then want=''; continue; fi
    case $word in
      --*=*) continue ;;
      -*) case " $(_sallyport_valued "$at") " in *" $word "*) want=$word ;; esac; continue ;;
    esac
    case " $(_sallyport_commands "$at") " in *" $word "*) at="\${at:+$at }$word" ;; esac
  done`

/** Functions that say what may stand behind a command, which bash and zsh read alike. */
function tables(commands: readonly CommandWords[]): string {
  const table = (name: string, entry: (command: CommandWords) => string): string => {
    const lines = commands.flatMap((command) => {
      const text = entry(command)
      return text === '' ? [] : [`    ${quoted(named(command))}) printf '%s' ${quoted(text)} ;;`]
    })
    return `${name}() {\n  case $1 in\n${lines.join('\n')}\n  esac\n}\n`
  }
  const valued = ({ options }: CommandWords) => flagsOf(options.filter(({ takesValue }) => takesValue)).join(' ')
  const values = commands.flatMap((command) =>
    command.options.flatMap((option) =>
      option.values.length === 0
        ? []
        : option.flags.map(
            (flag) => `    ${quoted(`${named(command)} ${flag}`)}) printf '%s' ${quoted(option.values.join(' '))} ;;`,
          ),
    ),
  )
  return [
    table('_sallyport_commands', ({ commands: inner, values: own }) =>
      [...inner.map(({ name }) => name), ...own].join(' '),
    ),
    table('_sallyport_options', ({ options }) => flagsOf(options).join(' ')),
    table('_sallyport_valued', valued),
    `_sallyport_values() {\n  case "$1 $2" in\n${values.join('\n')}\n    *) return 1 ;;\n  esac\n}\n`,
  ].join('')
}

function bashScript(commands: readonly CommandWords[]): string {
  return `# Completion of sallyport for bash: source <(sallyport completion bash)
${tables(commands)}_sallyport_offer() {
  # Not by compgen -W, which expands what it is given.
  local -a offered
  local word
  read -ra offered <<<"$1"
  for word in "\${offered[@]}"; do if [[ $word == "$2"* ]]; then COMPREPLY+=("$word"); fi; done
}
_sallyport_files() {
  local file
  while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$1")
}
_sallyport() {
  local current=\${COMP_WORDS[COMP_CWORD]}
  local -a before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  COMPREPLY=()${walk('before[@]')}
  if [[ -n $want ]]; then
    local values
    if values=$(_sallyport_values "$at" "$want"); then
      _sallyport_offer "$values" "$current"
    else
      _sallyport_files "$current"
    fi
  elif [[ $current == -* ]]; then
    _sallyport_offer "$(_sallyport_options "$at")" "$current"
  else
    _sallyport_offer "$(_sallyport_commands "$at")" "$current"
    if [[ \${#COMPREPLY[@]} -eq 0 ]]; then _sallyport_files "$current"; fi
  fi
}
complete -o filenames -F _sallyport sallyport
`
}

function zshScript(commands: readonly CommandWords[]): string {
  return `#compdef sallyport
# Completion of sallyport for zsh: source <(sallyport completion zsh)
${tables(commands)}_sallyport() {
  emulate -L zsh
  local -a before=("\${(@)words[2,CURRENT-1]}")
  local current=\${words[CURRENT]}${walk('before[@]')}
  if [[ -n $want ]]; then
    local values
    if values=$(_sallyport_values "$at" "$want"); then compadd -- \${=values}; else _files; fi
  elif [[ $current == -* ]]; then
    compadd -- \${=$(_sallyport_options "$at")}
  else
    local inner=$(_sallyport_commands "$at")
    if [[ -n $inner ]]; then compadd -- \${=inner}; else _files; fi
  fi
}
if (( $+functions[compdef] )); then compdef _sallyport sallyport; fi
`
}

function fishScript(commands: readonly CommandWords[]): string {
  const paths = commands.map(named).filter((path) => path !== '')
  const lines = commands.flatMap((command) => {
    const here = `complete -c sallyport -n ${quoted(`__sallyport_at ${quotedPath(named(command))}`)}`
    return [
      ...command.commands.map(({ name, about }) => `${here} -f -a ${quoted(name)} -d ${quoted(firstWords(about))}`),
      ...(command.values.length === 0 ? [] : [`${here} -f -a ${quoted(command.values.join(' '))}`]),
      ...command.options.map((option) => `${here} ${fishOption(option)}`),
    ]
  })
  return `# Completion of sallyport for fish: sallyport completion fish | source
set -g __sallyport_paths ${paths.map(quoted).join(' ')}
function __sallyport_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim -- "$at $word")
        if contains -- $next $__sallyport_paths
            set at $next
        end
    end
    test "$at" = "$argv"
end
${lines.join('\n')}
`
}

const quotedPath = (path: string): string => (path === '' ? '""' : path)

function fishOption({ flags, about, takesValue, values }: OptionWords): string {
  const words = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
  const value = values.length > 0 ? [`-x -a ${quoted(values.join(' '))}`] : takesValue ? ['-r'] : []
  return [...words, ...value, `-d ${quoted(firstWords(about))}`].join(' ')
}

/** What fits behind a word on a line. */
function firstWords(about: string): string {
  const [first = ''] = about.split(/[;(:]/)
  return first.trim().slice(0, 70)
}
