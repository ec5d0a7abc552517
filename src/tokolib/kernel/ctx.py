"""Who asks, and for which shop: the context that comes first in every command."""

from collections.abc import Iterator
from typing import ClassVar, Final, Protocol

import attrs

from tokolib.kernel.errors import Fault, Forbidden, InvalidInput, TokolibError, shown
from tokolib.kernel.ids import CustomerId


@attrs.frozen
class System:
    """The host program itself, or one of its jobs."""

    job: str = "host"

    def __str__(self) -> str:
        return f"system:{self.job}"


@attrs.frozen
class Staff:
    """A person who works for the shop, with the roles that the host gave them."""

    id: str
    roles: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"staff:{self.id}"


@attrs.frozen
class Customer:
    """A customer who has signed in at the host."""

    id: CustomerId

    def __str__(self) -> str:
        return f"customer:{self.id}"


@attrs.frozen
class Guest:
    """A visitor without an account, known by the hash of the cart's token."""

    token_hash: str

    def __str__(self) -> str:
        return f"guest:{self.token_hash[:12]}"


Actor = System | Staff | Customer | Guest

LONGEST_TENANT: Final = 100
LONGEST_ID: Final = 200


def context_faults(tenant: object, actor: object, request_id: object) -> Iterator[Fault]:
    """What is wrong with who asks, and for which shop: it stands in every history, and is read there."""
    yield from _printable("tenant", tenant, 1, LONGEST_TENANT)
    yield from _actor_faults(actor)
    yield from _printable("request_id", request_id, 0, LONGEST_ID)


def _actor_faults(actor: object) -> Iterator[Fault]:
    match actor:
        case System():
            yield from _printable("actor.job", actor.job, 1, LONGEST_ID)
        case Staff() | Customer():
            yield from _printable("actor.id", actor.id, 1, LONGEST_ID)
        case Guest():
            yield from _printable("actor.token_hash", actor.token_hash, 1, LONGEST_ID)
        case _:
            yield Fault("actor", "kernel.wrong_type", "must be System, Staff, Customer or Guest", shown(actor))
    if isinstance(actor, Staff):
        roles: object = actor.roles
        if not isinstance(roles, frozenset) or not all(isinstance(role, str) for role in roles):
            yield Fault("actor.roles", "kernel.wrong_type", "must be a frozenset of texts", shown(roles))


def _printable(path: str, text: object, least: int, most: int) -> Iterator[Fault]:
    if not (isinstance(text, str) and least <= len(text) <= most and text.isprintable()):
        yield Fault(path, "kernel.bad_context", f"must be {least} to {most} printable characters", shown(text))


@attrs.frozen
class Ctx:
    """The context of a command: whose shop, who asks, and the host's request id for the records.

    Raises:
        InvalidInput: a field of another type, an empty tenant or id, or text that is too long or can't be printed.
    """

    tenant: str = "default"
    actor: Actor = System()
    request_id: str = ""

    def __attrs_post_init__(self) -> None:
        if faults := tuple(context_faults(self.tenant, self.actor, self.request_id)):
            raise InvalidInput(faults)


@attrs.frozen
class Decision:
    """What an access policy says, and why."""

    allowed: bool
    reason: str = ""


@attrs.frozen
class NoDecision(TokolibError):
    """The access policy answered something that is no `Decision`. Nothing was changed."""

    code: ClassVar[str] = "kernel.no_decision"
    status: ClassVar[int] = 500
    policy: str
    permission: str
    answer: str

    def __str__(self) -> str:
        return f"the access policy {self.policy} answered {self.answer} to {self.permission}, which is no Decision"

    @property
    def hint(self) -> str:
        return 'return Decision(allowed=True), or Decision(allowed=False, reason="...")'


class AccessPolicy(Protocol):
    """**Port.** Decides whether an actor may do something; asked before anything is changed."""

    def check(self, ctx: Ctx, permission: str) -> Decision:
        """Whether *ctx*'s actor may use *permission* (`orders.place`, `returns.accept`, ...)."""
        ...


class AllowAll:
    """The default access policy: the host has already decided who may call."""

    def check(self, ctx: Ctx, permission: str) -> Decision:
        """Always yes; the actor is recorded in the history."""
        return Decision(allowed=True)


def permit(policy: AccessPolicy, ctx: Ctx, permission: str) -> None:
    """Pass, or refuse.

    Raises:
        Forbidden: the policy says no. NoDecision: it says nothing that can be understood. Nothing was changed.
    """
    decision = policy.check(ctx, permission)
    if not isinstance(decision, Decision):
        raise NoDecision(type(policy).__name__, permission, shown(decision))
    if not decision.allowed:
        raise Forbidden(str(ctx.actor), permission, decision.reason or "not allowed")
