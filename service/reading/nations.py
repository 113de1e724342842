"""Countries and their people in all the forms that a question or a passage calls them by."""

from __future__ import annotations

# Country's names; then what its people and things are called. "_" joins words of one name.
_TABLE = """
us usa america united_states united_states_of_america; american
uk britain great_britain united_kingdom; british briton
england; english
scotland; scottish scots
wales; welsh
ireland; irish
china prc; chinese
russia russian_federation; russian
ussr soviet_union; soviet
ukraine; ukrainian
belarus; belarusian
poland; polish pole
germany; german
france; french
italy; italian
spain; spanish spaniard
portugal; portuguese
netherlands holland; dutch
belgium; belgian
luxembourg;
switzerland; swiss
austria; austrian
hungary; hungarian
czech_republic czechia czechoslovakia; czech
slovakia; slovak slovakian
romania; romanian
bulgaria; bulgarian
greece; greek
turkey turkiye; turkish turk
serbia; serbian serb
croatia; croatian croat
albania; albanian
sweden; swedish swede
norway; norwegian
denmark; danish dane
finland; finnish finn
iceland; icelandic icelander
estonia; estonian
latvia; latvian
lithuania; lithuanian
georgia; georgian
armenia; armenian
azerbaijan; azerbaijani
kazakhstan; kazakh
israel; israeli
palestine; palestinian
syria; syrian
lebanon; lebanese
jordan; jordanian
iraq; iraqi
iran; iranian
saudi_arabia; saudi saudi_arabian
afghanistan; afghan
pakistan; pakistani
india; indian
bangladesh; bangladeshi
sri_lanka; sri_lankan
nepal; nepalese nepali
japan; japanese
south_korea; south_korean
north_korea; north_korean
korea; korean
taiwan; taiwanese
vietnam; vietnamese
thailand; thai
indonesia; indonesian
malaysia; malaysian
philippines; filipino
australia; australian
new_zealand; new_zealander
canada; canadian
mexico; mexican
cuba; cuban
brazil; brazilian
argentina; argentine argentinian
chile; chilean
colombia; colombian
venezuela; venezuelan
peru; peruvian
egypt; egyptian
libya; libyan
morocco; moroccan
algeria; algerian
ethiopia; ethiopian
kenya; kenyan
nigeria; nigerian
ghana; ghanaian
south_africa; south_african
"""
# Of the two Koreas each is Korea too.
_WIDER = {"south_korea": "korea", "north_korea": "korea"}
# In lower case these are common words too.
_COMMON_WORDS = frozenset(
    "us turkey polish pole china chile georgia jordan finn dane swede".split()
)
_PREPOSITIONS = frozenset(
    "in into from to of against with between across throughout outside inside".split()
)
# A common word before one of these is a country's: "us troops", "polish army".
_ITS_OWN = frozenset(
    "troop troops army soldier soldiers military force forces marines navy president presidents "
    "presidential government governments dollar dollars congress senate senator senators state "
    "states citizen citizens official officials embassy ambassador economy constitution supreme "
    "treasury defense defence department secretary intelligence federal base bases border borders "
    "election elections census population coast airforce air law laws city cities capital "
    "language people history war wars team minister parliament king queen".split()
)
# Where "America" is a continent, and what "china" is made of.
_CONTINENT = frozenset("south north latin central".split())
_WARE = frozenset("fine bone porcelain the".split())
_LONGEST = 4


def _aliases() -> tuple[dict[str, str], frozenset[str]]:
    forms: dict[str, str] = {}
    countries: set[str] = set()
    for line in _TABLE.split("\n"):
        names, _, people = line.partition(";")
        for name in names.split():
            forms[name] = names.split()[0]
            countries.add(name)
        for name in people.split():
            forms |= {name: names.split()[0], f"{name}s": names.split()[0]}
    return forms, frozenset(countries)


_FORMS, COUNTRY_NAMES = _aliases()
# Words that a name begins with: the others, nearly all, need no second look.
_FIRST_WORDS = frozenset(name.partition("_")[0] for name in _FORMS)


def _adjectives() -> dict[str, str]:
    lines = [line.partition(";") for line in _TABLE.split("\n")]
    pairs = [(names.split()[0], people.split()[0]) for names, _, people in lines if people.split()]
    return {_capitalised(name): _capitalised(adjective) for name, adjective in pairs}


def _capitalised(name: str) -> str:
    return name.upper() if len(name) == 2 else name.replace("_", " ").title()


# Each country's first name → its first adjective, as they are written.
COUNTRY_ADJECTIVES = _adjectives()


def nations_in(words: list[str], capitals_tell: bool) -> list[tuple[int, int, str]]:
    """Each nation named: first word, end, and its key; the longest name wins.

    ``words`` in their own case, without possessives; where ``capitals_tell`` a capital is
    enough, else a name that is a common word too needs company that says so.
    """
    folded = [word.casefold() for word in words]
    found = []
    at = 0
    while at < len(words):
        if folded[at] not in _FIRST_WORDS:
            at += 1
            continue
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            key = _FORMS.get("_".join(folded[at : at + length]))
            if key is not None and _is_meant(words, folded, at, length, capitals_tell):
                found.append((at, at + length, key))
                at += length
                break
        else:
            at += 1
    return found


def with_wider(keys: set[str]) -> set[str]:
    """The keys and those that they are a part of.

    >>> sorted(with_wider({"south_korea"}))
    ['korea', 'south_korea']
    """
    return keys | {_WIDER[key] for key in keys if key in _WIDER}


def _is_meant(words: list[str], folded: list[str], at: int, length: int, capitals: bool) -> bool:
    word, before = folded[at], folded[at - 1] if at else ""
    after = folded[at + length] if at + length < len(folded) else ""
    if length > 1:
        return True
    if word.startswith("america") and before in _CONTINENT:
        return False
    if word.removesuffix("s") not in _COMMON_WORDS and word not in _COMMON_WORDS:
        return True
    if capitals and (words[at].isupper() if word == "us" else words[at][0].isupper()):
        return True
    if word == "china":
        return before not in _WARE
    if after in _ITS_OWN:
        return True
    return before == "the" if word == "us" else word in COUNTRY_NAMES and before in _PREPOSITIONS
