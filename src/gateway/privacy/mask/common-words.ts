import { foldWord } from './name-words.ts'

/**
 * Words of sentences that are also what people, places and firms are called, or that stand in what is taken for a name:
 * of our own choosing, as they are written in English, German, French and Spanish.
 */
const english = `
  abbey able ace admin agent all amber and angel answer api app april archer art ash ask aspen august aurora autumn
  avenue axle back bailey baker ball band bank banks barber barn baron base bass batch battle bay beach bean bear bell
  berg berry best bill bird bishop black blaze bliss block bloom blue board bob bolt bond book booth border boss
  bounty bow bowl box branch brand brave bray bridge bright brook brown buck bud bug build bull burn burns bush
  butcher butler buy cache cain call camp cannon canon captain car card carpenter carter case cash castle cat chad
  chance chapel chapman chase check cherry chief china church circle city clay clear clerk client cliff close cloud
  coach coal code cole comfort commit common company constant cook cooper core corn cotton court cousins craft crane
  creek cross crow crown crystal cup customer daily daisy dale data date dawn day dean dear december deep delta den
  destiny dew digit dish dock docker doctor dollar domain don dove down draft drake draw drive duke dune dusk eagle
  early east easy echo edge elder ember emerald end engine english entry error eve even ever express fair faith falcon
  fall farm farmer favor feature february fern field file finance finch fire fisher fix flag flint flood floor flower
  flowers fly fog food for ford forest form fort fortune foster fountain fox frame frank free french friday friend
  from frost full game garden gates gay gem general gentle german gift glad glass glen gold golden good grace grand
  grant grave gray great green grey ground group grove guide gunner guy hail hale hall hammer hand happy harbor hard
  hardy harmony harp hart harvest haven hawk hay hazel head heart heath heather heaven hello help herb hero high hill
  hills hole holiday holly home honor hood hook hope horn house how hunt hunter ice india info iris iron island issue
  item ivory ivy jade jam january jasmine jay jewel job joy judge july june junior just justice kay keen key kind king
  kings kit knight lace lady lake lamb lance land lane large lark latin laurel law lawn lead leader leaf learning
  legend lily lime line link lion list little live load lock log long look lord love low loyal luck lucky lyric
  machine magic mail main major manager many map maple marble march mark market mars marsh marshal mason master mate
  may mead meadow melody memory mercy merit merry mighty mild mile miles mill miller mint minute miss model monday
  money moon moor more morning moss mount mountain mouse much must myrtle name nation near new news next nice night
  noble none norm north not note noun november now oak object ocean october office olive onyx opal orange orchid order
  otter owl own page paige palm pansy paper paradise parish park parker part pass path patience pay payne peace peach
  pearl penny pepper person phoenix pickle pier pike pilgrim pine pink piper pitch place plain plan please plum poet
  point polish pond pool poor pop pope poppy porter post potter power praise precious press price pride priest prince
  print prior process product project promise proud prudence pull purple push python queen query quest question quick
  quill rain ranger raven ray read reader ready red reed release remember remy report request rich ridge ring rise
  river rivers road rob robin rock roman rook root rope rose round row royal ruby rule run rush russet rust rye sage
  sailor saint sally salt sand sandy sapphire saturday savage save science scout sea season see self sell send senior
  september sergeant server service shade shadow sharp shaw shell shepherd shield shine ship shore short show silver
  simple singer sky slate slick small smart snow software sol south space spark sparrow speaker spear spring square
  staff star start state stay steel sterling stern stone stop storm street strong stuart subject sue summary summer
  sun sunday sunny support swan sweet swift system table tag tailor tall tanner target task tate teal team temple
  terry test text thanks that the this thorn thousand thunder thursday tide tiger tile time title toad today todo
  token tomorrow tool top torch total tower town trace track trade train trainer travel tree trinity trip trouble true
  trust tuesday turner turtle type under union unique update upper user vale valley value vance velvet verse vice
  victor victory view violet virtue vision visit wade wait walk walker wall walls ward ware warm warner warren watch
  water waters wave way weaver webb wednesday week welcome well wells west whale what wheat wheel when where white who
  whole why wild will willow win wind window wine wing winner winter wise with wolf wonder wood woods word work world
  worth wren wright year yellow yes york you young your youth zero zone`

