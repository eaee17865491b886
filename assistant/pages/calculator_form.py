"""The left side of the calculator: the sentence, and a field for every fact there is.

Fields carry `data-fact`; calculator.js reads and fills them. Names are those of the rules.
"""

from collections.abc import Iterable, Mapping
from html import escape

from assistant.pages.calculator_texts import Words
from assistant.rules.catalogue import Programme, catalogue
from assistant.rules.facts import FactType, Kind, common_facts
from corpus.regions import NATION, codes, parent, region_name

FINER = ("CN-NX", "CN-NM", "CN-QH")  # provinces whose prefectures have programmes of their own
_OPEN = ("基本情况", "人员", "收入与资产", "研发")


def form_html(words: Words) -> str:
    """Return the form, empty; the script fills in what the visitor told before."""
    return (
        f'<form id="facts" class="side" autocomplete="off">{_sentence_html(words)}'
        f'<section class="card"><div class="line"><h2>{escape(words.form)}</h2>'
        f"{_unit_html(words)}</div>"
        f"{''.join(_group_html(*one, words) for one in _groups().items())}"
        f"{_more_html(words)}"
        f'<p class="kept"><span role="status">{escape(words.kept)}</span>'
        f'<button type="button" id="clear" data-done="{escape(words.cleared)}">'
        f"{escape(words.clear)}</button></p></section></form>"
    )


def _sentence_html(words: Words) -> str:
    return (
        f'<section class="card"><h2><label for="sentence">{escape(words.describe)}</label></h2>'
        f'<p class="hint" id="sentence-hint">{escape(words.describe_hint)}</p>'
        '<textarea id="sentence" rows="4" maxlength="2000" aria-describedby="sentence-hint"'
        f' placeholder="{escape(words.describe_placeholder)}"></textarea>'
        f'<p class="line"><button type="button" id="read" class="primary">{escape(words.read)}'
        '</button></p><ul id="notices" class="notices" aria-live="polite"></ul>'
        f'<div id="understood" hidden><h3>{escape(words.understood)}</h3>'
        '<ul class="chips"></ul></div></section>'
    )


def _unit_html(words: Words) -> str:
    options = "".join(
        f'<label><input type="radio" name="money-unit" value="{unit}"'
        f"{' checked' if unit == '万元' else ''}><span>{unit}</span></label>"
        for unit in ("万元", "元")
    )
    return (
        f'<fieldset class="switch" id="money-unit"><legend>{escape(words.money_unit)}</legend>'
        f"{options}</fieldset>"
    )


def _groups() -> Mapping[str, dict[str, FactType]]:
    """The common facts by group, both in the order of facts.yaml."""
    groups: dict[str, dict[str, FactType]] = {}
    for name, fact in common_facts().items():
        groups.setdefault(fact.group, {})[name] = fact
    return groups


def _group_html(group: str, facts: Mapping[str, FactType], words: Words) -> str:
    opened = " open" if group in _OPEN else ""
    title = words.groups.get(group, group)
    return (
        f'<details class="group"{opened}><summary>{escape(title)}'
        f'<span class="filled" data-words="{escape(words.filled)}"></span></summary>'
        f"{_fields_html(facts, words)}</details>"
    )


def _more_html(words: Words) -> str:
    """The facts that single programmes ask for, each programme folded."""
    programmes = [one for one in catalogue().programmes.values() if one.rule.facts]
    if not programmes:
        return ""
    return (
        f'<details class="group more"><summary>{escape(words.more_facts)}'
        f'<span class="filled" data-words="{escape(words.filled)}"></span></summary>'
        f'<p class="hint">{escape(words.more_facts_hint)}</p>'
        f"{''.join(_programme_html(one, words) for one in programmes)}</details>"
    )


