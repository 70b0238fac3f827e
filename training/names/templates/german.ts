/** As `english.ts`, in German. */
export const germanSentences: readonly string[] = `
[Hallo|Guten Tag|Hi|Grüß Gott|Moin], mein Name ist {full}[.| und ich habe eine Frage zu meiner {Noun}.|, ich rufe von {org} an.]
Ich heiße {full}[.| und wohne in {loc}.| und arbeite bei {org}.]
Ich bin {full} [von|aus|und komme aus] {loc}.
[Hier spricht|Hier ist|Es spricht] {full} [von|von der Firma] {org}.
[Sehr geehrter|Lieber|Guter] Herr {surname},
[Sehr geehrte|Liebe] Frau {surname},
Sehr geehrte Frau {surname}, sehr geehrter Herr {surname},\\n\\n[vielen Dank für|wir bestätigen] Ihre {Noun} vom {date}.
[Lieber|Liebe|Hallo|Hi|Servus] {given},\\n\\n[kannst du|könntest du|bitte] die {Noun} [bis {weekday}|morgen] {verb}[?|.]\\n\\n[Viele Grüße|Liebe Grüße|Gruß|Danke],\\n{given}
[Mit freundlichen Grüßen|Viele Grüße|Freundliche Grüße|Beste Grüße|Herzliche Grüße|Hochachtungsvoll],?\\n[\\n|]{full}[\\n{org}|][\\n{address}|]
[Bitte|Könnten Sie] [rufen Sie|kontaktieren Sie] {title} {surname} [unter|auf] {phone} [an|zurück].
[Bitte senden|Schicken|Liefern] Sie die {Noun} an {full}, {address}.
Meine [neue |]Adresse [ist|lautet] {address}[.| und meine Nummer {phone}.]
[Ich wohne|Wir wohnen|Er wohnt|Sie wohnt] [in der|am|im|in] {address}.
[Ich wohne|Wir leben|Er lebt|Sie arbeitet] [seit {year} |]in {loc}[.| und arbeite bei {org}.]
[Ich ziehe|Wir ziehen] [im {month} |]von {city} nach {city}.
[Rechnungsadresse|Lieferadresse|Adresse|Anschrift|Wohnhaft]: {address}
[Name|Kunde|Kundin|Patient|Patientin|Ansprechpartner|Ansprechpartnerin|Mieter|Empfänger|Absender|Kontoinhaber|Versicherter]: {full}
[Firma|Arbeitgeber|Unternehmen|Bank|Auftraggeber]: {org}
[Ort|Wohnort|Geburtsort|Stadt|Standort]: {city}
Name: {full}\\n[Anschrift|Adresse]: {address}\\nTelefon: {phone}
{full}\\n{street}\\n{number} {city}
{full}, {address}
{full}, wohnhaft in {address}, geboren am {date} in {city}
[Herr|Frau] {surname} [hat|wird|kann|möchte] [gestern|heute|morgen|am {weekday}] [angerufen|kommen|die {Noun} {verb}].
[Herr|Frau] {full} [ist|war] [seit {year} |][bei|für] {org} [tätig|beschäftigt|angestellt].
[Gestern|Heute|Am {weekday}|Im {month}] [hat|traf|besuchte] {person} {person} in {loc}[ getroffen|].
{person} [sagte|meint|erklärte|schrieb|glaubt], dass die {Noun} {adj} [ist|sei].
{person} und {person} [haben|trafen sich|fahren] [in {loc}|nach {loc}|bei {org}] [gegessen|gearbeitet|{adj}].
{person} [arbeitet|arbeitete] [bei|für] {org} [in {city}|als {Noun}].
{person} [kommt aus|wohnt in|lebt in|stammt aus] {loc}.
[Die Firma|Das Unternehmen|Der Konzern] {org} [hat ihren Sitz in|kommt aus|eröffnet in|schließt das Werk in] {city}.
{org} [meldete|teilte mit|kündigte an|bestätigte] am {weekday}, [dass|die] {Noun} [werde|sei] {adj}.
[Die Polizei|Der Bürgermeister|Das Wetter|Die Stadt|Der Bahnhof] [in|von] {city} [ist|war|meldete] [{adj}|am {weekday}|eine {Noun}].
[Der Zug|Der Flug|Der Bus] von {city} nach {city} [hat Verspätung|fällt aus|fährt um {time}].
[Mein|Unser] [Chef|Kollege|Bruder|Arzt|Nachbar|Vermieter|Freund|Sohn|Mann], {full}, [wohnt in {loc}|arbeitet bei {org}|ist {adj}].
[Meine|Unsere] [Chefin|Kollegin|Schwester|Ärztin|Nachbarin|Freundin|Tochter|Frau|Mutter] {person} [wohnt in {loc}|arbeitet bei {org}|heißt {given}].
[Der Vertrag|Der Mietvertrag|Die Vereinbarung] [wird|wurde] zwischen {org} und {full} geschlossen.
[Überweisen|Zahlen] Sie {amount} an {full}, IBAN {iban}[.|, {org}.]
[Das Konto|Die Rechnung|Die Karte] [gehört|ging an|ist ausgestellt auf] {full}.
Der Patient {full}, geboren am {date}, [wurde|wird] [im {org} |]von Dr. {surname} behandelt.
[Termin|Besprechung|Gespräch] mit {full} [am {date}|um {time}|bei {org}]
[Kennen Sie|Kennst du|Wer ist|Suche] {full}?
[Danke|Hallo|Tschüss|Entschuldigung|Glückwunsch], {given}[!|.]
{given}, [kannst du|hast du|würdest du] [bitte |]die {Noun} {verb}?
{given} [kommt|bleibt|schläft|wartet|lacht|ist krank|fragt nach der {Noun}].
{full} ({age}) [aus|von] {loc} [ist|wurde] [verhaftet|gewählt|verletzt|befördert].
[Teilnehmer|Anwesend|Verfasser]: {full}, {full}, {full}
[Das Büro|Die Filiale|Unser Laden|Die Praxis] [ist|befindet sich] in der {street}[, {city}|].
Wir treffen uns [um {time} |]in der {street}.
[Die Wohnung|Das Haus] in der {address} [kostet|wurde verkauft für] {amount}.
[Schreibe|Verfasse] [einen Brief|eine E-Mail|eine Beschwerde] an {person|org}[.| in {city}.]
[Ich|Sie|Er] [studierte|studiert] an der {org}[.| und kam dann zu {org}.]
{org}, {address}
{org}\\n{address}
[Bürgermeister|Ministerin|Professor|Richterin|Kanzler|Präsident] {surname} [sagte|reiste|sprach] [in {loc}|am {weekday}].
[gez.|Unterzeichnet:|i. A.] {full}
[Ansprechpartner ist|Zuständig ist|Bearbeitet von] {full}, {phone}
In {loc} [ist|sind] die {Noun} {adj}.
{city}, den {date}
Ich fliege [am {date} |]nach {loc}[.| und besuche {person}.]
[Sowohl|Weder] {person} [als auch|noch] {person} [mögen|wollen] die {Noun}.
{person}s {Noun} [ist|war] {adj}.
`
  .trim()
  .split('\n')