const german = `
  achtung acker adler amsel anfang arm arzt auftrag bach bald bank bauer baum becher berg berger bericht bernstein
  bild bischof blum blume bock braun brief brot bruder brunnen burg busch christ dank daten deutsch dorf eckstein
  ehrlich eich ende engel erde ernst essen esser falke fall faust feld fest feuer finger fisch fischer flamme frage
  franke frau freitag freude freund frisch froh frost fuchs fuhrmann garten gast geier geist gold graf grau greif groß
  grund grün gut hafen hahn halle hammer hand hase haupt haus held herbst herr herz heute himmel hirsch hirt hof
  hoffnung holz horn huhn hund jahr jung junge kaiser kalt kapitel karte kauf kaufmann keller kern kirche klar klein
  klug knecht koch kohl konto kopf korn kraft kranz kreis kreuz krieg krug kuh kunde kunst kurz könig lamm land lang
  lange laut lehrer leid lerche licht liebe lied linde link luft lust löwe mann markt mauer maurer meer meister mensch
  mond montag morgen muster nacht name neu nord nuss oben ochs ost papst pfarrer pfau pfeifer pfeil pferd platz post
  preis prinz probst punkt quelle rabe rad rat rau recht regen reich reiter richter ring ritter rock rose rot ruhe
  römer sache salz sand sattler schatz scherer schiff schlange schloss schlosser schmied schneider schnell schreiber
  schreiner schuh schule schuster schwan schwarz schwein schäfer schön see seide seiler seite silber sommer sonne
  sonntag spatz specht sperling spiegel spiel stadt stahl stark stein stern stolz strauß sturm süd tag tanne taube
  teich teil teufel text thema thron tisch tod traum treu turm uhr ungar vogel voll vorstand wagen wald wand wasser
  weg weiß welt wert west winkel winter wirt wolf wort wunder zahl zander zaun zeile zeit ziel zimmer zimmermann
  zucker zweig`

const french = `
  abbe aimable ainsi ami amour an ange anglais annee arbre ardent argent avril barbier bas beau belle bien blanc
  blanche bleu bois bon bonheur bonjour bonnet boucher boulanger bouvier brun capucine cerise chambre champ champion
  chanson chapelle charpentier chasseur chat chateau chef chevalier ciel clair claire cle clerc code colombe comte
  constant copain corbeau cordier cour courant court croix curie dauphin de desir dieu dimanche doux duc eau ecole
  edition eglise enfant ete etoile exemple fer ferme fete feuille fin fleur fontaine forestier forge fort fortune
  franc france gaillard garde gauche germain gloire grand gras gris gros guerre heureux hier histoire hiver homme
  honneur ile jardin jaune jeu jeudi joie joli jolie joly jour journal juin juste lac lapin large laurier leger leroy
  lettre libre lilas lion livre loi long loup lumiere lundi lune mai main maire mairie maison maitre marchand mardi
  marechal mari marin marine marron matin meilleur mer mere merle message meunier midi moine mois monde mont montagne
  mot moulin mouton mur musique mystere neige noel noir nom nord nouveau nuit oiseau ombre orange ouest page pain paix
  palais papier paradis parent parfait paris paume pays pecheur peintre pere perle petit peuple pie pierre pin place
  plage plaine poirier poisson pomme pont port porte potier poulain prairie premier prieur prince printemps prix
  prudent puits question raison regard reine renard rey riche rire riviere robe roche rocher roi roman rose roue rouge
  roux rue sable sage saison sauvage seigneur sel semaine simple soldat soleil sorel source sport sud suite table
  terre tete texte tour tous travers un vache val valet vallee verger verite vert vie vieux vigne vignon ville vin
  violette voir vrai`

const spanish = `
  abad abril agua alegria alma amable amado amanecer amor ancho angel angeles aurora azul bajo banco barco barrio
  bello blanca blanco bosque bravo bueno caballero cabeza calle calvo camino campo campos cano canto cantor capilla
  cara caridad carne carta casa castillo cero cerro cesta cielo cierra ciudad clara claro cliente codigo colina
  concepcion conde consuelo corazon corona corte cruz cuenta cuesta dia dias dichoso dios dolores domingo dorado duque
  ejemplo encarnacion error escudero espada esperanza espina estrella fe feliz flor flores fuego fuente fuentes fuerte
  gallego gallo gato gloria gordo gracia gracias grande granja guapo guerra guerrero guia hacer hermana hermano
  herrero hierro hijo hoja hombre hora hoy hoyos huerta iglesia invierno isla jardin jazmin joven jueves jurado justo
  lago leal leche leon ley libertad libre libro limon lindo linea llanos llave lluvia lobo loma lucero lugar luna
  lunes luz madera madre manso manzana mar marino marta martes mayo mayor mercado merced mercedes mesa milagro
  milagros molinero molino montana monte montero mora moral morena moreno muerte mundo muro naranjo nieve nieves nino
  noche nombre norte nube nuevo obispo oliva olmo oro otero otono pacifico padre pajaro palacio palma paloma pan parra
  parte pastor patio paz pena perla perro pescador piedad piedra pilar pino pinto plata playa plaza pobre portero pozo
  prado precio primavera primo principe prueba puente puerta puerto pura quinto real redondo reina remedios rey reyes
  rico rio rios rivera robles roca rocio rojo romero rosa rosario rosas rubio sabado sal salas salud salvador sano
  santo santos seguro selva senor serena serrano sierra socorro sol soledad sombra tarde tejedor texto tierra tigre
  toro torre torres trigo trueno unico uno vaca valle vela vera verano verdad verde vicario victoria vida viento vino
  virtud vista viva zapatero zorro`

const words: ReadonlySet<string> = new Set(
  [english, german, french, spanish].flatMap((list) => list.trim().split(/\s+/)).map(foldWord),
)

/** Is the word, in the form of `foldWord`, one that stands in sentences as often as in names? */
export function isCommonWord(folded: string): boolean {
  return words.has(folded)
}
