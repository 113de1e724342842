"""Words of questions that stand for each other, in the forms that questions use.

Chosen for what they mean in questions of all kinds, and only where most uses of the word allow it;
now and then the grammar suffers, as it does with people who type.
"""

from __future__ import annotations

# "/": each may stand for each; ">": the left may become one of the right, never the reverse.
# "_" joins words of one expression.
_TABLE = """
begin/start/commence begins/starts began/started/commenced purchase/buy purchased/bought movie/film
movies/films author/writer authors/writers child/kid children/kids biggest/largest big/large
help/assist helped/assisted aid>help occur/happen/take_place occurs/happens/takes_place
occurred/happened/took_place think/believe thinks/believes thought/believed require/need
requires/needs required/needed difficult>hard hard>difficult important/significant
main/primary/principal issue/problem issues/problems doctor/physician doctors/physicians
country/nation countries/nations disease/illness/sickness error/mistake errors/mistakes
purpose>aim,goal goal>aim,objective goals/aims/objectives method/technique way>manner method>way
amount/quantity percentage>share,proportion proportion>share occupation/profession job>work
lawyer/attorney car/automobile picture/image pictures/images answer/reply replied/answered
gift>present murdered>killed constructed/built construct/build created>made create>make
established/founded/set_up discovered>found discover>find received>got receive>get obtain>get
choose/select/pick chose/selected/picked chosen/selected/picked demonstrate>show
showed>demonstrated stated/said claimed>said claims>says asserted>said allow/permit
allowed/permitted prohibit/forbid/ban prohibited/forbidden/banned stop>halt stopped>halted
finished/completed attempt>try try_to>attempt_to attempted/tried attempting/trying depart>leave
departed>left wealthy/rich inhabitants/residents famous/well-known/renowned called/named
called>known_as termed>called used>employed,utilized utilize>use utilized>used
manufactured/produced produce>make contain/include contains/includes contained/included
accident>crash war>conflict troops/soldiers army>military soldiers>forces leader/head leaders>heads
spokesman/spokesperson talk/speak talked/spoke talks>negotiations negotiations>talks meet>see
met>saw agreement/deal/accord increase/grow increased/grew/rose rise>growth
decreased/declined/dropped/fell decrease/decline/drop reduce/lower/cut reduced/lowered/cut
attack>assault destroyed/ruined/wiped_out damage/harm damaged/harmed injured/wounded/hurt
danger/threat advantages/benefits advantage/benefit disadvantage/drawback disadvantages/drawbacks
characteristic/feature characteristics/features kind/type/sort kinds/types/sorts price>cost
cheap/inexpensive expensive/costly/pricey looking_for/searching_for look_for/search_for fix/repair
fixed/repaired happy/glad/pleased sad/unhappy angry/mad/furious scared/afraid/frightened woman>lady
mother>mom father>dad mom>mother dad>father wife>spouse husband>spouse lived/resided live>reside
dwell>live located/situated place>spot location/place near/close_to currently/presently/at_present
originally/initially/at_first typically/usually/normally generally/usually often/frequently
rarely/seldom approximately>about,roughly,around nearly/almost due_to/because_of before>prior_to
prior_to>before after>following besides/apart_from/other_than during>in_the_course_of within>inside
instead_of/in_place_of/rather_than recommend/suggest/advise recommended/suggested/advised
student/pupil students/pupils teacher>instructor teachers>instructors study>investigation
researchers/scientists researcher/scientist medicine/drug/medication treatment/therapy
treatments/therapies symptoms/signs affect/influence affects/influences affected/influenced
effect/impact/influence effects>impacts outcome/result outcomes/results consequence>result
causes>leads_to caused>led_to,brought_about cause>lead_to responsible_for/in_charge_of
wrote/penned/authored written>penned released>brought_out released>published published>issued
defeat/beat defeated/beat competition/contest player>athlete players>athletes song>track
actor/performer sings/performs sang/performed died/passed_away die>pass_away death>demise
married/wed king>monarch queen>monarch government>administration rules/regulations citizens>people
money>cash,funds income/earnings company/firm/business companies/firms/businesses
employees/workers/staff owner/proprietor customers/buyers customer/buyer/shopper region/area
border/frontier borders/frontiers ship/vessel ships/vessels plane/aircraft/airplane weapons>arms
equipment/gear device/gadget devices/gadgets colour/color speed>pace period/era total/overall
whole/entire various/different identical>same modern/contemporary strange/odd/weird
beautiful/lovely smart/clever/intelligent powerful/strong huge/enormous/giant quickly/rapidly/fast
finally/eventually immediately/at_once/right_away request/ask_for requested/asked_for
demand/call_for demanded/called_for refuse>turn_down refused/turned_down/declined planned/intended
plan_to/intend_to planning_to/intending_to want/wish wants/wishes wanted/wished send>dispatch
sent/dispatched deployed/stationed arrive>come arrived/turned_up returned/came_back
return>come_back,go_back remain/stay remained/stayed remains/stays moved>relocated transport/carry
gave>handed provide>supply,offer provides>supplies provided/supplied protect/guard
protected/guarded fight>battle led>headed governed/ruled govern>rule elected/voted_in
appointed>named replaced>took_the_place_of joined>became_part_of support>back supported>backed
announced/declared/made_known announce/declare/make_known revealed/disclosed reveal/disclose
described>characterised mention>refer_to mentioned>referred_to,brought_up discuss/talk_about
discussed/talked_about remember/recall learned>found_out learn>find_out examined/inspected
calculate/compute/work_out calculated/computed/worked_out divided/split connected/linked
consume/eat consumes/eats consumed/eaten ended/finished annually>every_year each_year/every_year
per_year>a_year youngest>most_junior oldest>most_ancient enough>sufficient trip/journey
travelled/traveled visited>went_to visit>go_to grow_up>spend_childhood attended>went_to
attend>go_to invented/devised invent/devise gather/collect gathered/collected opinion/view
opinions/views idea/notion comparable>similar resembled>looked_like wins/triumphs success>triumph
huge>very_large tiny>very_small situation>circumstances conflict/dispute crisis>emergency
tension>strain meeting/talks meetings>talks
"""


def _others() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for entry in _TABLE.split():
        one, directed, others = entry.partition(">")
        if directed:
            found.setdefault(one, set()).update(others.split(","))
            continue
        group = set(entry.split("/"))
        for word in group:
            found.setdefault(word, set()).update(group - {word})
    return {
        word.replace("_", " "): tuple(sorted(other.replace("_", " ") for other in others))
        for word, others in found.items()
    }


# Each word or expression in lower case → those that may stand in its place.
OTHER_WORDS = _others()
