"""A person's word on what a tax provider keeps."""

from datetime import datetime

from tokolib.documents.errors import AlreadyFiled
from tokolib.documents.filing.model import TaxFiling
from tokolib.documents.model import Invoice
from tokolib.effects.model import EffectState, Observation, Source
from tokolib.effects.words import word
from tokolib.kernel.ctx import Actor
from tokolib.kernel.errors import NotFound


def finding(
    filing: TaxFiling, about: Invoice, *, reference: str, failure: str, at: datetime, actor: Actor
) -> Observation | None:
    """A person's word that the provider keeps a document, or (with *failure*) that it doesn't; None when it was known.

    Raises:
        NotFound: the provider is not told of it. AlreadyFiled: it has confirmed what is denied here.
    """
    operation = filing.latest(about.id)
    if operation is None:
        raise NotFound("tax filing of", about.number)
    if operation.succeeded:
        if failure:
            raise AlreadyFiled(about.number, filing.provider, operation.reference)
        return None
    return word(
        operation,
        EffectState.FAILED if failure else EffectState.SUCCEEDED,
        source=Source.PERSON,
        at=at,
        reference=reference or operation.reference,
        failure=failure,
        actor=str(actor),
    )