export const germanPlain: readonly string[] = `
[Die|Eine|Diese|Jede|Meine|Ihre|Unsere] {Noun} [ist|war|wird|bleibt] {adj}[.| und die {Noun} nicht.|, weil die {Noun} fehlt.]
[Bitte|Danach|Zuerst|Dann] {verb} Sie die {Noun} [in|mit|vor] der {Noun}.
[Was|Wie|Warum|Wo] ist die {adj}e {Noun}?
[Ich|Wir|Sie] [brauche|möchten|haben] [eine|keine] {Noun}[ bis {weekday}| im {month}|].
{Noun} und {Noun}
{Noun}: {number}
{Noun} der {Noun}
Sehr geehrte Damen und Herren,
[Vielen Dank|Mit freundlichen Grüßen|Guten Tag|Hallo zusammen|Bis bald]
[Der Geschäftsführer|Die Abteilung|Der Kundendienst|Das Finanzamt|Die Bundesregierung|Der Vorstand] {verb} die {Noun}.
Mit {capital} {verb} Sie die {Noun} in {capital}.
[Am Montag|Im Januar|Zu Weihnachten|An Ostern|Nach Pfingsten] ist die {Noun} {adj}.
[Er|Sie] spricht [Deutsch|Englisch|Türkisch] und [Französisch|Spanisch].
[Die deutsche|Der amerikanische|Das französische] {Noun} ist {adj}.
Meine [Kundennummer|Bestellnummer|Telefonnummer] ist {id}.
Der Preis [beträgt|liegt bei] {amount}.
[Herzlichen Glückwunsch|Guten Morgen|Frohe Weihnachten|Gute Besserung]!
Die [Allgemeinen Geschäftsbedingungen|Datenschutzerklärung|Gebrauchsanweisung] [finden Sie|steht] auf {url}.
`
  .trim()
  .split('\n')