def _programme_html(programme: Programme, words: Words) -> str:
    where = programme.rule.jurisdiction
    place = "" if where == NATION else f" <small>{escape(region_name(where))}</small>"
    return (
        f'<details class="group" data-programme="{escape(programme.id)}">'
        f"<summary>{escape(programme.rule.name)}{place}"
        f'<span class="filled" data-words="{escape(words.filled)}"></span></summary>'
        f"{_fields_html(programme.rule.facts, words)}</details>"
    )


def _fields_html(facts: Mapping[str, FactType], words: Words) -> str:
    fields = (field_html(name, fact, words) for name, fact in facts.items())
    return f'<div class="fields">{"".join(fields)}</div>'


def field_html(name: str, fact: FactType, words: Words) -> str:
    """Return one fact's label, control, question and the place where something is said of it."""
    key = escape(name)
    label = words.facts.get(name, fact.name)
    native = f' <small lang="zh-CN">{escape(fact.name)}</small>' if label != fact.name else ""
    described = f'id="l-{key}"' if fact.kind is Kind.YES_NO else f'for="f-{key}"'
    tag = "span" if fact.kind is Kind.YES_NO else "label"
    return (
        f'<div class="field {fact.kind}" data-fact="{key}">'
        f'<{tag} class="name" {described}>{escape(label)}{native}</{tag}>'
        f"{control_html(name, fact, words, 'f')}"
        f'<p class="ask" id="h-{key}">{escape(fact.question)}{escape(fact.help)}</p>'
        f'<p class="echo" hidden></p>'
        f'<p class="problem" id="e-{key}" role="alert" hidden></p></div>'
    )


def control_html(name: str, fact: FactType, words: Words, place: str) -> str:
    """Return what a fact is told with. `place` begins its id: f in the form, q in a question."""
    key = f"{place}-{escape(name)}"
    described = f' aria-describedby="h-{escape(name)} e-{escape(name)}"' if place == "f" else ""
    if fact.kind is Kind.YES_NO:
        return _yes_no_html(name, words, place)
    if fact.kind in (Kind.CHOICE, Kind.REGION):
        options = _regions() if fact.kind is Kind.REGION else _choices(fact.choices)
        return (
            f'<select id="{key}" data-kind="{fact.kind}"{described}>'
            f'<option value="">{escape(words.choose)}</option>{options}'
            f'<option value="unsure">{escape(words.unsure)}</option></select>'
        )
    if fact.kind is Kind.DAY:
        return f'<input type="date" id="{key}" data-kind="day"{described}>'
    unit = {Kind.MONEY: "万元", Kind.RATIO: "%"}.get(fact.kind, fact.unit)
    return (
        f'<span class="typed"><input type="text" inputmode="decimal" maxlength="40" id="{key}"'
        f' data-kind="{fact.kind}"{described}><span class="unit">{escape(unit)}</span></span>'
    )


def _yes_no_html(name: str, words: Words, place: str) -> str:
    key = escape(name)
    options = (("true", words.yes), ("false", words.no), ("unsure", words.unsure))
    radios = "".join(
        f'<label><input type="radio" name="{place}-{key}" id="{place}-{key}-{value}"'
        f' value="{value}" data-kind="yes_no"><span>{escape(said)}</span></label>'
        for value, said in options
    )
    return (
        f'<span class="switch" role="radiogroup" aria-labelledby="l-{key}"'
        f' aria-describedby="h-{key}">{radios}</span>'
    )


def _choices(choices: Iterable[str]) -> str:
    return "".join(f"<option>{escape(one)}</option>" for one in choices)


def _regions() -> str:
    provinces = [code for code in codes() if parent(code) == NATION]
    first = [code for code in FINER if code in provinces]
    rest = [code for code in provinces if code not in first]
    return "".join(_province(code) for code in first) + "".join(_option(code) for code in rest)


def _province(code: str) -> str:
    below = "".join(_option(one) for one in codes() if parent(one) == code)
    return f'<optgroup label="{escape(region_name(code))}">{_option(code)}{below}</optgroup>'


def _option(code: str) -> str:
    return f'<option value="{escape(code)}">{escape(region_name(code))}</option>'
