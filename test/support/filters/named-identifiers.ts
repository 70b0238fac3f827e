/** A value of a kind, how surely it is one by itself, and with each of its names before it. */
export interface NamedIdentifier {
  readonly category: string
  readonly value: string
  /** 0 to 1; 0 where a name has to stand near. */
  readonly alone: number
  readonly named: number
  /** In small letters and without accents, as they are read. */
  readonly names: readonly string[]
}

const ofTaxes = ['steuer id', 'steuer identifikationsnummer', 'steuer nummer', 'steueridnr', 'id nr', 'idnr', 'tax id', 'tin', 'tax identification number', 'tax number'] // prettier-ignore
const ofSocialSecurity = ['social security', 'securite sociale', 'numero de securite', 'nir', 'insee', 'national id', 'nss', 'social insurance', 'sozialversicherung', 'sozialversicherungsnummer', 'ahv', 'avs', 'svnr', 'sv nummer', 'versicherungsnummer'] // prettier-ignore
const ofPersonsInEurope = ['personal number', 'personal id', 'personal identification', 'national id', 'national identification', 'identity number', 'id number', 'ausweisnummer', 'personalausweis', "carte d'identite", "numero d'identite", 'documento de identidad', 'numero de identificacion'] // prettier-ignore
const ofPersons = ['national id', 'identity number', 'id number', 'id no', 'id card', 'identity card', 'identification number'] // prettier-ignore

