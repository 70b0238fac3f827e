#!/bin/sh
# Takes from Debian's font packages what figures need: every script in regular and bold, signs and emoji, and last the
# pixel letters of Unifont, which has a glyph for nearly everything. Serif, light and interface faces stay behind.
set -eu
fonts=/fonts/usr/share/fonts
take() {
  folder="$fonts/$1"
  shift
  mkdir -p "$folder"
  cp "$@" "$folder/"
}
noto=/usr/share/fonts/truetype/noto
take truetype/noto $(find "$noto" -name 'NotoSans*-Regular.ttf' ! -name '*UI-*') $(find "$noto" -name 'NotoSans*-Bold.ttf' ! -name '*UI-*') "$noto"/NotoMusic-Regular.ttf
# Scripts that have no face but a serif one.
for script in Ahom Dogra NyiakengPuachueHmong Tangut Tibetan Yezidi; do
  take truetype/noto $(find "$noto" -name "NotoSerif$script-Regular.ttf" -o -name "NotoSerif$script-Bold.ttf")
done
take opentype/noto /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc /usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc
take truetype/ancient-scripts $(find /usr/share/fonts -name 'Symbola*')
take opentype/unifont $(find -L /usr/share/fonts -name 'unifont.otf') $(find -L /usr/share/fonts -name 'unifont_upper.otf')
test "$(find "$fonts" -name 'NotoSans*-Regular.ttf' | wc -l)" -gt 80
du -sh "$fonts"
