//! Currencies of ISO 4217: which there are, how many decimals they have, who uses them.

/// Codes by the number of their decimals, each list in order. BGN went out of use in January 2026
/// and stays: prices of the year before are in it.
const CODES: [(u8, &str); 4] = [
    (
        0,
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    ),
    (
        2,
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF \
         CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG \
         HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR \
         MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD \
         SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG \
         YER ZAR ZMW ZWG",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

/// Countries (ISO 3166-1 alpha-2) by currency.
const COUNTRIES: &[(&str, &str)] = &[
    ("AED", "AE"),
    ("AFN", "AF"),
    ("ALL", "AL"),
    ("AMD", "AM"),
    ("AOA", "AO"),
    ("ARS", "AR"),
    ("AUD", "AU CC CX HM KI NF NR TV"),
    ("AWG", "AW"),
    ("AZN", "AZ"),
    ("BAM", "BA"),
    ("BBD", "BB"),
    ("BDT", "BD"),
    ("BHD", "BH"),
    ("BIF", "BI"),
    ("BMD", "BM"),
    ("BND", "BN"),
    ("BOB", "BO"),
    ("BRL", "BR"),
    ("BSD", "BS"),
    ("BTN", "BT"),
    ("BWP", "BW"),
    ("BYN", "BY"),
    ("BZD", "BZ"),
    ("CAD", "CA"),
    ("CDF", "CD"),
    ("CHF", "CH LI"),
    ("CLP", "CL"),
    ("CNY", "CN"),
    ("COP", "CO"),
    ("CRC", "CR"),
    ("CUP", "CU"),
    ("CVE", "CV"),
    ("CZK", "CZ"),
    ("DJF", "DJ"),
    ("DKK", "DK FO GL"),
    ("DOP", "DO"),
    ("DZD", "DZ"),
    ("EGP", "EG"),
    ("ERN", "ER"),
    ("ETB", "ET"),
    (
        "EUR",
        "AD AT AX BE BG BL CY DE EE ES FI FR GF GP GR HR IE IT LT LU LV MC ME MF MQ MT NL PM PT RE SI SK SM TF VA XK YT",
    ),
    ("FJD", "FJ"),
    ("FKP", "FK"),
    ("GBP", "GB GG IM JE GS"),
    ("GEL", "GE"),
    ("GHS", "GH"),
    ("GIP", "GI"),
    ("GMD", "GM"),
    ("GNF", "GN"),
    ("GTQ", "GT"),
    ("GYD", "GY"),
    ("HKD", "HK"),
    ("HNL", "HN"),
    ("HTG", "HT"),
    ("HUF", "HU"),
    ("IDR", "ID"),
    ("ILS", "IL PS"),
    ("INR", "IN"),
    ("IQD", "IQ"),
    ("IRR", "IR"),
    ("ISK", "IS"),
    ("JMD", "JM"),
    ("JOD", "JO"),
    ("JPY", "JP"),
    ("KES", "KE"),
    ("KGS", "KG"),
    ("KHR", "KH"),
    ("KMF", "KM"),
    ("KPW", "KP"),
    ("KRW", "KR"),
    ("KWD", "KW"),
    ("KYD", "KY"),
    ("KZT", "KZ"),
    ("LAK", "LA"),
    ("LBP", "LB"),
    ("LKR", "LK"),
    ("LRD", "LR"),
    ("LSL", "LS"),
    ("LYD", "LY"),
    ("MAD", "MA EH"),
    ("MDL", "MD"),
    ("MGA", "MG"),
    ("MKD", "MK"),
    ("MMK", "MM"),
    ("MNT", "MN"),
    ("MOP", "MO"),
    ("MRU", "MR"),
    ("MUR", "MU"),
    ("MVR", "MV"),
    ("MWK", "MW"),
    ("MXN", "MX"),
    ("MYR", "MY"),
    ("MZN", "MZ"),
    ("NAD", "NA"),
    ("NGN", "NG"),
    ("NIO", "NI"),
    ("NOK", "NO BV SJ"),
    ("NPR", "NP"),
    ("NZD", "NZ CK NU PN TK"),
    ("OMR", "OM"),
    ("PAB", "PA"),
    ("PEN", "PE"),
    ("PGK", "PG"),
    ("PHP", "PH"),
    ("PKR", "PK"),
    ("PLN", "PL"),
    ("PYG", "PY"),
    ("QAR", "QA"),
    ("RON", "RO"),
    ("RSD", "RS"),
    ("RUB", "RU"),
    ("RWF", "RW"),
    ("SAR", "SA"),
    ("SBD", "SB"),
    ("SCR", "SC"),
    ("SDG", "SD"),
    ("SEK", "SE"),
    ("SGD", "SG"),
    ("SHP", "SH"),
    ("SLE", "SL"),
    ("SOS", "SO"),
    ("SRD", "SR"),
    ("SSP", "SS"),
    ("STN", "ST"),
    ("SVC", "SV"),
    ("SYP", "SY"),
    ("SZL", "SZ"),
    ("THB", "TH"),
    ("TJS", "TJ"),
    ("TMT", "TM"),
    ("TND", "TN"),
    ("TOP", "TO"),
    ("TRY", "TR"),
    ("TTD", "TT"),
    ("TWD", "TW"),
    ("TZS", "TZ"),
    ("UAH", "UA"),
    ("UGX", "UG"),
    ("USD", "US AS BQ EC FM GU IO MH MP PR PW TC TL UM VG VI"),
    ("UYU", "UY"),
    ("UZS", "UZ"),
    ("VES", "VE"),
    ("VND", "VN"),
    ("VUV", "VU"),
    ("WST", "WS"),
    ("XAF", "CF CG CM GA GQ TD"),
    ("XCD", "AG AI DM GD KN LC MS VC"),
    ("XCG", "CW SX"),
    ("XOF", "BF BJ CI GW ML NE SN TG"),
    ("XPF", "NC PF WF"),
    ("YER", "YE"),
    ("ZAR", "ZA"),
    ("ZMW", "ZM"),
    ("ZWG", "ZW"),
];

/// An ISO 4217 currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

macro_rules! constants {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => { $($(#[$doc])* pub const $name: Currency = Currency(*$code);)+ };
}

impl Currency {
    constants! {
        /// Renminbi.
        CNY = b"CNY",
        /// United States dollar.
        USD = b"USD",
        /// Euro.
        EUR = b"EUR",
        /// Pound sterling.
        GBP = b"GBP",
        /// Australian dollar.
        AUD = b"AUD",
        /// Hong Kong dollar.
        HKD = b"HKD",
        /// Yen; it has no decimals.
        JPY = b"JPY",
        /// Canadian dollar.
        CAD = b"CAD",
        /// New Zealand dollar.
        NZD = b"NZD",
        /// Singapore dollar.
        SGD = b"SGD",
        /// New Taiwan dollar.
        TWD = b"TWD",
        /// Macanese pataca.
        MOP = b"MOP",
        /// Won; it has no decimals.
        KRW = b"KRW",
    }

    /// The code, `CNY`.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Reads the code of a currency in use, in either case.
    pub fn from_code(text: &str) -> Option<Self> {
        let bytes: [u8; 3] = text.as_bytes().try_into().ok()?;
        let currency = Currency(bytes.map(|b| b.to_ascii_uppercase()));
        currency.decimals().map(|_| currency)
    }

    /// How many decimals its amounts have; minor units are that many powers of ten smaller.
    pub fn exponent(self) -> u8 {
        self.decimals().unwrap_or(2)
    }

    /// The codes of the currencies whose amounts have other decimals than two, with their number.
    pub fn unusual() -> impl Iterator<Item = (u8, impl Iterator<Item = &'static str>)> {
        CODES
            .into_iter()
            .filter(|(decimals, _)| *decimals != 2)
            .map(|(decimals, codes)| (decimals, codes.split(' ')))
    }

    fn decimals(self) -> Option<u8> {
        if matches!(self, Currency::CNY | Currency::USD | Currency::EUR) {
            return Some(2);
        }
        CODES.iter().find_map(|(decimals, codes)| {
            codes
                .as_bytes()
                .chunks(4)
                .any(|code| code.starts_with(&self.0))
                .then_some(*decimals)
        })
    }

    /// The currency of a country, by its ISO 3166-1 alpha-2 code.
    pub fn of_country(country: &str) -> Option<Self> {
        let country = country.trim();
        if country.len() != 2 {
            return None;
        }
        let (code, _) = COUNTRIES.iter().find(|(_, list)| {
            list.split(' ')
                .any(|known| known.eq_ignore_ascii_case(country))
        })?;
        Currency::from_code(code)
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_well_formed_and_stand_once() {
        let mut all: Vec<&str> = CODES
            .iter()
            .flat_map(|(_, codes)| codes.split(' '))
            .collect();
        let n_all = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), n_all);
        for code in all {
            let currency = Currency::from_code(code).unwrap();
            assert_eq!(currency.as_str(), code);
            assert!(code.bytes().all(|b| b.is_ascii_uppercase()), "{code}");
        }
    }

    #[test]
    fn countries_stand_once_and_have_a_currency_in_use() {
        let mut all: Vec<&str> = COUNTRIES
            .iter()
            .flat_map(|(_, list)| list.split(' '))
            .collect();
        let n_all = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), n_all);
        for country in all {
            assert!(Currency::of_country(country).is_some(), "{country}");
        }
    }

    #[test]
    fn knows_decimals_and_countries() {
        for (code, decimals) in [
            ("CNY", 2),
            ("JPY", 0),
            ("KWD", 3),
            ("CLF", 4),
            ("VND", 0),
            ("AUD", 2),
            ("GBP", 2),
        ] {
            assert_eq!(
                Currency::from_code(code).unwrap().exponent(),
                decimals,
                "{code}"
            );
        }
        assert_eq!(Currency::from_code("cny"), Some(Currency::CNY));
        for code in ["", "CN", "ABC", "Y C", "CNYX", "元"] {
            assert_eq!(Currency::from_code(code), None, "{code}");
        }
        assert_eq!(Currency::of_country("CN"), Some(Currency::CNY));
        assert_eq!(Currency::of_country("de"), Some(Currency::EUR));
        assert_eq!(Currency::of_country("XX"), None);
    }
}
