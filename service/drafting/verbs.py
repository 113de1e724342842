"""English verbs that a draft may be made with: a closed list, so that no noun is taken for one."""

from __future__ import annotations

AUXILIARIES = frozenset(
    "is are was were has have had will would can could may might must should".split()
)
BE = frozenset("is are was were".split())
HAVE = {"has": "does", "have": "do", "had": "did"}

_IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "found:find felt:feel meant:mean became:become began:begin bought:buy brought:bring "
        "built:build came:come chose:choose drew:draw drove:drive fell:fall fought:fight "
        "flew:fly forbade:forbid gave:give went:go grew:grow held:hold kept:keep knew:know "
        "led:lead left:leave lent:lend lost:lose made:make met:meet paid:pay ran:run rose:rise "
        "said:say saw:see sold:sell sent:send shot:shoot sang:sing sank:sink spoke:speak "
        "spent:spend stood:stand stole:steal struck:strike took:take taught:teach told:tell "
        "thought:think threw:throw understood:understand wore:wear won:win wrote:write "
        "broke:break caught:catch overcame:overcome oversaw:oversee undertook:undertake "
        "arose:arise bore:bear fled:flee sought:seek withdrew:withdraw underwent:undergo "
        "swore:swear forgot:forget froze:freeze ate:eat drank:drink rode:ride hid:hide "
        "heard:hear slept:sleep rewrote:rewrite rebuilt:rebuild put:put set:set cut:cut "
        "cost:cost hit:hit"
    ).split()
)
_REGULAR = (
    "abandon accept accompany accuse achieve acknowledge acquire act adapt add admit adopt "
    "advise affect agree aim allow amount announce appear apply appoint approve argue arrange "
    "arrest arrive ask assign assume attack attempt attend attract award ban base belong "
    "block borrow call cancel cap carry cause celebrate change charge claim close collect "
    "combine complain complete comprise conclude conduct confirm connect consist contain "
    "continue contribute control convert convince cover create cross damage date deal declare "
    "decide decline decrease defeat defend define delay deliver demand deny depend deploy "
    "describe design destroy detect determine develop differ direct discover discuss divide "
    "donate double drop earn elect employ enable encourage end enjoy ensure enter equal "
    "escape establish estimate exceed expand expect expire explain explore express extend "
    "face fail feature file finance finish fire follow force form found fund gain gather "
    "govern guarantee guide handle happen help hire host identify ignore illustrate impose "
    "improve include increase influence inform inherit injure insist inspect install invade "
    "invent invest invite involve issue join jump kill label lack land last launch learn lie "
    "like limit link list live locate look lower maintain manage manufacture mark marry "
    "measure mention merge miss move name need note obtain occupy occur offer open operate "
    "oppose order organise organize originate own participate pass perform place plan plant "
    "play praise prefer prepare present preserve prevent produce promise promote propose "
    "prove provide publish pull purchase push qualify raise range reach receive recognise "
    "recognize recommend record recover reduce refer refuse register regulate reject release "
    "rely remain remember remove rename renew rent repair repeat replace reply report "
    "represent request require rescue resign respond rest restore result retire return reveal "
    "reverse review rule save schedule score search secure select separate serve settle share "
    "shift ship sign signal spread sponsor start state stay stop strengthen stress study "
    "submit succeed suffer suggest supply support surrender survive suspend target test "
    "threaten trade train transfer transform transmit travel treat trigger try turn unite "
    "unveil update upgrade urge use vary visit vote wait walk want warn waste watch weigh "
    "welcome widen witness work"
)
_DOUBLED = frozenset(
    "admit ban cancel cap control drop label occur plan prefer refer ship stop submit transfer "
    "transmit travel signal".split()
)
_PRESENT_ONLY = (
    "mean feel begin hold keep make give take run rise pay sell send say stand lead leave"
)
# What only people do: a name before one of these is somebody's.
HUMAN = frozenset(
    "say tell warn speak meet think know write call claim admit deny argue promise refuse vote "
    "insist acknowledge complain resign retire marry travel fly visit teach sing understand "
    "remember welcome praise accuse urge explain reply invite want like learn discuss".split()
)


def _past(base: str) -> str:
    """The regular past form.

    >>> [_past(base) for base in ("raise", "carry", "stay", "plan", "visit")]
    ['raised', 'carried', 'stayed', 'planned', 'visited']
    """
    if base.endswith("e"):
        return f"{base}d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return f"{base[:-1]}ied"
    return f"{base}{base[-1]}ed" if base in _DOUBLED else f"{base}ed"


def _third_person(base: str) -> str:
    """The third person of the present.

    >>> [_third_person(base) for base in ("raise", "carry", "stay", "reach")]
    ['raises', 'carries', 'stays', 'reaches']
    """
    if base.endswith("y") and base[-2] not in "aeiou":
        return f"{base[:-1]}ies"
    return f"{base}es" if base.endswith(("s", "x", "ch", "sh", "go")) else f"{base}s"


_BASES = set(_REGULAR.split())
PAST = _IRREGULAR | {_past(base): base for base in _BASES}
PRESENT = {_third_person(base): base for base in _BASES | set(_IRREGULAR.values())}
PARTICIPLES = frozenset(
    "been seen sent held brought put made taken given become begun gone come built paid kept lost "
    "met found spent sold told written broken chosen drawn driven fallen grown known led left "
    "risen run set shown spoken stood thrown understood withdrawn won worn cut".split()
)


def is_participle(word: str) -> bool:
    """Whether the word may follow "has" as part of the verb, rather than be what one has.

    >>> is_participle("raised"), is_participle("indications")
    (True, False)
    """
    return word in PARTICIPLES or word in PAST or (word.endswith("ed") and len(word) > 4)