/** Examples of the issuers' own documents, or made by their rules; none is known to be a person's. */
export const namedIdentifiers: readonly NamedIdentifier[] = [
  { category: 'pii/uk-nhs-number', value: '943 476 5919', alone: 0, named: 0.95, names: ['nhs', 'national health', 'nhs no', 'nhs number', 'health service', 'patient', 'gesundheitsdienst'] }, // prettier-ignore
  { category: 'pii/uk-national-insurance-number', value: 'AB 12 34 56 C', alone: 0.7, named: 0.95, names: ['national insurance', 'nino', 'ni number', 'ni no', 'insurance number'] }, // prettier-ignore
  { category: 'pii/de-tax-id', value: '36 574 261 809', alone: 0, named: 0.95, names: [...ofTaxes] }, // prettier-ignore
  { category: 'pii/fr-social-security-number', value: '2 95 10 99 126 111 93', alone: 0.65, named: 0.95, names: [...ofSocialSecurity] }, // prettier-ignore
  { category: 'pii/es-dni', value: '12345678Z', alone: 0.55, named: 0.95, names: ['dni', 'nif', 'documento', 'documento nacional', ...ofPersonsInEurope] }, // prettier-ignore
  { category: 'pii/es-nie', value: 'X-2482300-W', alone: 0.7, named: 0.95, names: ['nie', 'extranjero', ...ofPersonsInEurope] }, // prettier-ignore
  { category: 'pii/it-codice-fiscale', value: 'RSSMRA85T10A562S', alone: 0.85, named: 0.97, names: ['codice fiscale', 'fiscal code', 'cf', 'tax code'] }, // prettier-ignore
  { category: 'pii/nl-bsn', value: '111222333', alone: 0, named: 0.95, names: ['bsn', 'burgerservicenummer', 'sofinummer', 'sofi nummer', 'citizen service number'] }, // prettier-ignore
  { category: 'pii/pl-pesel', value: '44051401359', alone: 0, named: 0.95, names: ['pesel', ...ofPersonsInEurope] }, // prettier-ignore
  { category: 'pii/se-personal-number', value: '8803200016', alone: 0, named: 0.95, names: ['personnummer', 'samordningsnummer', 'swedish id', ...ofPersonsInEurope] }, // prettier-ignore
  { category: 'pii/se-personal-number', value: '880320-0016', alone: 0.55, named: 0.55, names: [] }, // prettier-ignore
  { category: 'pii/ch-ahv-number', value: '756.9217.0769.85', alone: 0.9, named: 0.97, names: [...ofSocialSecurity] }, // prettier-ignore
  { category: 'pii/ch-ahv-number', value: '7569217076985', alone: 0, named: 0.95, names: [...ofSocialSecurity] }, // prettier-ignore
  { category: 'pii/at-insurance-number', value: '1237 010180', alone: 0, named: 0.95, names: [...ofSocialSecurity] }, // prettier-ignore
  { category: 'pii/be-national-number', value: '85.07.30-033.28', alone: 0.9, named: 0.9, names: [] }, // prettier-ignore
  { category: 'pii/be-national-number', value: '85073003328', alone: 0, named: 0.95, names: ['rijksregister', 'rijksregisternummer', 'registre national', 'national register', 'insz', 'niss', ...ofPersonsInEurope] }, // prettier-ignore
  { category: 'pii/dk-cpr-number', value: '010190-1234', alone: 0, named: 0.9, names: ['cpr', 'cpr nummer', 'cpr number', 'personnummer', ...ofPersonsInEurope] }, // prettier-ignore
  { category: 'pii/fi-personal-identity-code', value: '131052-308T', alone: 0.8, named: 0.95, names: ['hetu', 'henkilotunnus', ...ofPersonsInEurope] }, // prettier-ignore
  { category: 'pii/no-birth-number', value: '15108695088', alone: 0, named: 0.95, names: ['fodselsnummer', 'fodsels nr', 'birth number', ...ofPersonsInEurope] }, // prettier-ignore
  { category: 'pii/pt-tax-number', value: '501 964 843', alone: 0, named: 0.95, names: ['nif', 'contribuinte', 'numero fiscal', ...ofTaxes] }, // prettier-ignore
  { category: 'pii/ie-pps-number', value: '6433435F', alone: 0, named: 0.95, names: ['pps', 'ppsn', 'pps no', 'pps number', 'personal public service'] }, // prettier-ignore
  { category: 'pii/ro-cnp', value: '1630615123457', alone: 0, named: 0.95, names: ['cnp', 'cod numeric personal', ...ofPersonsInEurope] }, // prettier-ignore
  { category: 'pii/cz-birth-number', value: '710319/2745', alone: 0.5, named: 0.95, names: ['rodne cislo', 'birth number', 'rc', ...ofPersonsInEurope] }, // prettier-ignore
  { category: 'pii/hr-oib', value: '33392005961', alone: 0, named: 0.95, names: ['oib', ...ofPersonsInEurope] }, // prettier-ignore
  { category: 'pii/bg-egn', value: '7523169263', alone: 0, named: 0.95, names: ['egn', ...ofPersonsInEurope] }, // prettier-ignore
  { category: 'pii/ee-personal-code', value: '36805280109', alone: 0, named: 0.95, names: ['isikukood', 'personal code', 'asmens kodas', ...ofPersonsInEurope] }, // prettier-ignore
  { category: 'pii/us-itin', value: '912-70-1234', alone: 0.6, named: 0.95, names: ['itin', 'tin', 'taxpayer', 'tax id', 'taxpayer identification', 'individual taxpayer'] }, // prettier-ignore
  { category: 'pii/us-itin', value: '912701234', alone: 0, named: 0.9, names: ['itin', 'individual taxpayer', 'individual taxpayer identification number', 'taxpayer id'] }, // prettier-ignore
  { category: 'pii/us-ein', value: '91-1144442', alone: 0, named: 0.9, names: ['ein', 'fein', 'employer identification', 'employer id', 'tax id', 'federal tax id', 'employer identification number'] }, // prettier-ignore
  { category: 'pii/br-cpf', value: '390.533.447-05', alone: 0.95, named: 0.95, names: [] }, // prettier-ignore
  { category: 'pii/br-cpf', value: '39053344705', alone: 0, named: 0.95, names: ['cpf', 'cadastro de pessoas'] }, // prettier-ignore
  { category: 'pii/in-aadhaar', value: '2341 2341 2346', alone: 0, named: 0.95, names: ['aadhaar', 'aadhar', 'uidai', 'uid'] }, // prettier-ignore
  { category: 'pii/in-pan', value: 'ACUPA7085R', alone: 0.55, named: 0.95, names: ['pan', 'pan card', 'pan no', 'pan number', 'permanent account'] }, // prettier-ignore
  { category: 'pii/ca-social-insurance-number', value: '046 454 286', alone: 0, named: 0.95, names: ['sin', 'social insurance', 'nas', 'assurance sociale', 'social insurance number'] }, // prettier-ignore
  { category: 'pii/au-tax-file-number', value: '123 456 782', alone: 0, named: 0.95, names: ['tfn', 'tax file', 'tax file number'] }, // prettier-ignore
  { category: 'pii/mx-curp', value: 'BOXW310820HNERXN09', alone: 0.85, named: 0.97, names: ['curp'] }, // prettier-ignore
  { category: 'pii/za-identity-number', value: '7503305044089', alone: 0, named: 0.95, names: ['south african', 'sa id', 'rsa id', ...ofPersons] }, // prettier-ignore
  { category: 'pii/sg-nric', value: 'S1234567D', alone: 0.6, named: 0.95, names: ['nric', 'fin', ...ofPersons] }, // prettier-ignore
  { category: 'pii/kr-resident-number', value: '971013-9019902', alone: 0.55, named: 0.95, names: ['rrn', 'resident registration', ...ofPersons] }, // prettier-ignore
  { category: 'pii/cn-resident-number', value: '11010519491231002X', alone: 0.75, named: 0.95, names: ['resident identity', 'shenfenzheng', ...ofPersons] }, // prettier-ignore
  { category: 'pii/tr-identity-number', value: '90000000032', alone: 0, named: 0.95, names: ['tckn', 'tc kimlik', 'kimlik no', 'kimlik', ...ofPersons] }, // prettier-ignore
  { category: 'pii/cl-rut', value: '12.531.909-2', alone: 0.85, named: 0.85, names: [] }, // prettier-ignore
  { category: 'pii/il-identity-number', value: '039337423', alone: 0, named: 0.95, names: ['teudat zehut', 'israeli id', 'mispar zehut'] }, // prettier-ignore
  { category: 'pii/hk-identity-card', value: 'A123456(3)', alone: 0.8, named: 0.95, names: ['hkid', ...ofPersons] }, // prettier-ignore
  { category: 'pii/tw-identity-number', value: 'A123456789', alone: 0, named: 0.9, names: ['taiwan', 'taiwanese', ...ofPersons] }, // prettier-ignore
  { category: 'pii/th-identity-number', value: '1-2345-45678-78-1', alone: 0.8, named: 0.8, names: [] }, // prettier-ignore
  { category: 'pii/national-id', value: 'AB-123456', alone: 0, named: 0.6, names: ['national id number', 'national identity number', 'national identification number', 'national insurance number', 'nino', 'ni number', 'nhs number', 'nhs no', 'steuer id', 'steueridentifikationsnummer', 'steuer identifikationsnummer', 'personalausweis', 'personalausweisnummer', 'ausweisnummer', 'sozialversicherungsnummer', 'numero de securite sociale', 'numero de seguridad social', "carte d'identite", 'documento de identidad', 'dni', 'nie', 'codice fiscale', 'bsn', 'pesel', 'personnummer', 'cpf', 'aadhaar', 'curp', 'tax file number', 'social insurance number', 'cedula', 'identity card number', 'id card number', 'nric'] }, // prettier-ignore
  { category: 'pii/passport', value: 'C01X00T47', alone: 0, named: 0.85, names: ['passport', 'passports', 'passport number', 'passport no', 'reisepass', 'reisepassnummer', 'passnummer', 'pass nr', 'passeport', 'pasaporte', 'passaporto'] }, // prettier-ignore
  { category: 'pii/driver-license', value: 'MORGA657054SM9IJ', alone: 0.8, named: 0.8, names: [] }, // prettier-ignore
  { category: 'pii/driver-license', value: 'D123-4567-8901', alone: 0, named: 0.8, names: ['driver s licence', 'driver  licence', 'driver s license', 'driver  license', 'drivers licence', 'drivers license', 'driving licence', 'driving license', 'driver licence', 'driver license', 'licence number', 'license number', 'dl', 'dl no', 'dl number', 'dln', 'fuhrerschein', 'fuhrerscheinnummer', 'fuehrerschein', 'permis de conduire', 'permiso de conducir', 'licencia de conducir', 'carnet de conducir', 'patente di guida', 'rijbewijs'] }, // prettier-ignore
  { category: 'pii/medical-record-number', value: '00123456', alone: 0, named: 0.85, names: ['medical record', 'medical record number', 'medical record no', 'medical records', 'mrn', 'patient id', 'patient no', 'patient number', 'chart number', 'health record', 'patientennummer', 'patienten id', 'patienten nr', 'krankenakte', 'fallnummer', 'dossier medical', 'numero de dossier', 'numero de patient', 'historia clinica', 'historial medico', 'nhc', 'numero de paciente'] }, // prettier-ignore
  { category: 'pii/us-medicare-number', value: '1EG4-TE5-MK73', alone: 0.6, named: 0.95, names: ['medicare', 'mbi', 'beneficiary'] }, // prettier-ignore
  { category: 'pii/postal-code', value: '90210-1234', alone: 0, named: 0.7, names: ['zip code', 'postal code', 'post code', 'postcodes', 'plz', 'postleitzahl', 'code postal', 'codigo postal'] }, // prettier-ignore
  { category: 'pii/bank-routing-number', value: '021000021', alone: 0, named: 0.95, names: ['routing', 'routing number', 'routing no', 'routing transit', 'aba', 'aba number', 'rtn', 'transit number'] }, // prettier-ignore
  { category: 'pii/bank-code', value: 'DEUTDEFF500', alone: 0, named: 0.9, names: ['bic', 'swift', 'swift code', 'bic code', 'swift bic'] }, // prettier-ignore
  { category: 'pii/bank-code', value: '12-34-56', alone: 0, named: 0.85, names: ['sort code', 'sortcode'] }, // prettier-ignore
  { category: 'pii/bank-code', value: '370 400 44', alone: 0, named: 0.85, names: ['blz', 'bankleitzahl'] }, // prettier-ignore
  { category: 'pii/bank-account', value: '000123456789', alone: 0, named: 0.75, names: ['account number', 'account no', 'acct no', 'bank account', 'acct', 'checking account', 'savings account', 'kontonummer', 'konto nr', 'numero de compte', 'compte bancaire', 'numero de cuenta', 'cuenta bancaria'] }, // prettier-ignore
  { category: 'pii/ip-address', value: '198.51.100.23', alone: 0.6, named: 0.9, names: ['ip', 'ips', 'ipv4', 'ip address', 'ip adresse', 'adresse ip', 'direccion ip', 'host', 'client', 'remote', 'server', 'gateway', 'dns', 'ping', 'ssh', 'subnet', 'addr', 'address', 'from', 'logged in', 'connected', 'connection', 'peer', 'proxy'] }, // prettier-ignore
  { category: 'pii/ip-address', value: '10.1.2.3', alone: 0, named: 0.8, names: ['ip', 'ips', 'ipv4', 'ip address', 'ip adresse', 'adresse ip', 'direccion ip', 'host', 'client', 'remote', 'server', 'gateway', 'dns', 'ping', 'ssh', 'subnet', 'addr', 'address', 'from', 'logged in', 'connected', 'connection', 'peer', 'proxy'] }, // prettier-ignore
  { category: 'pii/ip-address', value: '2001:db8:85a3::8a2e:370:7334', alone: 0.85, named: 0.85, names: [] }, // prettier-ignore
  { category: 'pii/mac-address', value: '00:1B:44:11:3A:B7', alone: 0.75, named: 0.95, names: ['mac', 'mac address', 'ethernet', 'hwaddr', 'physical address', 'bssid', 'wlan', 'mac adresse', 'adresse mac', 'direccion mac'] }, // prettier-ignore
  { category: 'pii/mac-address', value: '001b44113ab7', alone: 0, named: 0.9, names: ['mac', 'mac address', 'ethernet', 'hwaddr', 'physical address', 'bssid', 'wlan', 'mac adresse', 'adresse mac', 'direccion mac'] }, // prettier-ignore
  { category: 'pii/vehicle-id', value: '1HGCM82633A004352', alone: 0.5, named: 0.9, names: ['vin', 'vehicle', 'vehicle identification', 'chassis', 'fahrgestellnummer', 'fin', 'fahrzeug', 'numero de chassis', 'bastidor'] }, // prettier-ignore
  { category: 'pii/vehicle-id', value: 'WVWZZZ1JZXW000001', alone: 0, named: 0.8, names: ['vin', 'vehicle identification', 'vehicle identification number', 'chassis', 'fahrgestellnummer', 'bastidor'] }, // prettier-ignore
  { category: 'pii/device-id', value: '490154203237518', alone: 0, named: 0.9, names: ['imei'] }, // prettier-ignore
  { category: 'pii/crypto-wallet', value: '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', alone: 0.9, named: 0.97, names: ['wallet', 'bitcoin', 'btc', 'ethereum', 'eth', 'address', 'crypto'] }, // prettier-ignore
  { category: 'pii/crypto-wallet', value: 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq', alone: 0.9, named: 0.97, names: ['wallet', 'bitcoin', 'btc', 'ethereum', 'eth', 'address', 'crypto'] }, // prettier-ignore
  { category: 'pii/crypto-wallet', value: '0x52908400098527886E0F7030069857D2E4169EE7', alone: 0.6, named: 0.95, names: ['wallet', 'bitcoin', 'btc', 'ethereum', 'eth', 'address', 'crypto'] }, // prettier-ignore
  { category: 'pii/date-of-birth', value: '03/04/1980', alone: 0, named: 0.85, names: ['born', 'dob', 'd.o.b.', 'd.o.b', 'date of birth', 'birth date', 'birth day', 'birth', 'geboren', 'geb', 'geburtsdatum', 'geburtstag', 'geb datum', 'nee le', 'ne le', 'nee a', 'ne a', 'nee en', 'ne en', 'ne(e)', 'date de naissance', 'naissance', 'nacido', 'nacida', 'nacio', 'fecha de nacimiento', 'nacimiento', 'nato il', 'nata il', 'data di nascita', 'geboortedatum', 'cumpleanos', 'anniversaire'] }, // prettier-ignore
  { category: 'pii/coordinates', value: '-33.86882, 151.20929', alone: 0, named: 0.85, names: ['lat', 'lon', 'lng', 'lat lon', 'lat lng', 'latlng', 'latitude', 'longitude', 'coordinates', 'coordinate', 'coords', 'coord', 'gps', 'geo', 'location', 'position', 'koordinaten', 'standort', 'breitengrad', 'langengrad', 'coordonnees', 'coordenadas', 'ubicacion', 'latitud', 'longitud', 'geolocation'] }, // prettier-ignore
  { category: 'pii/coordinates', value: '48.85837', alone: 0, named: 0.8, names: ['lat', 'lon', 'lng', 'latitude', 'longitude', 'breitengrad', 'langengrad', 'latitud', 'longitud'] }, // prettier-ignore
  { category: 'pii/coordinates', value: '40.7128° N, 74.0060° W', alone: 0.6, named: 0.9, names: ['lat', 'lon', 'lng', 'lat lon', 'lat lng', 'latlng', 'latitude', 'longitude', 'coordinates', 'coordinate', 'coords', 'coord', 'gps', 'geo', 'location', 'position', 'koordinaten', 'standort', 'breitengrad', 'langengrad', 'coordonnees', 'coordenadas', 'ubicacion', 'latitud', 'longitud', 'geolocation'] }, // prettier-ignore
  { category: 'pii/coordinates', value: "40° 42' 46\" N, 74° 0' 22\" W", alone: 0.9, named: 0.9, names: [] }, // prettier-ignore
]
