"""Exemption certificates: which of a buyer's papers free a sale from which of its taxes, and why others don't."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import attrs

from tokolib.kernel.explain import Reason, reason
from tokolib.tax.model import Basis, Component, Treatment
from tokolib.tax.situation import Certificate


@attrs.frozen
class Certified:
    """What certificates make of the components of a sale."""

    components: tuple[Component, ...]
    treatment: Treatment | None
    """What they make of the sale as a whole; None when some tax is still charged, or none applied."""
    reasons: tuple[Reason, ...]


def certified(
    certificates: Iterable[Certificate], components: tuple[Component, ...], place: str, tax_class: str, on: date
) -> Certified:
    """*components* of a sale in *place* (`US-CA`), those that a certificate is about at nothing, with its number.

    The first certificate that holds counts. One that has expired, or doesn't hold yet, is told and not applied; one
    about other taxes, classes or places is not spoken of.
    """
    papers = tuple(certificates)
    if not papers:
        return Certified(components, None, ())
    found: list[Component] = []
    notes: list[Reason] = []
    used: list[Treatment] = []
    for component in components:
        about = [paper for paper in papers if paper.is_about(place, component.code, tax_class)]
        valid = next((paper for paper in about if paper.holds(on)), None)
        if not component.charged:
            valid = None  # nothing to free it from
        if valid is None:
            notes += [_refused(paper, on) for paper in about if not paper.holds(on)]
            found.append(component)
        else:
            notes.append(reason("tax.certificate", None, number=valid.number, name=component.name))
            used.append(valid.treatment)
            found.append(_freed(component, valid))
    whole = used[0] if used and not any(each.charged for each in found) else None
    return Certified(tuple(found), whole, tuple(dict.fromkeys(notes)))


def _freed(component: Component, paper: Certificate) -> Component:
    waived = paper.treatment is Treatment.NOT_COLLECTED
    source = f"{paper.source}; certificate {paper.number}" if paper.source else f"certificate {paper.number}"
    freed = attrs.evolve(
        component, category=paper.treatment.category, source=source, waived=waived, facility=paper.facility
    )
    # What is waived is owed all the same, and keeps its figures.
    return freed if waived else attrs.evolve(freed, rate=0, base_fraction=Fraction(1), basis=Basis.PRICE)


def _refused(paper: Certificate, on: date) -> Reason:
    if on < paper.valid_from:
        return reason("tax.certificate_not_yet", None, number=paper.number, since=paper.valid_from)
    until = paper.valid_until or on
    return reason("tax.certificate_expired", None, number=paper.number, until=until)
