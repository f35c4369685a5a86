"""A country or a waste code decides by an entry of the law's files, never by an `if` in code."""

import ast
import re
from collections.abc import Iterator

from tests.house.source_files import Source, within

COUNTRIES = set(
    """AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES
    ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE
    IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY
    MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU
    NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM
    SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE
    VG VI VN VU WF WS YE YT ZA ZM ZW""".split()
)
WASTE_CODE = re.compile(r"Y\d{1,2}|[AB]\d{4}|EU\d{2,4}|AC\d{3}|GH\d{3}")


def deciding_parts(tree: ast.AST) -> Iterator[ast.AST]:
    """What decides: conditions of if, while, conditional expressions, comprehensions; patterns of match."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            yield node.test
        elif isinstance(node, ast.comprehension):
            yield from node.ifs
        elif isinstance(node, ast.match_case):
            yield node.pattern


def law_in_code(source: Source) -> list[str]:
    return [
        f"{source.at(node)} {node.value!r}"
        for test in deciding_parts(source.tree)
        for node in ast.walk(test)
        if isinstance(node, ast.Constant) and is_law(node.value)
    ]


def is_law(value: object) -> bool:
    return isinstance(value, str) and (value in COUNTRIES or WASTE_CODE.fullmatch(value) is not None)


def test_a_country_or_code_in_a_condition_is_recognised() -> None:
    text = (
        'if state in ("BE", other):\n    pass\n'
        'rate = 1 if code == "Y48" else 2\n'
        'unit = "kg" if direction == "export" else "MT"\n'
    )
    assert len(law_in_code(Source("example.py", text, ast.parse(text)))) == 2


def test_no_country_and_no_waste_code_stands_in_a_condition() -> None:
    rooms = within("services/", "law/", "kit/")
    assert [place for source in rooms for place in law_in_code(source)] == []
