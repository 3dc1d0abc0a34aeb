"""What a QTI item declares about its responses: keys, mappings from answers to marks, and how marks are given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from xml.etree.ElementTree import Element

from question_bank.errors import N_, Place, error
from question_bank.formats.decoding import Refusal
from question_bank.formats.qti.names import children, first, text_of

__all__ = ["Compared", "Declaration", "Mapped", "Processing", "by_identifier", "decimal_in", "declarations_of",
           "mark_of", "processing_of"]  # fmt: skip

_MOST_ENTRIES = 500
#: A mark written with few decimals stands for a simple fraction when it is that fraction, rounded.
_LARGEST_DIVISOR = 20
_EXACT_DIVISOR = 1_000_000


@dataclass(frozen=True)
class Mapped:
    """One entry of a mapping: an answer and what it earns."""

    key: str
    value: Fraction
    case: bool


@dataclass(frozen=True)
class Declaration:
    """One response variable."""

    identifier: str
    cardinality: str
    base_type: str
    #: The values of the right response; empty when none is declared.
    correct: tuple[str, ...] = ()
    mapped: tuple[Mapped, ...] = ()
    default: Fraction = Fraction(0)
    upper: Fraction | None = None


@dataclass(frozen=True)
class Compared:
    """A test of a response with what passing it earns."""

    #: None: the declared right response.
    value: str | None
    #: How far below and above a number may lie, absolute or in percent of it; 0 for other tests.
    tolerance: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))
    relative: bool = False
    #: Both ends of the tolerance belong to it.
    ends: bool = True
    #: False where capital and small letters are the same.
    case: bool = True
    #: None: the whole mark.
    worth: Fraction | None = None


@dataclass
class Processing:
    """How responses become a mark, as far as it is one of the usual ways."""

    #: "match_correct", "map_response", or nothing where the item spells its processing out or has none.
    template: str = ""
    present: bool = False
    #: Something else than comparing with the key or mapping: only the key can be kept of it.
    custom: bool = False
    mapped: set[str] = field(default_factory=set)
    compared: dict[str, list[Compared]] = field(default_factory=dict)

    def maps(self, declaration: Declaration) -> bool:
        """Say whether the mapping of a response gives its mark."""
        if not declaration.mapped:
            return False
        known = self.template or self.mapped or self.compared
        return self.template == "map_response" or declaration.identifier in self.mapped or not known


def mark_of(written: str) -> Fraction:
    """Return a mark as an exact fraction: "0.3333" is 1/3; raises Refusal for what is no number."""
    number = decimal_in(written)
    exact = Fraction(number)
    decimals = max(-int(number.as_tuple().exponent), 0)
    near = exact.limit_denominator(_LARGEST_DIVISOR)
    if near != exact and 4 <= decimals <= 20 and round(near, decimals) == exact:
        return near
    return exact.limit_denominator(_EXACT_DIVISOR) if decimals <= 20 else near


def decimal_in(written: str) -> Decimal:
    """Return a number as XML writes it; raises Refusal for anything else."""
    try:
        number = Decimal(written.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(written) > 60 or abs(number.adjusted()) > 60:
        message = N_("“%(written)s” không phải một số đọc được.")
        raise Refusal(error("number_unreadable", message, Place(field="key"), written=written.strip()[:80]))
    return number


def declarations_of(item: Element) -> dict[str, Declaration]:
    """Return the response variables of an item by their names; raises Refusal for a mapping that cannot be read."""
    found = {}
    for element in children(item, "responseDeclaration"):
        identifier = element.get("identifier", "")
        mapping = first(element, "mapping")
        upper = mapping.get("upperBound") if mapping is not None else None
        values = children(first(element, "correctResponse"), "value")
        found[identifier] = Declaration(
            identifier,
            element.get("cardinality", "single"),
            element.get("baseType", "identifier"),
            tuple(text for value in values[:_MOST_ENTRIES] if (text := text_of(value))),
            tuple(_entries(mapping)),
            mark_of(mapping.get("defaultValue") or "0") if mapping is not None else Fraction(0),
            mark_of(upper) if upper else None,
        )
    return found


def _entries(mapping: Element | None) -> Iterator[Mapped]:
    for entry in children(mapping, "mapEntry")[:_MOST_ENTRIES]:
        yield Mapped(
            entry.get("mapKey", ""), mark_of(entry.get("mappedValue") or "0"), entry.get("caseSensitive") != "false"
        )


# --- response processing -------------------------------------------------------------------------------------------


def processing_of(item: Element) -> Processing:
    """Return how an item is marked."""
    element = first(item, "responseProcessing")
    found = Processing(present=element is not None)
    if element is None:
        return found
    template = element.get("template") or element.get("templateLocation") or ""
    name = template.rstrip("/").rpartition("/")[2].removesuffix(".xml").lower().removeprefix("cc2_")
    if not len(element):
        known = next((one for one in ("map_response", "match_correct") if name == one), "")
        found.template = known or ("match_correct" if name in ("match", "match_basic") else "")
        found.custom = not found.template
        return found
    for step in element:
        if step.tag == "responseCondition":
            _condition(step, found)
        elif step.tag == "setOutcomeValue":
            _assignment(step, found, ())
        else:
            found.custom = True
    return found


def _condition(condition: Element, found: Processing) -> None:
    for branch in condition:
        parts = list(branch)
        tests: tuple[tuple[str, Compared], ...] = ()
        if branch.tag != "responseElse" and parts:
            test = parts.pop(0)
            if not _about_nothing(test):
                compared = _test(test)
                if compared is None:
                    found.custom = True
                    return
                tests = (compared,)
        for step in parts:
            if step.tag == "setOutcomeValue":
                _assignment(step, found, tests)
            else:
                found.custom = True


def _about_nothing(test: Element) -> bool:
    """Say whether a test only asks if there is a response."""
    inner = test[0] if test.tag == "not" and len(test) == 1 else test
    return inner.tag == "isNull"


def _test(test: Element) -> tuple[str, Compared] | None:
    """Return the response that a test compares and with what; None for any other test."""
    if test.tag not in ("match", "equal", "stringMatch") or len(test) != 2:
        return None
    variable = next((one for one in test if one.tag == "variable"), None)
    other = next((one for one in test if one.tag in ("correct", "baseValue")), None)
    if variable is None or other is None:
        return None
    identifier = variable.get("identifier", "")
    if other.tag == "correct" and other.get("identifier") != identifier:
        return None
    value = text_of(other) if other.tag == "baseValue" else None
    if test.tag == "equal":
        mode = test.get("toleranceMode", "exact")
        try:
            sides = [decimal_in(one) for one in test.get("tolerance", "").split()] if mode != "exact" else [Decimal(0)]
        except Refusal:
            return None
        if mode not in ("exact", "absolute", "relative") or len(sides) not in (1, 2):
            return None
        ends = "false" not in (test.get("includeLowerBound"), test.get("includeUpperBound"))
        return identifier, Compared(value, (sides[0], sides[-1]), mode == "relative", ends)
    if test.tag == "stringMatch":
        if test.get("substring") == "true":
            return None
        return identifier, Compared(value, case=test.get("caseSensitive") != "false")
    return identifier, Compared(value)


def _assignment(step: Element, found: Processing, tests: Sequence[tuple[str, Compared]]) -> None:
    """Note what a step gives for the mark; other outcomes only choose feedback."""
    if step.get("identifier") != "SCORE" or not len(step):
        return
    parts = list(step[0]) if step[0].tag == "sum" else [step[0]]
    worth: Fraction | None = None
    for part in parts:
        if part.tag == "mapResponse":
            found.mapped.add(part.get("identifier", ""))
            if tests:
                found.custom = True
        elif part.tag == "baseValue":
            try:
                worth = mark_of(text_of(part))
            except Refusal:
                found.custom = True
        elif part.tag != "variable":
            found.custom = True
    if tests:
        for identifier, compared in tests:
            found.compared.setdefault(identifier, []).append(
                Compared(compared.value, compared.tolerance, compared.relative, compared.ends, compared.case, worth)
            )
    elif worth:
        # Marks for nothing, or for everything else.
        found.custom = True


def by_identifier(declarations: Mapping[str, Declaration], element: Element) -> Declaration:
    """Return the response variable that an interaction fills; raises Refusal when it is not declared."""
    identifier = element.get("responseIdentifier", "")
    if identifier not in declarations:
        message = N_("tương tác “%(name)s” không có khai báo câu trả lời “%(identifier)s”; hãy xuất lại câu này.")
        raise Refusal(
            error("response_undeclared", message, Place(field="key"), name=str(element.tag)[:60],
                  identifier=identifier[:60])
        )  # fmt: skip
    return declarations[identifier]
